package lib.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Platform;
import lib.image.Reference;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.text.Json;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A small image for two platforms, to try pulls on: a layer of files that both share, a layer that tells the platform and has a program for it,
 * and a layer that hides a file of the first and changes another.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md">image-spec, Layers</a>
 */
public final class DemoImage {
    public static final String NAME = "dray/demo:1";
    private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
    private static final String CONFIG = "application/vnd.oci.image.config.v1+json";

    private final Layout layout;

    private DemoImage(Layout layout) {
        this.layout = layout;
    }

    /**
     * Makes the image of these files, by their names, in a new layout.
     *
     * @throws IOException if the folder cannot be written to
     */
    public static void into(Path folder, Map<String, byte[]> files) throws IOException {
        DemoImage image = new DemoImage(Layout.openOrCreate(folder));
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        ArrayNode manifests = index.putArray("manifests");
        for (Platform platform : List.of(new Platform("linux", "amd64", ""), new Platform("linux", "arm64", ""))) {
            ObjectNode entry = image.manifest(platform, files);
            entry.set("platform", Json.newObject().put("architecture", platform.architecture()).put("os", platform.os()));
            manifests.add(entry);
        }
        image.layout.add(new NamedImage(Manifest.parse(Json.bytes(index), null), Reference.parse("localhost/" + NAME)));
    }

    private ObjectNode manifest(Platform platform, Map<String, byte[]> files) throws IOException {
        List<byte[]> tars = new ArrayList<>();
        tars.add(tar(files));
        tars.add(tar(Map.of("etc/platform", text(platform + "\n"), "bin/hello", Hello.program(platform))));
        tars.add(tar(Map.of("doc/.wh.LICENSE", new byte[0], "etc/motd", text("this file came with the last layer\n"))));
        ObjectNode config = Json.newObject().put("created", "1970-01-01T00:00:00Z")
                .put("architecture", platform.architecture()).put("os", platform.os());
        config.putObject("config").putArray("Cmd").add("/bin/hello");
        ArrayNode diffIds = config.putObject("rootfs").put("type", "layers").putArray("diff_ids");
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
        ArrayNode layers = Json.newArray();
        for (byte[] tar : tars) {
            diffIds.add(Digest.of(tar).toString());
            layers.add(stored(LAYER, gzip(tar)));
        }
        manifest.set("config", stored(CONFIG, Json.bytes(config)));
        manifest.set("layers", layers);
        return stored(MediaType.OCI_MANIFEST, Json.bytes(manifest));
    }

    /** Stores bytes and returns their descriptor. */
    private ObjectNode stored(String mediaType, byte[] bytes) throws IOException {
        layout.store(Digest.of(bytes), bytes);
        return Json.newObject().put("mediaType", mediaType).put("digest", Digest.of(bytes).toString()).put("size", bytes.length);
    }

    /** Without times and owners, so that the same files give the same digest. */
    private static byte[] tar(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            for (String name : files.keySet().stream().sorted().toList()) {
                TarArchiveEntry entry = new TarArchiveEntry(name);
                entry.setSize(files.get(name).length);
                entry.setModTime(0);
                entry.setMode(name.startsWith("bin/") ? 0100755 : 0100644);
                tar.putArchiveEntry(entry);
                new ByteArrayInputStream(files.get(name)).transferTo(tar);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] tar) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(tar);
        }
        return bytes.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
