package tests.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.trust.SignedImage.data;
import static tests.trust.SignedImage.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import lib.failure.NoSignatureException;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;
import lib.image.Digest;
import lib.image.MediaType;
import lib.image.Platform;
import lib.text.Json;
import lib.trust.TrustedKey;
import lib.verb.ImageChoice;
import lib.verb.attestation.AttestedImage;
import lib.verb.attestation.Sbom;
import lib.verb.attestation.SbomFormat;
import org.junit.jupiter.api.Test;
import tests.support.Dray;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES SignedImage.java
//SOURCES ../support/Dray.java

/** What is attested of images: by cosign as a bundle and under its tags, by BuildKit in the index, and by bare documents that refer to the image. */
class AttestationsTest {
    private static final String IN_TOTO = "application/vnd.in-toto+json";
    private static final String DSSE = "application/vnd.dsse.envelope.v1+json";
    private static final String SPDX = "https://spdx.dev/Document";
    private static final String PROVENANCE = "https://slsa.dev/provenance/v0.2";
    private static final byte[] BUNDLE = data("bundle/bundle-7a8e9981.json");
    private static final byte[] ENVELOPE = data("classic/att.dsse.json");
    private static final byte[] CYCLONEDX = "{\n  \"bomFormat\": \"CycloneDX\",\n  \"specVersion\": \"1.5\"\n}\n".getBytes(StandardCharsets.UTF_8);
    private static final String KEY = SignedImage.DATA.resolve("cosign.pub").toString();
    private static final TrustedKey TRUSTED = TrustedKey.of(data("cosign.pub"), "the.pub");
    private static final Platform LINUX = Platform.parse("linux/amd64");

    /** Returns what cosign put into the envelopes of the test data. */
    private static JsonNode attested() {
        return json(Base64.getDecoder().decode(json(ENVELOPE).path("payload").asText())).path("predicate");
    }

    private static ObjectNode statement(Digest subject, String type, JsonNode predicate) {
        ObjectNode statement = Json.newObject().put("_type", "https://in-toto.io/Statement/v0.1").put("predicateType", type);
        statement.putArray("subject").addObject().put("name", "pkg:docker/hello@1").putObject("digest").put(subject.algorithm(), subject.hex());
        return statement.set("predicate", predicate);
    }

    private static SignedImage raw() {
        SignedImage image = new SignedImage();
        image.refer("application/vnd.cyclonedx+json", "application/vnd.cyclonedx+json", CYCLONEDX, Map.of());
        return image;
    }

