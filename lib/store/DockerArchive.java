package lib.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Set;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Reference;
import lib.store.layer.UnpackLimit;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * Archives without an OCI layout in them: {@code docker save} wrote them before 25, and skopeo, podman and crane still do.
 * A {@code manifest.json} says which files are the config and the layers of which image. Before Docker 1.10 there was only
 * {@code repositories}, which names the top layer of each image, and a folder a layer that names its parent.
 * Registries' manifests are not in there: new ones are made, of what the layers' bytes say.
 *
 * @see <a href="https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format">Docker image spec, combined format</a>
 * @see <a href="https://github.com/moby/docker-image-spec/blob/v1.0.0/spec.md">Docker image spec, v1</a>
 */
final class DockerArchive {
    private static final int MOST_LAYERS = 1000;

    private final Archive archive;
    private final DockerLayers layers;
    private final List<NamedImage> images = new ArrayList<>();

    /** @param most how many bytes the layers of an image may unpack to, null for the usual limit */
    DockerArchive(Archive archive, @Nullable Long most) {
        this.archive = archive;
        this.layers = new DockerLayers(archive, most);
    }

    /** Adds to the archive what makes a layout of it; returns false where it is in none of Docker's forms. */
    boolean translate() throws IOException {
        byte[] list = text("manifest.json");
        byte[] repositories = list == null ? text("repositories") : null;
        if (list != null) {
            int number = 0;
            for (JsonNode image : Json.array(list, "manifest.json of " + archive.path())) {
                number++;
                List<String> names = names(image);
                attempt(names.isEmpty() ? "image " + number + " of manifest.json" : String.join(", ", names), () -> add(image, names));
            }
        } else if (repositories != null) {
            addAll(Json.exact(repositories, "repositories of " + archive.path()));
        } else {
            return false;
        }
        archive.make("index.json", Json.bytes(ImageLayout.index(images)));
        return true;
    }

    /** What is done for one image. */
    private interface Work {
        void run() throws IOException;
    }

    /** An image that cannot be read does not keep the others from being read. */
    private void attempt(String name, Work work) throws IOException {
        try {
            work.run();
        } catch (WrongContentException e) {
            archive.damaged(name, e);
        }
    }

    private byte @Nullable [] text(String name) throws IOException {
        try (InputStream in = archive.file(name)) {
            return in.readNBytes(Manifest.LONGEST);
        } catch (NotFoundException e) {
            return null;
        }
    }

    private byte[] needed(String name) throws IOException {
        byte[] text = text(name);
        if (text == null) {
            throw archive.incomplete(name);
        }
        return text;
    }

    /** Returns the names of an image of manifest.json; some tools write the only one without a list. */
    private static List<String> names(JsonNode image) {
        List<String> names = new ArrayList<>();
        JsonNode tags = image.path("RepoTags");
        for (JsonNode name : tags.isTextual() ? List.of(tags) : tags) {
            if (!name.asText().isEmpty()) {
                names.add(name.asText());
            }
        }
        return names;
    }

    /** An image of manifest.json. */
    private void add(JsonNode image, List<String> names) throws IOException {
        if (!image.path("Config").isTextual()) {
            throw new WrongContentException("manifest.json of " + archive.path() + " has an image without a config");
        }
        List<String> files = new ArrayList<>();
        for (JsonNode layer : image.path("Layers")) {
            if (!layer.isTextual()) {
                throw new WrongContentException("manifest.json of " + archive.path() + " has an image with a layer that is not a name");
            }
            files.add(layer.asText());
        }
        add(needed(image.path("Config").asText()), files, names);
    }

    /** The images of repositories, whose config is that of the top layer. */
    private void addAll(ObjectNode repositories) throws IOException {
        for (var repository : repositories.properties()) {
            for (var tag : repository.getValue().properties()) {
                String name = repository.getKey() + ":" + tag.getKey();
                attempt(name, () -> add(tag.getValue().asText(), name));
            }
        }
    }

    /** An image of repositories, by the id of its top layer. */
    private void add(String top, String name) throws IOException {
        LinkedList<String> files = new LinkedList<>();
        ArrayNode diffIds = Json.newArray();
        Set<String> seen = new HashSet<>();
        for (String id = top; !id.isEmpty(); id = parent(id)) {
            if (!seen.add(id) || seen.size() > MOST_LAYERS) {
                throw new WrongContentException(archive.path() + " has a layer that is above itself: " + id);
            }
            files.addFirst(id + "/layer.tar");
        }
        UnpackLimit limit = layers.limit(files);
        for (String file : files) {
            diffIds.add(layers.descriptor(file, limit).path("digest").asText());
        }
        ObjectNode config = json(top).retain("created", "author", "architecture", "os", "os.version", "variant", "config");
        config.set("rootfs", Json.newObject().put("type", "layers").set("diff_ids", diffIds));
        add(Json.bytes(config), files, List.of(name));
    }

    private ObjectNode json(String id) throws IOException {
        return Json.object(needed(id + "/json"), id + "/json of " + archive.path());
    }

    private String parent(String id) throws IOException {
        return json(id).path("parent").asText();
    }

    private void add(byte[] config, List<String> files, List<String> names) throws IOException {
        ObjectNode json = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
        json.set("config", Json.newObject().put("mediaType", MediaType.OCI_CONFIG).put("digest", make(config).toString()).put("size", config.length));
        ArrayNode list = json.putArray("layers");
        UnpackLimit limit = layers.limit(files);
        for (String file : files) {
            list.add(layers.descriptor(file, limit));
        }
        Manifest manifest = Manifest.parse(Json.bytes(json), null);
        layers.check(manifest, config, files);
        make(manifest.bytes());
        for (String name : names) {
            images.add(new NamedImage(manifest, reference(name)));
        }
        if (names.isEmpty()) {
            images.add(new NamedImage(manifest, null));
        }
    }

    /** A name that is none is told of; the image is there all the same. */
    private @Nullable Reference reference(String name) {
        try {
            return Reference.parse(name);
        } catch (IllegalArgumentException e) {
            archive.oddName(name, e.getMessage());
            return null;
        }
    }

    private Digest make(byte[] text) {
        Digest digest = Digest.of(text);
        archive.make(ImageLayout.path(digest), text);
        return digest;
    }
}
