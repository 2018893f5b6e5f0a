package lib.store.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Reference;
import lib.store.NamedImage;
import lib.store.layer.BlobSource;
import lib.store.layer.LayerStream;
import lib.store.layer.UnpackLimit;
import lib.store.tar.TarHeader;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * What engines before Docker 1.10 load: a folder a layer, each an image of its own with a parent, and a list of which of them has a name.
 * Layers stand there uncompressed. Ids were random once; here each is made of what is in the layer and below it, so that
 * the same image always gives the same archive. Docker before 1.10 skips files beside the folders, so the list that newer
 * engines read, {@code manifest.json}, is there too, and gives them the image under its own ID.
 *
 * @see <a href="https://github.com/moby/docker-image-spec/blob/v1.0.0/spec.md">Docker image spec, v1</a>
 */
final class LegacyArchive {
    private static final String EPOCH = "1970-01-01T00:00:00Z";
    /** What a tar without entries is: two empty blocks. An image without layers gets one such layer here, because it needs a folder. */
    private static final byte[] EMPTY_TAR = new byte[2 * TarHeader.BLOCK];

    private final BlobSource blobs;
    private final @Nullable Long most;
    private final OutputStream out;
    private final Set<String> written = new HashSet<>();
    private final Map<Digest, ObjectNode> entries = new LinkedHashMap<>();

    private LegacyArchive(BlobSource blobs, @Nullable Long most, OutputStream out) {
        this.blobs = blobs;
        this.most = most;
        this.out = out;
    }

    /**
     * Writes the images, in this order; what they share is stored once. Each layer is read twice, because a tar needs sizes first.
     *
     * @param most how many bytes the layers of an image may unpack to, null for the usual limit
     */
    static void write(List<NamedImage> images, BlobSource blobs, @Nullable Long most, OutputStream out) throws IOException {
        LegacyArchive archive = new LegacyArchive(blobs, most, out);
        ObjectNode repositories = Json.newObject();
        for (NamedImage image : images) {
            String id = archive.image(image);
            archive.list(image);
            if (image.repoTag() != null) {
                Reference name = image.reference().withDigest(null);
                String repository = name.familiarName().substring(0, name.familiarName().length() - name.tag().length() - 1);
                repositories.withObject("/" + repository.replace("~", "~0").replace("/", "~1")).put(name.tag(), id);
            }
        }
        archive.file("manifest.json", Json.bytes(Json.newArray().addAll(archive.entries.values())));
        archive.file("repositories", Json.bytes(repositories));
        out.write(new byte[2 * TarHeader.BLOCK]);
        out.flush();
    }

    /** Names an image in the list of newer engines. */
    private void list(NamedImage image) {
        if (image.repoTag() != null) {
            entries.get(image.manifest().digest()).withArray("/RepoTags").add(image.repoTag());
        }
    }

    /** Writes the config of an image under the name that docker gave it, and begins its entry in the list of newer engines. */
    private void entry(NamedImage image, byte[] config, List<String> layers) throws IOException {
        if (entries.containsKey(image.manifest().digest())) {
            return;
        }
        String name = image.manifest().config().digest().hex() + ".json";
        if (written.add(name)) {
            file(name, config);
        }
        ObjectNode entry = Json.newObject().put("Config", name);
        entry.putArray("RepoTags");
        layers.forEach(entry.putArray("Layers")::add);
        entries.put(image.manifest().digest(), entry);
    }

    /** Writes the layers of an image, the lowest first, and returns the id of the last. */
    private String image(NamedImage image) throws IOException {
        byte[] bytes = BlobSource.config(blobs, image.manifest());
        ObjectNode config = Json.object(bytes, "the config " + image.manifest().config().digest());
        List<Descriptor> layers = image.manifest().layers();
        List<Digest> diffIds = image.manifest().diffIds(bytes);
        UnpackLimit limit = new UnpackLimit(most == null ? UnpackLimit.usual(layers) : most);
        String parent = null;
        List<String> files = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            boolean isTop = i == layers.size() - 1;
            String id = id(parent, diffIds.get(i).toString(), isTop ? bytes : new byte[0]);
            if (written.add(id)) {
                describe(id, isTop ? ofImage(config, id, parent) : ofLayer(id, parent));
                layer(id, layers.get(i), diffIds.get(i), limit);
            }
            files.add(id + "/layer.tar");
            parent = id;
        }
        entry(image, bytes, files);
        if (layers.isEmpty()) {
            parent = id(null, "", bytes);
            if (written.add(parent)) {
                describe(parent, ofImage(config, parent, null));
                file(parent + "/layer.tar", EMPTY_TAR);
            }
        }
        return parent;
    }

    private static String id(String parent, String diffId, byte[] config) {
        MessageDigest hash = Digest.newSha256();
        hash.update((parent + " " + diffId + " ").getBytes(StandardCharsets.UTF_8));
        return Digest.of("sha256", hash.digest(config)).hex();
    }

    private static ObjectNode ofLayer(String id, String parent) {
        ObjectNode json = Json.newObject().put("id", id);
        if (parent != null) {
            json.put("parent", parent);
        }
        json.put("created", EPOCH);
        json.putObject("container_config").putArray("Cmd").add("");
        return json;
    }

    /** The last layer's own description says how to run the image; what came later than this format, such as the history, has no place in it. */
    private static ObjectNode ofImage(ObjectNode config, String id, String parent) {
        ObjectNode json = Json.newObject().put("id", id);
        if (parent != null) {
            json.put("parent", parent);
        }
        json.put("created", config.path("created").asText(EPOCH));
        for (String key : List.of("author", "docker_version", "container", "container_config", "config", "architecture", "variant", "os", "os.version")) {
            JsonNode value = config.get(key);
            if (value != null && !value.isNull()) {
                json.set(key, value);
            }
        }
        return json;
    }

    private void describe(String id, ObjectNode json) throws IOException {
        out.write(TarHeader.ofFolder(id + "/"));
        file(id + "/VERSION", "1.0".getBytes(StandardCharsets.UTF_8));
        file(id + "/json", Json.bytes(json));
    }

    private void file(String name, byte[] content) throws IOException {
        out.write(TarHeader.ofFile(name, content.length));
        out.write(content);
        out.write(new byte[TarHeader.padding(content.length)]);
    }

    private void layer(String id, Descriptor layer, Digest diffId, UnpackLimit limit) throws IOException {
        long size = size(layer, diffId, limit);
        out.write(TarHeader.ofFile(id + "/layer.tar", size));
        try (InputStream stored = blobs.open(layer); InputStream tar = LayerStream.open(layer, stored)) {
            tar.transferTo(out);
        }
        out.write(new byte[TarHeader.padding(size)]);
    }

    /** Reads an uncompressed layer to its end, and makes sure that it is what the config says. */
    private long size(Descriptor layer, Digest diffId, UnpackLimit limit) throws IOException {
        try (InputStream stored = blobs.open(layer); InputStream tar = LayerStream.open(layer, diffId, stored, limit)) {
            return tar.transferTo(OutputStream.nullOutputStream());
        }
    }
}
