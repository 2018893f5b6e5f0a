package tests.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.image.Digest;
import lib.image.MediaType;
import lib.server.Server;
import lib.store.ImageStore;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.store.TarMaker;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES SignedImage.java
//SOURCES ../store/TarMaker.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** Signatures, attestations and lists of contents go where the image goes. */
class TravelTest {
    private static final String SPDX = "application/spdx+json";
    private static final String COUNT = "with 5 signatures, 1 SBOM and 1 artifact";

    @TempDir
    Path folder;

    private SignedImage image;
    private String signatureOfSbom;

    /**
     * An image, signed by two keys in cosign's older form and by one as a bundle, an SBOM, which is signed, its signature being signed under one of cosign's tags,
     * and an index, which leads to another manifest.
     */
    @BeforeEach
    void sign() throws IOException {
        LayoutWriter layout = new LayoutWriter(folder.resolve("made"));
        ObjectNode made = layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer(new TarMaker().file("hello", "world").end(), "")));
        image = new SignedImage(Files.readAllBytes(blob(layout, made.path("digest").asText())));
        try (Stream<Path> blobs = Files.list(folder.resolve("made/blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                image.blobs.put("sha256:" + blob.getFileName(), Files.readAllBytes(blob));
            }
        }
        image.classic("signed".getBytes(StandardCharsets.UTF_8), "one key").classic("signed".getBytes(StandardCharsets.UTF_8), "other key");
        image.bundle(SignedImage.data("bundle/bundle-50b821db.json"));
        String sbom = image.refer(SPDX, SPDX, "{\"spdxVersion\":\"SPDX-2.3\"}".getBytes(StandardCharsets.UTF_8), Map.of());
        signatureOfSbom = image.refer(sbom, "application/vnd.cncf.notary.signature", "application/jose+json", "{}".getBytes(StandardCharsets.UTF_8), Map.of());
        image.under(SignedImage.tag(signatureOfSbom, ".sig"), "application/vnd.dev.cosign.simplesigning.v1+json", "of a signature".getBytes(StandardCharsets.UTF_8), Map.of());
        image.referByIndex("application/vnd.example.results", "results".getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() {
        image.close();
    }

    private static Path blob(LayoutWriter layout, String digest) {
        return layout.folder().resolve("blobs").resolve(digest.replace(':', '/'));
    }

    private Program.Result dray(String script, String... arguments) {
        return Dray.script(script, arguments).in(folder).run();
    }

    private void same(String one, String other) throws IOException {
        assertEquals(-1, Files.mismatch(folder.resolve(one), folder.resolve(other)), one + " and " + other);
    }

    private JsonNode entries(String archive) throws IOException {
        byte[] index = Program.run("tar", "-xOf", folder.resolve(archive).toString(), "index.json").orFail().stdout();
        return Json.object(index, "index.json").path("manifests");
    }

    @Test
    void should_travel_through_archive_registry_and_server_and_stay_what_they_are() throws IOException {
        String name = image.serve();
        Program.Result pulled = dray("pull", name, "-o", "a.tar").orFail();
        assertTrue(pulled.stderr().contains(COUNT), pulled.stderr());
        image.hasApi = true;
        assertTrue(dray("pull", name, "-o", "a.tar").orFail().stderr().contains("already complete"));
        for (JsonNode entry : entries("a.tar")) {
            boolean isImage = entry.path("digest").asText().equals(image.digest.toString());
            assertEquals(isImage, entry.path("annotations").has("io.containerd.image.name"), entry.toString());
            assertEquals(isImage, !entry.has("artifactType"), entry.toString());
        }
        assertEquals(1, dray("inspect", "a.tar").orFail().text().lines().count());
        try (DebianRegistry registry = DebianRegistry.start(Scratch.folder("travel"))) {
            assertTrue(dray("push", "a.tar", registry.image("far/app:1")).orFail().stderr().contains(COUNT));
            assertTrue(dray("push", "a.tar", registry.image("far/app:1")).orFail().stderr().contains(COUNT));
            assertEquals(4, Json.object(dray("referrers", registry.image("far/app:1")).orFail().stdout(), "referrers").path("manifests").size());
            dray("pull", registry.image("far/app:1"), "-t", name, "-o", "b.tar").orFail();
            same("a.tar", "b.tar");
        }
        Server server = new Server(List.of(ImageStore.open(folder.resolve("a.tar"))), 0);
        server.start();
        dray("pull", server.address() + "/hello:1", "-t", name, "-o", "c.tar").orFail();
        server.stop();
        same("a.tar", "c.tar");
    }

    @Test
    void should_show_what_refers_to_what() throws IOException {
        String name = image.serve();
        String tree = dray("referrers", "--table", name).orFail().text();
        assertTrue(tree.contains("│  └─ signature") && tree.contains("─ SBOM") && tree.contains("─ 2 signatures") && tree.contains("key "), tree);
        JsonNode entries = Json.object(dray("referrers", name).orFail().stdout(), "referrers").path("manifests");
        assertEquals(4, entries.size(), entries.toString());
        assertTrue(entries.path(1).path("referrers").path(0).path("digest").asText().equals(signatureOfSbom), entries.toString());
        assertTrue(entries.path(3).path("tag").asText().endsWith(".sig"), entries.toString());
    }

    /** Anybody who may write to a repository may claim anything there. */
    @Test
    void should_show_what_refers_in_a_circle_or_contradicts_itself() throws IOException {
        ObjectNode twice = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).put("artifactType", SignedImage.BUNDLE);
        twice.set("config", image.blob(SignedImage.EMPTY, "{}".getBytes(StandardCharsets.UTF_8)));
        twice.putArray("layers").add(image.blob(SignedImage.BUNDLE, "{}".getBytes(StandardCharsets.UTF_8)).put("size", 1L << 60));
        String digest = image.manifest(Json.bytes(twice.set("subject", image.descriptor(image.digest.toString()))));
        ObjectNode index = SignedImage.json(image.manifests.get(image.tags.get(image.tag(""))));
        index.withArray("manifests").add(image.descriptor(digest));
        image.tags.put(image.tag(""), image.manifest(Json.bytes(index)));
        image.tags.put(SignedImage.tag(signatureOfSbom, ""), image.tags.get(image.tag(""))); // the signature is said to be signed by all of them
        String tree = dray("referrers", "--table", image.serve()).orFail().text();
        assertTrue(tree.lines().count() < 30 && tree.lines().anyMatch(line -> line.matches(".*" + digest.substring(7, 19) + ".* \\? .*")), tree);
    }

    @Test
    void should_go_through_pipes_layouts_and_deltas() throws IOException {
        String name = image.serve();
        dray("pull", name, "-o", "a.tar").orFail();
        byte[] manifest = dray("manifest", name).orFail().stdout();
        byte[] stage = Dray.script("blob", "--to", "layout").in(folder).stdin(manifest).run().orFail().stdout();
        Dray.script("assemble", "-o", "piped.tar").in(folder).stdin(stage).run().orFail();
        same("a.tar", "piped.tar");
        assertTrue(dray("assemble", "layout", "-o", "b.tar").orFail().stderr().contains(COUNT));
        same("a.tar", "b.tar");
        dray("pull", "--referrers", "none", name, "-o", "old.tar").orFail();
        dray("pull", "--since", "old.tar", name, "-o", "delta.tar").orFail();
        dray("assemble", "old.tar", "delta.tar", "-o", "full.tar").orFail();
        assertEquals(entries("a.tar").size(), entries("full.tar").size());
    }

    @Test
    void should_take_what_is_asked_for_and_say_what_has_no_place() throws IOException {
        String name = image.serve();
        dray("pull", "--referrers", "none", name, "-o", "none.tar").orFail();
        assertEquals(1, entries("none.tar").size());
        assertTrue(image.asked.stream().noneMatch(asked -> asked.contains("referrers") || asked.contains("/sha256-")), image.asked.toString());
        assertTrue(dray("pull", "--referrers", "signatures", name, "-o", "some.tar").orFail().stderr().contains("with 3 signatures,"));
        assertTrue(dray("pull", "--referrers", SPDX, name, "-o", "one.tar").orFail().stderr().contains("with 2 signatures and 1 SBOM"));
        assertTrue(entries("one.tar").toString().contains(signatureOfSbom));
        assertEquals(2, dray("pull", "--referrers", "some", name, "-o", "x.tar").exitCode());
        assertTrue(entries("one.tar").toString().contains(SPDX));
        Program.Result legacy = dray("pull", "--format", "legacy", name, "-o", "legacy.tar").orFail();
        assertTrue(legacy.stderr().contains("left behind") && legacy.stderr().contains(COUNT.substring(5)), legacy.stderr());
        for (String[] form : new String[][] {{"--recompress", "zstd"}, {"--format", "rootfs"}}) {
            assertTrue(dray("assemble", form[0], form[1], "one.tar", "-o", "-").orFail().stderr().contains("left behind, as only an archive of the image as it is can hold them: 2 signatures and 1 SBOM"));
        }
        assertTrue(dray("pull", name, "-o", "-").orFail().stderr().contains("wrote to stdout, " + COUNT));
    }

    @Test
    void should_pull_the_image_where_the_registry_does_not_say_what_refers_to_it() throws IOException {
        String name = image.serve();
        dray("pull", name, "-o", "a.tar").orFail();
        image.failure = 500;
        Program.Result again = dray("pull", name, "-o", "a.tar").orFail();
        assertTrue(again.stderr().contains("kept as it was"), again.stderr());
        assertTrue(again.stderr().contains("already complete"), again.stderr());
        Program.Result pulled = dray("pull", name, "-o", "b.tar").orFail();
        assertTrue(pulled.stderr().contains("left out"), pulled.stderr());
        assertEquals(1, pulled.stderr().lines().filter(line -> line.contains("could not find out")).count(), pulled.stderr());
        assertEquals(1, entries("b.tar").size());
        assertFalse(pulled.stderr().contains("try 1 of"), pulled.stderr());
    }

    /** As BuildKit lays them out: a manifest beside the image in its index, whose layers are statements about the image. */
    @Test
    void should_carry_what_buildkit_put_into_the_index_with_the_index_and_count_it_where_that_stays_behind() throws IOException {
        String document = "{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[]}";
        ObjectNode statement = Json.newObject().put("_type", "https://in-toto.io/Statement/v0.1").put("predicateType", "https://spdx.dev/Document");
        statement.putArray("subject").addObject().put("name", "pkg:docker/app@1").putObject("digest").put("sha256", image.digest.hex());
        statement.set("predicate", Json.object(document.getBytes(StandardCharsets.UTF_8), "the document"));
        ObjectNode beside = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
        beside.set("config", image.blob(MediaType.OCI_CONFIG, "{\"architecture\":\"unknown\",\"os\":\"unknown\"}".getBytes(StandardCharsets.UTF_8)));
        beside.putArray("layers").add(image.blob("application/vnd.in-toto+json", Json.bytes(statement)));
        ((ObjectNode) beside.at("/layers/0")).putObject("annotations").put("in-toto.io/predicate-type", "https://spdx.dev/Document");
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        index.putArray("manifests").add(image.descriptor(image.digest.toString()).set("platform", Json.newObject().put("os", "linux").put("architecture", "amd64")));
        ObjectNode note = image.descriptor(image.manifest(Json.bytes(beside))).set("platform", Json.newObject().put("os", "unknown").put("architecture", "unknown"));
        note.putObject("annotations").put("vnd.docker.reference.type", "attestation-manifest").put("vnd.docker.reference.digest", image.digest.toString());
        index.withArray("manifests").add(note);
        image.tags.put("1", image.manifest(Json.bytes(index)));
        String name = image.serve();
        String one = dray("pull", "--platform", "linux/amd64", name, "-o", "one.tar").orFail().stderr();
        assertTrue(one.contains("left behind") && one.contains("1 manifest of attestations"), one);
        String all = dray("pull", "--platform", "all", "--format", "oci", name, "-o", "all.tar").orFail().stderr();
        assertTrue(!all.contains("left behind"), all);
        try (DebianRegistry registry = DebianRegistry.start(Scratch.folder("buildkit"))) {
            dray("push", "all.tar", registry.image("far/app:1")).orFail();
            assertEquals(document + "\n", dray("sbom", "--platform", "linux/amd64", "--digest", Digest.of(Json.bytes(statement)).toString(), registry.image("far/app:1")).orFail().text());
            String listed = dray("attestations", registry.image("far/app:1")).orFail().text();
            assertTrue(listed.contains("\"platform\":\"linux/amd64\",\"foundIn\":\"index\""), listed);
        }
    }

    /** The index is what is signed mostly; without it nobody could tell that the image is one of those that it lists. */
    @Test
    void should_keep_the_index_that_is_signed_beside_the_image_that_was_chosen() throws IOException {
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", "application/vnd.oci.image.index.v1+json");
        ObjectNode entry = image.descriptor(image.digest.toString());
        entry.putObject("platform").put("os", "linux").put("architecture", "amd64");
        index.putArray("manifests").add(entry);
        SignedImage signed = new SignedImage(Json.bytes(index));
        signed.blobs.putAll(image.blobs);
        signed.manifests.putAll(image.manifests);
        signed.classic("signed".getBytes(StandardCharsets.UTF_8), "of the index");
        try (signed) {
            String name = signed.serve();
            assertTrue(dray("pull", "--platform", "linux/amd64", name, "-o", "a.tar").orFail().stderr().contains("with 1 signature,"));
            Digest.parse(signed.digest.toString());
            Program.run("tar", "-xOf", folder.resolve("a.tar").toString(), "blobs/sha256/" + signed.digest.hex()).orFail();
            byte[] stage = Dray.script("blob", "--to", "layout").in(folder).stdin(dray("manifest", "--platform", "linux/amd64", name).orFail().stdout()).run().orFail().stdout();
            Dray.script("assemble", "-o", "piped.tar").in(folder).stdin(stage).run().orFail();
            same("a.tar", "piped.tar");
            dray("assemble", "a.tar", "-o", "b.tar").orFail();
            same("a.tar", "b.tar");
            try (DebianRegistry registry = DebianRegistry.start(Scratch.folder("one"))) {
                String pushed = dray("push", "a.tar", registry.image("far/app:1")).orFail().stderr();
                assertTrue(pushed.contains("1 signature or other referrer of the index is not pushed"), pushed);
            }
        }
    }
}
