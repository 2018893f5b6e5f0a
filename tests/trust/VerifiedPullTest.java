package tests.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lib.image.MediaType;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.store.TarMaker;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES OpenSsl.java
//SOURCES SignedImage.java
//SOURCES ../store/TarMaker.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java

/** Commands that fetch an image only when it is signed. */
@Tag("slow")
class VerifiedPullTest {
    private static final OpenSsl KEY = OpenSsl.p256();
    private static final OpenSsl OTHER = OpenSsl.p256();

    private final LayoutWriter writer = new LayoutWriter(Scratch.folder("written"));
    private final Path folder = Scratch.folder("target");

    private static String payload(SignedImage image) {
        return "{\"critical\":{\"identity\":{\"docker-reference\":\"x\"},\"image\":{\"docker-manifest-digest\":\"" + image.digest + "\"},\"type\":\"cosign container image signature\"},\"optional\":null}";
    }

    private static SignedImage signed(SignedImage image, OpenSsl key) {
        byte[] payload = payload(image).getBytes(StandardCharsets.UTF_8);
        return image.classic(payload, key.sign(payload, "-sha256"));
    }

    private ObjectNode written() {
        return writer.image(LayoutWriter.linux("amd64", ""), List.of(writer.layer(new TarMaker().file("hello", "world").end(), "gzip")));
    }

    /** The image that was written, or an index of it. */
    private SignedImage image(ObjectNode descriptor, boolean asIndex) throws IOException {
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        index.putArray("manifests").add(descriptor);
        byte[] manifest = Files.readAllBytes(writer.folder().resolve("blobs").resolve(descriptor.path("digest").asText().replace(':', '/')));
        SignedImage image = new SignedImage(asIndex ? Json.bytes(index) : manifest);
        image.manifest(manifest);
        try (Stream<Path> files = Files.list(writer.folder().resolve("blobs/sha256"))) {
            for (Path file : files.toList()) {
                image.blobs.put("sha256:" + file.getFileName(), Files.readAllBytes(file));
            }
        }
        return image;
    }

    private Program.Result run(String script, String... arguments) {
        return Dray.script(script, arguments).in(folder).run();
    }

    private void assertNothingFetched(SignedImage image, Program.Result result, int code) throws IOException {
        assertEquals(code, result.exitCode(), result.stderr());
        assertEquals(0, result.stdout().length);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
        String signature = image.tags.containsKey(image.tag(".sig")) ? SignedImage.json(image.manifests.get(image.tags.get(image.tag(".sig")))).at("/layers/0/digest").asText() : "none";
        List<String> blobs = image.asked.stream().filter(asked -> asked.contains("/blobs/") && !asked.endsWith(signature)).toList();
        assertEquals(List.of(), blobs);
    }

    @Test
    void should_fetch_what_is_signed_itself_or_by_the_index_that_leads_to_it() throws IOException {
        for (boolean asIndex : new boolean[] {false, true}) {
            try (SignedImage image = signed(image(written(), asIndex), KEY)) {
                String name = image.serve();
                String key = KEY.publicKey().toString();
                run("pull", "--platform", "linux/amd64", "--verify-key", key, "-o", asIndex + ".tar", name).orFail();
                run("pull", "--platform", "all", "--format", "oci", "--verify-key", key, "-o", asIndex + "-all.tar", name).orFail();
                run("extract", "--platform", "linux/amd64", "--verify-key", key, name, "-C", "files" + asIndex).orFail();
                assertEquals("world", Files.readString(folder.resolve("files" + asIndex + "/hello")));
                byte[] manifest = run("manifest", "--platform", "linux/amd64", name).orFail().stdout();
                Dray.script("blob", "--verify-key", key, "--to", "layout" + asIndex).in(folder).stdin(manifest).run().orFail();
                Dray.script("extract", "--verify-key", key, "-", "-C", "piped" + asIndex).in(folder).stdin(manifest).run().orFail();
            }
        }
    }

    @Test
    void should_carry_signatures_and_keep_to_the_policy_of_this_machine_in_jshell_as_the_scripts_do() throws IOException {
        try (SignedImage image = signed(image(written(), true), KEY)) {
            String begin = "var i = image(\"" + image.serve() + "\").on(\"linux/amd64\")\n";
            String said = Dray.script("shell").in(folder).stdin(begin + """
                    verify(pull(i, "signed.tar").toString(), "%s").size()
                    verify(blob(i, Path.of("signed.oci")).toString(), "%1$s").size()
                    """.formatted(KEY.publicKey())).run().orFail().text();
            assertEquals(2, said.lines().filter(line -> line.endsWith("==> 1")).count(), said);
            Path policy = Files.createDirectories(Scratch.folder("etc").resolve("containers")).resolve("policy.json");
            Files.writeString(policy, "{\"default\":[{\"type\":\"reject\"}]}");
            Program.Result rejected = Dray.script("shell").in(folder).env("DRAY_ETC", policy.getParent().getParent().toString())
                    .stdin(begin + "pull(i, \"rejected.tar\")\nblob(i, Path.of(\"rejected.oci\"))\nextract(i, \"rejected\")\n").run();
            assertEquals(3, rejected.stderr().lines().filter(line -> line.contains("policy.json")).count(), rejected.stderr());
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(List.of(), files.filter(file -> file.getFileName().toString().startsWith("rejected")).toList());
            }
        }
    }

    @Test
    void should_write_nothing_and_ask_for_no_blob_where_it_is_not_signed_or_by_somebody_else() throws IOException {
        String key = KEY.publicKey().toString();
        try (SignedImage unsigned = image(written(), true); SignedImage others = signed(image(written(), true), OTHER)) {
            String name = unsigned.serve();
            assertNothingFetched(unsigned, run("pull", "--platform", "linux/amd64", "--verify-key", key, "-o", "a.tar", name), 8);
            assertNothingFetched(unsigned, run("extract", "--platform", "linux/amd64", "--verify-key", key, name, "-C", "files"), 8);
            String othersName = others.serve();
            byte[] manifest = run("manifest", "--platform", "linux/amd64", othersName).orFail().stdout();
            assertNothingFetched(others, run("pull", "--platform", "linux/amd64", "--verify-key", key, "-o", "-", othersName), 9);
            assertNothingFetched(others, Dray.script("blob", "--verify-key", key, "--to", "layout").in(folder).stdin(manifest).run(), 9);
            String edited = new String(manifest, StandardCharsets.UTF_8).replaceFirst("\"layers\":\\[.*?\\]", "\"layers\":[]");
            Program.Result refused = Dray.script("blob", "--verify-key", OTHER.publicKey().toString(), "--to", "layout").in(folder).stdin(edited).run();
            assertNothingFetched(others, refused, 2);
            assertTrue(refused.stderr().contains("nobody signed it like this"), refused.stderr());
        }
    }
}