    /** Points the image's tag to an index that has a manifest of these statements beside the image, as BuildKit lays them out. */
    private static SignedImage inIndex(SignedImage image, ObjectNode... statements) {
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).set("config", image.blob(MediaType.OCI_CONFIG, "{}".getBytes()));
        for (ObjectNode statement : statements) {
            ObjectNode layer = image.blob(IN_TOTO, Json.bytes(statement));
            layer.putObject("annotations").put("in-toto.io/predicate-type", statement.path("predicateType").asText());
            manifest.withArray("layers").add(layer);
        }
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        index.putArray("manifests").add(image.descriptor(image.digest.toString()).set("platform", Json.newObject().put("os", "linux").put("architecture", "amd64")));
        ObjectNode note = image.descriptor(image.manifest(Json.bytes(manifest)));
        note.putObject("platform").put("os", "unknown").put("architecture", "unknown");
        note.putObject("annotations").put("vnd.docker.reference.type", "attestation-manifest").put("vnd.docker.reference.digest", image.digest.toString());
        index.withArray("manifests").add(note);
        image.tags.put("1", image.manifest(Json.bytes(index)));
        return image;
    }

    private static SignedImage built() {
        Digest hello = new SignedImage().digest;
        return inIndex(new SignedImage(), statement(hello, SPDX, attested()), statement(hello, PROVENANCE, Json.newObject().put("buildType", "x")));
    }

    private static Path archive(SignedImage image) {
        Path folder = image.layout(false);
        Path archive = Scratch.folder("archive").resolve("app.tar");
        Program.run("tar", "-C", folder.toString(), "-cf", archive.toString(), "oci-layout", "index.json", "blobs").orFail();
        return archive;
    }

    private static List<Sbom> sboms(SignedImage image) throws IOException {
        return Sbom.of(AttestedImage.inStore(image.layout(true), ImageChoice.ALL, LINUX, false, line -> { }), null, null);
    }

    private static byte[] only(SignedImage image) throws IOException {
        List<Sbom> all = sboms(image);
        assertEquals(1, all.size(), all.toString());
        return all.get(0).document().bytes();
    }

    @Test
    void should_list_all_that_is_attested_wherever_it_is() throws Exception {
        try (SignedImage image = built().bundle(BUNDLE).bundle(data("bundle/bundle-50b821db.json")).under(".att", DSSE, ENVELOPE, Map.of("predicateType", SPDX))) {
            image.refer("application/vnd.cyclonedx+json", "application/vnd.cyclonedx+json", CYCLONEDX, Map.of());
            image.refer("application/vnd.example.readme", "text/plain", "no attestation".getBytes(), Map.of());
            String registry = image.serve();
            for (String[] arguments : List.of(new String[] {registry}, new String[] {archive(image).toString()}, new String[] {registry, "--platform", "linux/amd64"})) {
                ObjectNode list = json(Dray.run("attestations", arguments).orFail().stdout());
                List<String> found = new ArrayList<>();
                for (JsonNode one : list.path("attestations")) {
                    assertEquals(image.digest + " linux/amd64", one.path("subject").asText() + " " + one.path("platform").asText());
                    assertEquals(image.blobs.get(one.path("digest").asText()).length, one.path("size").asInt());
                    found.add(one.path("foundIn").asText() + " " + one.path("predicateType").asText("-") + " " + one.path("signed").asText());
                }
                assertEquals(List.of("index " + PROVENANCE + " false", "index " + SPDX + " false", "referrers - false", "referrers " + SPDX + " true", "tag " + SPDX + " true"),
                        found.stream().sorted().toList());
                assertTrue(list.at("/image/name").asText().length() > 0, list.toString());
            }
            String table = Dray.run("attestations", "--table", registry).orFail().text();
            assertTrue(table.lines().skip(1).findFirst().orElse("").startsWith("PLATFORM     FOUND IN") && table.contains("tag .att") && table.lines().count() == 7, table);
        }
    }

    @Test
    void should_print_the_document_itself_whatever_is_around_it() throws Exception {
        byte[] spdx = (Json.text(attested(), false) + "\n").getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(spdx, only(new SignedImage().bundle(BUNDLE)));
        assertArrayEquals(spdx, only(new SignedImage().under(".att", DSSE, ENVELOPE, Map.of("predicateType", SPDX))));
        assertArrayEquals(spdx, only(new SignedImage().under(".att", DSSE, ENVELOPE, Map.of())));
        assertArrayEquals(CYCLONEDX, only(raw()));
        byte[] tagged = "SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\n".getBytes(StandardCharsets.UTF_8);
        assertArrayEquals(tagged, only(new SignedImage().under(".sbom", "text/spdx", tagged, Map.of())));
        try (SignedImage image = built()) {
            assertArrayEquals(spdx, Dray.run("sbom", image.serve(), "--platform", "linux/amd64").orFail().stdout());
            assertFalse(image.asked.stream().anyMatch(one -> image.blobs.entrySet().stream().anyMatch(blob -> one.endsWith(blob.getKey()) && new String(blob.getValue()).contains(PROVENANCE))), image.asked.toString());
            assertArrayEquals(spdx, Dray.run("sbom", archive(image).toString(), "--platform", "linux/amd64").orFail().stdout());
        }
    }

    @Test
    void should_say_that_there_is_none_and_list_several() throws Exception {
        Program.Result none = Dray.run("sbom", new SignedImage().bundle(data("bundle/bundle-50b821db.json")).layout(true).toString());
        assertEquals(3, none.exitCode());
        assertTrue(none.stderr().contains("has no SBOM") && none.stdout().length == 0, none.stderr());
        SignedImage two = raw().bundle(BUNDLE);
        String layout = two.layout(true).toString();
        Program.Result several = Dray.run("sbom", layout);
        assertEquals(2, several.exitCode());
        assertTrue(several.stdout().length == 0 && several.stderr().contains(Digest.of(BUNDLE) + "  SPDX") && several.stderr().contains(Digest.of(CYCLONEDX) + "  CycloneDX")
                && several.stderr().contains("2 SBOMs"), several.stderr());
        assertArrayEquals(CYCLONEDX, Dray.run("sbom", layout, "--type", "cyclonedx").orFail().stdout());
        List<AttestedImage> images = AttestedImage.inStore(Path.of(layout), ImageChoice.ALL, LINUX, false, line -> { });
        assertEquals(Digest.of(BUNDLE), Sbom.of(images, null, Digest.of(BUNDLE).shortHex()).get(0).attestation().blob().digest());
        assertEquals(List.of(), Sbom.of(images, SbomFormat.SPDX, Digest.of(CYCLONEDX).toString()));
        assertThrows(IllegalArgumentException.class, () -> SbomFormat.parse("syft"));
    }

    @Test
    void should_print_with_a_key_only_what_its_owner_signed_of_this_image() throws Exception {
        SignedImage three = raw().bundle(BUNDLE);
        assertEquals(attested(), json(Dray.run("sbom", inIndex(three, statement(three.digest, SPDX, attested())).layout(true).toString(), "--platform", "linux/amd64", "--verify-key", KEY).orFail().stdout()));
        assertEquals(1, Sbom.verified(sboms(new SignedImage().under(".att", DSSE, ENVELOPE, Map.of())), TRUSTED, "hello").size());
        Program.Result unsigned = Dray.run("sbom", raw().layout(true).toString(), "--verify-key", KEY);
        assertEquals(8, unsigned.exitCode(), unsigned.stderr());
        Program.Result other = Dray.run("sbom", three.layout(true).toString(), "--verify-key", SignedImage.DATA.resolve("other.pub").toString());
        assertTrue(other.exitCode() == 9 && other.stdout().length == 0 && other.stderr().contains("it is not by the key"), other.stderr());
        assertThrows(NoSignatureException.class, () -> Sbom.verified(sboms(built()), TRUSTED, "hello"));
    }

    @Test
    void should_refuse_what_was_altered_or_is_about_another_image() throws IOException {
        for (String pointer : List.of("bundle", "envelope")) {
            ObjectNode altered = json(pointer.equals("bundle") ? BUNDLE : ENVELOPE);
            ObjectNode envelope = pointer.equals("bundle") ? (ObjectNode) altered.path("dsseEnvelope") : altered;
            String payload = new String(Base64.getDecoder().decode(envelope.path("payload").asText()), StandardCharsets.UTF_8).replace("1.36.1", "1.36.2");
            envelope.put("payload", Base64.getEncoder().encodeToString(payload.getBytes(StandardCharsets.UTF_8)));
            SignedImage image = pointer.equals("bundle") ? new SignedImage().bundle(Json.bytes(altered)) : new SignedImage().under(".att", DSSE, Json.bytes(altered), Map.of());
            List<Sbom> sboms = sboms(image);
            assertTrue(assertThrows(WrongSignatureException.class, () -> Sbom.verified(sboms, TRUSTED, "hello")).getMessage().contains("was altered"));
        }
        byte[] others = (new String(data("hello.manifest.json"), StandardCharsets.UTF_8) + "\n").getBytes(StandardCharsets.UTF_8);
        List<Sbom> ofAnother = sboms(new SignedImage(others).bundle(BUNDLE));
        assertTrue(assertThrows(WrongSignatureException.class, () -> Sbom.verified(ofAnother, TRUSTED, "hello")).getMessage().contains("it is about another image, sha256:b2fc3b"));
        assertTrue(ofAnother.get(0).document().warning().contains("about another one"));
    }

    @Test
    void should_end_in_a_sentence_where_something_is_hostile() throws IOException {
        Digest hello = new SignedImage().digest;
        for (byte[] bad : List.of("[".repeat(100_000).getBytes(), ("{\"predicateType\":" + "[".repeat(100_000)).getBytes(), "{}".getBytes(), "\0\1".getBytes(), "".getBytes(), "{\"payloadType\":1}".getBytes(),
                "{\"dsseEnvelope\":[]}".getBytes(), Json.bytes(statement(hello, PROVENANCE, attested())), Json.bytes(statement(hello, SPDX, Json.newObject())),
                Json.bytes(Json.newObject().put("predicateType", SPDX)), Json.bytes(statement(hello, SPDX, Json.newObject().put("Data", 1))))) {
            SignedImage image = new SignedImage().under(".att", IN_TOTO, bad, Map.of("predicateType", SPDX));
            String why = assertThrows(WrongContentException.class, () -> only(image), new String(bad, 0, Math.min(bad.length, 50))).getMessage();
            assertTrue(why.startsWith("the SBOM sha256:") && why.length() < 500, why);
        }
        ObjectNode thousands = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).set("config", Json.newObject().put("mediaType", SignedImage.EMPTY));
        for (int i = 0; i < 3000; i++) {
            thousands.withArray("layers").addObject().put("mediaType", "text/spdx").put("digest", Digest.of(new byte[i]).toString()).put("size", i);
        }
        SignedImage many = new SignedImage();
        many.tags.put(many.tag(".sbom"), many.manifest(Json.bytes(thousands)));
        assertEquals(1000, sboms(many).size());
        assertTrue(sboms(many).get(0).image().left().get(0).startsWith("more than 1000 attestations"));
        SignedImage large = raw();
        String name = large.tags.get(large.tag(""));
        ObjectNode manifest = json(large.manifests.get(json(large.manifests.get(name)).at("/manifests/0/digest").asText()));
        ((ObjectNode) manifest.at("/layers/0")).put("size", 1L << 40);
        large.tags.put(large.tag(".sbom"), large.manifest(Json.bytes(manifest)));
        large.tags.remove(large.tag(""));
        assertTrue(assertThrows(WrongContentException.class, () -> only(large)).getMessage().contains("are not read"));
    }

    @Test
    void should_tell_of_attestations_that_the_index_lists_and_that_are_not_here() throws IOException {
        SignedImage image = new SignedImage(data("buildkit/index.json"));
        AttestedImage found = AttestedImage.inStore(image.layout(true), ImageChoice.ALL, null, false, line -> { }).get(0);
        assertEquals(List.of(), found.attestations());
        assertEquals(3, found.left().stream().filter(one -> one.contains("are missing here")).count(), found.left().toString());
        Path gone = built().layout(true);
        Files.delete(gone.resolve("blobs/sha256").resolve(Digest.of(Json.bytes(statement(new SignedImage().digest, SPDX, attested()))).hex()));
        assertThrows(WrongContentException.class, () -> Sbom.of(AttestedImage.inStore(gone, ImageChoice.ALL, LINUX, true, line -> { }), null, null).get(0).document());
    }
}
