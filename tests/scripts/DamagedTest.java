package tests.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.store.TarMaker;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Scratch;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Scratch.java

/** Bytes that are not what their digest says: at the registry, in a layout, in an archive. None of them ever gets a name. */
@Tag("slow")
class DamagedTest {
    private static DebianRegistry registry;
    private static String image;
    private static byte[] manifest;
    private static Digest manifestDigest;
    private static Digest layer;
    private static Digest config;

    @TempDir
    Path folder;

    @BeforeAll
    static void copy_a_small_image() throws IOException {
        String original = RealImages.registry().image(RealImages.SMALL);
        registry = DebianRegistry.start(Scratch.folder("damaged-storage"));
        image = registry.image(RealImages.SMALL);
        Program.run("skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false", "--dest-tls-verify=false",
                "docker://" + original, "docker://" + image).orFail();
        manifest = Dray.run("manifest", image).orFail().stdout();
        var json = Json.object(manifest, "the manifest");
        manifestDigest = Digest.parse(json.path("image").path("digest").asText());
        layer = Digest.parse(json.path("layers").path(0).path("digest").asText());
        config = Digest.parse(json.path("config").path("digest").asText());
    }

    @AfterAll
    static void stop() {
        if (registry != null) {
            registry.close();
        }
    }

    private static Path stored(Digest digest) {
        return registry.storage().resolve("docker/registry/v2/blobs/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex() + "/data");
    }

    /** What somebody, or a bad disk, makes of some bytes. */
    private static byte[] damaged(byte[] bytes, String how) {
        byte[] damaged = Arrays.copyOf(bytes, bytes.length + (how.equals("longer") ? 1 : how.equals("shorter") ? -1 : 0));
        if (how.equals("other")) {
            damaged[bytes.length / 2] ^= 1;
        }
        return damaged;
    }

    private interface Check {
        void run() throws IOException;
    }

    private static void withDamaged(Path file, String how, Check check) throws IOException {
        byte[] right = Files.readAllBytes(file);
        Files.write(file, damaged(right, how));
        try {
            check.run();
        } finally {
            Files.write(file, right);
        }
    }

    private Program.Result refused(int code, Program program) {
        Program.Result result = program.in(folder).run();
        assertEquals(code, result.exitCode(), result.toString());
        String[] said = result.stderr().strip().split("\n");
        assertTrue(said[said.length - 1].matches("[a-z]+: .*"), result.stderr());
        assertFalse(result.stderr().contains("Exception") || result.stderr().contains("\tat "), result.stderr());
        return result;
    }

    /** No file here has these names, and nothing named by a digest has another one. */
    private void assertNothingNamed(String... names) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                assertFalse(List.of(names).contains(name), name + " has its name");
                assertTrue(!name.matches("[0-9a-f]{64}") || Digest.of(Files.readAllBytes(file)).hex().equals(name), file + " is not what its name says");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"other", "longer", "shorter"})
    void should_refuse_a_blob_that_is_not_what_the_manifest_says(String how) throws IOException {
        Digest blob = how.equals("other") ? config : layer;
        withDamaged(stored(blob), how, () -> {
            refused(5, Dray.script("pull", "--retries", "0", "-o", "x.tar", image));
            refused(5, Dray.script("pull", "--retries", "0", "-o", "-", image));
            refused(5, Dray.script("blob", "--retries", "0", "--to", "x.oci").stdin(manifest));
            assertNothingNamed("x.tar");
            assertFalse(Files.exists(folder.resolve("x.oci/blobs/sha256/" + blob.hex())));
        });
        Dray.script("pull", "-o", "x.tar", image).in(folder).run().orFail();
        Dray.script("blob", "--to", "x.oci").in(folder).stdin(manifest).run().orFail();
        assertNothingNamed();
    }

    @Test
    void should_refuse_one_blob_that_is_not_what_its_name_says() throws IOException {
        String name = image.replaceFirst(":1$", "@") + layer;
        withDamaged(stored(layer), "other", () -> {
            refused(5, Dray.script("blob", "--retries", "0", "-o", "x.bin", name));
            refused(5, Dray.script("blob", "--retries", "0", name));
            assertNothingNamed("x.bin");
        });
    }

    @Test
    void should_refuse_a_manifest_that_is_not_what_its_digest_says() throws IOException {
        byte[] right = Files.readAllBytes(stored(manifestDigest));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/", exchange -> {
            exchange.getResponseHeaders().set("Content-Type", MediaType.OCI_MANIFEST);
            exchange.getResponseHeaders().set("Docker-Content-Digest", manifestDigest.toString());
            exchange.sendResponseHeaders(200, right.length + 1);
            exchange.getResponseBody().write(damaged(right, "longer"));
            exchange.close();
        });
        server.start();
        try {
            String host = "127.0.0.1:" + server.getAddress().getPort();
            for (String name : List.of(host + "/app@" + manifestDigest, host + "/app:1")) {
                refused(5, Dray.script("manifest", name));
                refused(5, Dray.script("pull", "-o", "x.tar", name));
                assertNothingNamed("x.tar");
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void should_refuse_to_pack_or_unpack_what_is_damaged_here() throws IOException {
        byte[] there = Dray.script("blob", "-q", "--to", "x.oci").in(folder).stdin(manifest).run().orFail().stdout();
        Path blob = folder.resolve("x.oci/blobs/sha256/" + layer.hex());
        byte[] right = Files.readAllBytes(blob);
        for (String how : List.of("other", "longer", "shorter")) {
            withDamaged(blob, how, () -> {
                refused(5, Dray.script("assemble", "-o", "x.tar").stdin(there));
                refused(5, Dray.script("assemble", "-o", "x.tar", "x.oci"));
                assertFalse(Files.exists(folder.resolve("x.tar")));
                refused(5, Dray.script("extract", "x.oci", "-C", "rootfs-" + how));
            });
        }
        Files.delete(blob);
        refused(5, Dray.script("assemble", "-o", "x.tar", "x.oci"));
        Files.write(blob, right);
        Dray.script("assemble", "-q", "-o", "x.tar", "x.oci").in(folder).run().orFail();
    }

    @Test
    void should_take_the_other_images_of_a_layout_and_say_by_the_exit_code_that_one_is_damaged() throws IOException {
        LayoutWriter writer = new LayoutWriter(folder.resolve("two.oci"));
        for (String name : List.of("bad", "good")) {
            writer.tag("docker.io/library/" + name + ":1", writer.image(LayoutWriter.linux("amd64", ""), List.of(writer.layer(new TarMaker().file(name, name).end(), ""))));
        }
        Path manifest = folder.resolve("two.oci/blobs/sha256/" + Json.object(Files.readAllBytes(folder.resolve("two.oci/index.json")), "it")
                .at("/manifests/0/digest").asText().substring("sha256:".length()));
        Files.delete(manifest);
        for (Program.Result result : List.of(refused(5, Dray.script("assemble", "-o", "x.tar", "two.oci")), refused(5, Dray.script("inspect", "two.oci", "--image", "bad:1")))) {
            assertTrue(result.stderr().contains(": two.oci is incomplete: the blob sha256:"), result.stderr());
        }
        assertTrue(Dray.script("inspect", "x.tar").in(folder).run().orFail().text().contains("good:1"));
        Program.Result listed = Dray.script("ls", "two.oci").in(folder).run().orFail();
        assertTrue(listed.text().contains("good") && listed.stderr().contains("two.oci: bad:1 is left out: "), listed.toString());
    }

    @Test
    void should_fetch_again_what_is_damaged_in_the_layout() throws IOException {
        Dray.script("blob", "-q", "--to", "x.oci").in(folder).stdin(manifest).run().orFail();
        for (String how : List.of("other", "shorter")) {
            Path blob = folder.resolve("x.oci/blobs/sha256/" + layer.hex());
            Files.write(blob, damaged(Files.readAllBytes(blob), how));
            Dray.script("blob", "--to", "x.oci").in(folder).stdin(manifest).run().orFail();
            assertNothingNamed("x.tar");
        }
    }
}
