package tests.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.image.MediaType;
import lib.text.Json;

//SOURCES Checkout.java
//SOURCES DebianRegistry.java
//SOURCES LayoutWriter.java
//SOURCES Once.java
//SOURCES Program.java
//SOURCES Scratch.java
//SOURCES Tools.java

/**
 * Images of real Debian packages and of whatever else real layers hold (see layers.sh), made once a run,
 * and a registry that has them. Tests are skipped where the programs to make them are missing.
 */
public final class RealImages {
    /** An index of linux/amd64 (all layers, gzip, one of them twice), linux/arm64, linux/arm/v6 and an attestation. */
    public static final String REAL = "test/real:1";
    /** The amd64 image alone, its layers compressed with zstd. */
    public static final String ZSTD = "test/real:zstd";
    /** The amd64 image alone, its layers not compressed. */
    public static final String PLAIN = "test/real:plain";
    /** The amd64 image alone in Docker's media types. */
    public static final String DOCKER = "test/real:docker";
    /** An index whose one entry is an index of linux/amd64 and linux/arm64. */
    public static final String NESTED = "test/nested/index:1";
    /** One layer of a few hundred bytes, for amd64, with neither an index nor a platform beside it. */
    public static final String SMALL = "test/small:1";

    private static final List<String> PACKAGES = List.of(
            "busybox-static", "passwd", "nginx", "nginx-common", "python3.11-minimal", "libpython3.11-minimal");
    private static final List<String> LAYERS = List.of("system", "python", "empty", "changes", "links", "empty", "large");
    private static final Once<LayoutWriter> LAYOUT = new Once<>(RealImages::build);
    private static final Once<DebianRegistry> REGISTRY = new Once<>(RealImages::push);

    private RealImages() { }

    /** Returns a plain registry that has all the images. Tests only read it, as all of them share it. */
    public static DebianRegistry registry() {
        return REGISTRY.get();
    }

    /** Returns a layout folder with the images, those of Docker's media types and nested indexes aside, as {@code real-1} and so on. */
    public static Path layout() {
        return LAYOUT.get().folder();
    }

    private static LayoutWriter build() {
        Tools.assumeInstalled("bash", "apt-get", "dpkg-deb", "tar", "gzip", "zstd", "openssl");
        Path folder = Scratch.folder("layers");
        Path debs = folder.resolve("debs");
        try {
            Files.createDirectory(debs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> download = new ArrayList<>(List.of("apt-get", "-qq", "-o", "Acquire::Retries=3", "download"));
        download.addAll(PACKAGES);
        Program.Result downloaded = new Program(download).in(debs).run();
        assumeTrue(downloaded.exitCode() == 0, "Debian's packages cannot be fetched: " + downloaded.stderr().strip().replace('\n', ' '));
        Program.run("bash", Checkout.root().resolve("tests/support/layers.sh").toString(), folder.toString()).orFail();
        return write(folder, new LayoutWriter(Scratch.folder("layout")));
    }

    private static LayoutWriter write(Path tars, LayoutWriter layout) {
        ObjectNode amd64 = LayoutWriter.linux("amd64", "");
        ObjectNode real = layout.image(amd64, layers(layout, tars, "gzip", LAYERS));
        ObjectNode arm64 = layout.image(LayoutWriter.linux("arm64", "v8"), layers(layout, tars, "gzip", List.of("arm64", "empty")));
        ObjectNode armv6 = layout.image(LayoutWriter.linux("arm", "v6"), layers(layout, tars, "gzip", List.of("armv6", "links")));
        ObjectNode small = layout.image(amd64, layers(layout, tars, "gzip", List.of("amd64")));
        layout.tag("real-1", layout.index(List.of(real, arm64, armv6, layout.attestation(real))));
        layout.tag("real-amd64", real);
        layout.tag("real-zstd", layout.image(amd64, layers(layout, tars, "zstd", LAYERS)));
        layout.tag("real-plain", layout.image(amd64, layers(layout, tars, "", LAYERS)));
        layout.tag("nested-inner", layout.index(List.of(small, arm64)));
        small.remove("platform");
        layout.tag("small-1", small);
        return layout;
    }

    private static List<LayoutWriter.Layer> layers(LayoutWriter layout, Path tars, String compression, List<String> names) {
        return names.stream().map(name -> {
            try {
                return layout.layer(Files.readAllBytes(tars.resolve(name + ".tar")), compression);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }).toList();
    }

    private static DebianRegistry push() {
        Tools.assumeInstalled("skopeo");
        DebianRegistry registry = DebianRegistry.start(Scratch.folder("registry-storage"));
        Scratch.closeAtEnd(registry);
        for (String name : List.of(REAL, ZSTD, PLAIN, SMALL)) {
            String tag = name.substring(name.lastIndexOf('/') + 1).replace(':', '-');
            copy("--all", "--preserve-digests", "oci:" + layout() + ":" + tag, registry.image(name));
        }
        copy("--all", "--preserve-digests", "oci:" + layout() + ":nested-inner", registry.image("test/nested/index:inner"));
        registry.put("test/nested/index", "1", MediaType.OCI_INDEX, nested());
        copy("--format", "v2s2", "oci:" + layout() + ":real-amd64", registry.image(DOCKER));
        return registry;
    }

    /** An index with nothing but an index in it, which skopeo does not push. */
    private static byte[] nested() {
        ObjectNode outer = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        outer.putArray("manifests").add(LAYOUT.get().tagged("nested-inner"));
        return Json.bytes(outer);
    }

    private static void copy(String... arguments) {
        List<String> command = new ArrayList<>(List.of("skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false"));
        command.addAll(List.of(arguments));
        command.set(command.size() - 1, "docker://" + command.get(command.size() - 1));
        new Program(command).run().orFail();
    }
}
