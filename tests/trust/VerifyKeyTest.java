package tests.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.trust.SignedImage.data;
import static tests.trust.SignedImage.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lib.failure.NoSignatureException;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;
import lib.image.Digest;
import lib.image.MediaType;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.Registry;
import lib.text.Json;
import lib.transfer.Settings;
import lib.trust.Envelope;
import lib.trust.TrustedKey;
import lib.verb.ImageChoice;
import lib.verb.SignedImages;
import lib.verb.Verification;
import lib.verb.VerifiedImage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

//SOURCES OpenSsl.java
//SOURCES SignedImage.java

/** Signatures by a key: those that cosign made, fresh ones by openssl, and altered copies of both, which are all refused. */
class VerifyKeyTest {
    private static final byte[] PAYLOAD = data("classic/sha256-f41821a958da68e7bfbbf0a5bee3cb1f89f1d877842ff6994311d467ac21d57b");
    private static final byte[] ANNOTATED = data("classic/sha256-4fc6bac9695c96222012f58c9b019959d53c1c5df4b61442086d2011d8f0cdf5");
    private static final String SIGNATURE = json("classic/sig.manifest.json").path("layers").path(0).path("annotations").path("dev.cosignproject.cosign/signature").asText();
    private static final String SIGNED = "application/vnd.in-toto+json";

    private static Verification by(byte[] pem, Map<String, String> annotations) {
        return new Verification(TrustedKey.of(pem, "the.pub"), annotations);
    }

    private static final Verification COSIGN = by(data("cosign.pub"), Map.of());

    private static Verification.Verified verify(SignedImage image, Verification how) throws IOException {
        return SignedImages.inStore(image.layout(true), ImageChoice.ALL, null, how, line -> { }).get(0).verified();
    }

    private static void assertRight(SignedImage image, Verification how) throws IOException {
        assertEquals(image.digest, verify(image, how).signed());
    }

    /** Returns why no signature of an image is right. */
    private static String assertWrong(SignedImage image, Verification how) {
        String why = assertThrows(WrongSignatureException.class, () -> verify(image, how)).getMessage();
        assertTrue(why.contains("no signature of " + image.digest + " is right"), why);
        return why;
    }

    private static SignedImage bundle(Consumer<ObjectNode> change) {
        ObjectNode bundle = json("bundle/bundle-50b821db.json");
        change.accept(bundle);
        return new SignedImage().bundle(Json.bytes(bundle));
    }

    @Test
    void should_take_both_forms_that_cosign_makes_from_a_registry_and_a_layout() throws IOException {
        assertRight(bundle(same -> { }), COSIGN);
        assertRight(new SignedImage().classic(PAYLOAD, SIGNATURE), COSIGN);
        try (SignedImage image = bundle(same -> { }).classic(PAYLOAD, SIGNATURE)) {
            Reference name = Reference.parse(image.serve());
            Registry registry = new Registry(name, Network.plain(line -> { }));
            VerifiedImage signed = SignedImages.inRegistry(registry, null, COSIGN, new Settings(1, 1 << 20, 0, line -> { }, slots -> { }));
            assertEquals(2, signed.verified().signatures().size());
            assertEquals(List.of("the transparency log", "revocation"), signed.verified().unchecked());
            assertEquals(TrustedKey.of(data("cosign.pub"), "").fingerprint(), signed.verified().signatures().get(0).signer().fingerprint());
        }
    }

    @Test
    void should_refuse_what_another_key_signed_and_take_one_of_two() throws IOException {
        assertTrue(assertWrong(bundle(same -> { }), by(data("other.pub"), Map.of())).contains("it is not by the key the.pub"));
        assertWrong(new SignedImage().classic(PAYLOAD, SIGNATURE), by(data("other.pub"), Map.of()));
        SignedImage two = new SignedImage();
        json("classic/sig2.manifest.json").path("layers").forEach(layer -> two.classic(
                data("classic/" + layer.path("digest").asText().replace(':', '-')), layer.path("annotations").path("dev.cosignproject.cosign/signature").asText()));
        for (String key : List.of("cosign.pub", "other.pub")) {
            Verification.Verified verified = verify(two, by(data(key), Map.of()));
            assertEquals(1, verified.signatures().size());
            assertEquals(1, verified.wrong().size());
        }
    }

    @Test
    void should_want_the_annotations_that_somebody_asks_for() throws IOException {
        SignedImage two = new SignedImage();
        json("classic/sig2.manifest.json").path("layers").forEach(layer -> two.classic(
                data("classic/" + layer.path("digest").asText().replace(':', '-')), layer.path("annotations").path("dev.cosignproject.cosign/signature").asText()));
        assertRight(two, by(data("other.pub"), Map.of("env", "prod", "team", "web")));
        assertTrue(assertWrong(two, by(data("other.pub"), Map.of("env", "test"))).contains("it states env=prod, not env=test"));
        assertTrue(assertWrong(two, by(data("cosign.pub"), Map.of("env", "prod"))).contains("it states no env, not env=prod"));
    }

    @Test
    void should_say_that_nobody_signed_where_there_are_attestations_only() {
        assertTrue(assertThrows(NoSignatureException.class, () -> verify(new SignedImage(), COSIGN)).getMessage().contains("is not signed"));
        SignedImage attested = new SignedImage().bundle(data("bundle/bundle-7a8e9981.json"))
                .under(".att", "application/vnd.dsse.envelope.v1+json", data("classic/att.dsse.json"), Map.of());
        assertTrue(assertThrows(NoSignatureException.class, () -> verify(attested, COSIGN)).getMessage().contains("1 attestation is there, which is not a signature"));
        SignedImage notation = new SignedImage().notation("application/jose+json", data("notation/signature.jws"));
        assertTrue(assertThrows(NoSignatureException.class, () -> verify(notation, COSIGN)).getMessage().contains("1 signature is in another form"));
    }

    @Test
    void should_refuse_the_altered_bundles_that_came_with_the_data() {
        assertTrue(assertWrong(new SignedImage().bundle(data("bundle/tampered.json")), COSIGN).contains("was altered"));
        assertTrue(assertWrong(new SignedImage().bundle(data("bundle/valid-but-of-another-image.json")), COSIGN).contains("it is of another image, sha256:3a0776"));
    }

    @Test
    void should_refuse_every_signature_and_payload_with_one_bit_changed() throws IOException {
        TrustedKey key = TrustedKey.of(data("cosign.pub"), "the.pub");
        byte[] signature = Base64.getDecoder().decode(SIGNATURE);
        for (int bit = 0; bit < signature.length * 8; bit++) {
            byte[] other = signature.clone();
            other[bit / 8] ^= 1 << bit % 8;
            assertThrows(WrongSignatureException.class, () -> key.verify(claim(PAYLOAD, Base64.getEncoder().encodeToString(other))));
        }
        for (int at = 0; at < PAYLOAD.length; at++) {
            byte[] other = PAYLOAD.clone();
            other[at] ^= 1;
            assertThrows(WrongSignatureException.class, () -> key.verify(claim(other, SIGNATURE)));
        }
        key.verify(claim(PAYLOAD, SIGNATURE));
    }

    private static lib.trust.SignedClaim claim(byte[] payload, String signature) throws WrongSignatureException {
        return lib.trust.SimpleSigning.of(payload, Json.newObject().put("dev.cosignproject.cosign/signature", signature));
    }

    /** Each is a signature that some verifier somewhere took: zeros, numbers beyond the curve, other encodings of the same, nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"", " ", "%", "AA==", "MAYCAQACAQA=", "MAYCAQECAQE=", "MAA=", "MIAAAA==", "newlines", "unpadded", "trailing", "long length", "padded integer", "url"})
    void should_refuse_odd_signatures(String what) {
        byte[] der = Base64.getDecoder().decode(SIGNATURE);
        String odd = switch (what) {
            case "newlines" -> " " + SIGNATURE;
            case "unpadded" -> SIGNATURE.replace("=", "") + "A";
            case "trailing" -> encoded(der, new byte[] {0});
            case "long length" -> encoded(new byte[] {0x30, (byte) 0x81}, java.util.Arrays.copyOfRange(der, 1, der.length));
            case "padded integer" -> {
                byte[] padded = new byte[der.length + 1];
                System.arraycopy(der, 0, padded, 0, 4);
                System.arraycopy(der, 4, padded, 5, der.length - 4);
                padded[1]++;
                padded[3]++;
                yield Base64.getEncoder().encodeToString(padded);
            }
            case "url" -> SIGNATURE.replace('+', '-').replace('/', '_') + "-_";
            default -> what;
        };
        assertWrong(new SignedImage().classic(PAYLOAD, odd), COSIGN);
    }

    private static String encoded(byte[] first, byte[] second) {
        byte[] both = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return Base64.getEncoder().encodeToString(both);
    }

    @Test
    void should_take_a_signature_whose_base64_has_ends_of_lines() throws IOException {
        assertRight(new SignedImage().classic(PAYLOAD, SIGNATURE + "\n"), COSIGN);
    }

    @Test
    void should_refuse_bundles_that_are_put_together_in_another_way() {
        List<Consumer<ObjectNode>> changes = new ArrayList<>(List.of(
                bundle -> bundle.put("mediaType", "application/vnd.dev.sigstore.bundle.v9+json"),
                bundle -> bundle.remove("mediaType"),
                bundle -> bundle.remove("verificationMaterial"),
                bundle -> bundle.withObject("/verificationMaterial").putObject("certificate").put("rawBytes", "AAAA"),
                bundle -> bundle.withObject("/verificationMaterial").remove("publicKey"),
                bundle -> bundle.withObject("/verificationMaterial").removeAll().putObject("x509CertificateChain").putArray("certificates"),
                bundle -> bundle.putObject("messageSignature").put("signature", "AAAA"),
                bundle -> bundle.remove("dsseEnvelope"),
                bundle -> bundle.withObject("/dsseEnvelope").put("payloadType", "text/plain"),
                bundle -> bundle.withObject("/dsseEnvelope").put("payloadType", SIGNED + " "),
                bundle -> bundle.withObject("/dsseEnvelope").put("payload", ""),
                bundle -> bundle.withObject("/dsseEnvelope").putArray("signatures"),
                bundle -> bundle.withObject("/dsseEnvelope").withArray("signatures").addObject().put("sig", SIGNATURE),
                bundle -> ((ObjectNode) bundle.at("/dsseEnvelope/signatures/0")).put("sig", ""),
                bundle -> bundle.withObject("/dsseEnvelope").put("payload", Base64.getEncoder().encodeToString("{}".getBytes()))));
        for (Consumer<ObjectNode> change : changes) {
            assertWrong(bundle(change), COSIGN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{\"a\":1,\"a\":2}", "{}{}", "deep", "long"})
    void should_refuse_what_is_no_signature_at_all_in_a_sentence(String text) {
        String content = text.equals("deep") ? "{\"a\":".repeat(5000) : text.equals("long") ? "{\"a\":\"" + "x".repeat(2_000_000) + "\"}" : text;
        for (SignedImage image : List.of(new SignedImage().bundle(content.getBytes()), new SignedImage().classic(content.getBytes(), SIGNATURE))) {
            String why = assertWrong(image, COSIGN);
            assertTrue(why.length() < 1000 && !why.contains("\n"), why);
        }
    }

    /** What a key in somebody's hands signs is to be one thing only: here the owner of a key signs texts with two meanings, or with another one. */
    @Test
    void should_refuse_what_the_right_key_signed_in_a_text_that_is_no_signature_of_the_image() throws IOException {
        OpenSsl key = OpenSsl.p256();
        Verification how = by(key.pem(), Map.of());
        SignedImage image = new SignedImage();
        String right = new String(PAYLOAD, StandardCharsets.UTF_8);
        String digest = image.digest.toString();
        assertRight(image.classic(right.getBytes(), key.sign(right.getBytes(), "-sha256")), how);
        for (String wrong : List.of(right.replace("cosign container image signature", "another type"), right.replace("\"type\":", "\"kind\":"),
                right.replace(digest, digest.replace("sha256:", "sha512:")), right.replace(digest, digest.toUpperCase(java.util.Locale.ROOT)), right.replace(digest, digest + " "),
                right.replace("docker-manifest-digest", "Docker-Manifest-Digest"), right.replace("\"image\"", "\"image\":{},\"image\""),
                right.replace("\"" + digest + "\"", "[\"" + digest + "\"]"), right + " {}", "[" + right + "]")) {
            assertWrong(new SignedImage().classic(wrong.getBytes(), key.sign(wrong.getBytes(), "-sha256")), how);
        }
    }

    @Test
    void should_refuse_statements_that_are_no_signature_of_the_image() throws IOException {
        OpenSsl key = OpenSsl.p256();
        Verification how = by(key.pem(), Map.of());
        String right = new String(Base64.getDecoder().decode(json("bundle/bundle-50b821db.json").at("/dsseEnvelope/payload").asText()), StandardCharsets.UTF_8);
        assertRight(new SignedImage().bundle(bundle(key, right, SIGNED)), how);
        for (String wrong : List.of(right.replace("in-toto.io/Statement/v1", "in-toto.io/Statement/v9"), right.replace("\"sha256\"", "\"sha512\""), right.replace("\"sha256\"", "\"md5\""),
                right.replaceAll("\"subject\":\\[.*?\\}\\]", "\"subject\":[]"), right.replace("\"subject\":[", "\"subject\":[],\"subject\":["), right.replace("\"_type\"", "\"type\""))) {
            assertWrong(new SignedImage().bundle(bundle(key, wrong, SIGNED)), how);
        }
        assertWrong(new SignedImage().bundle(bundle(key, right, "application/json")), how);
        SignedImage attestation = new SignedImage().bundle(bundle(key, right.replace("cosign/sign/v1", "cosign/sign/v2"), SIGNED));
        assertThrows(NoSignatureException.class, () -> verify(attestation, how));
    }

    private static byte[] bundle(OpenSsl key, String statement, String type) {
        ObjectNode bundle = json("bundle/bundle-50b821db.json");
        byte[] payload = statement.getBytes(StandardCharsets.UTF_8);
        byte[] signed = new Envelope(payload, type, List.of()).signed();
        ObjectNode envelope = bundle.putObject("dsseEnvelope").put("payload", Base64.getEncoder().encodeToString(payload)).put("payloadType", type);
        envelope.putArray("signatures").addObject().put("sig", key.sign(signed, "-sha256"));
        return Json.bytes(bundle);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"EC ec_paramgen_curve:P-256, -sha256, EC P-256", "EC ec_paramgen_curve:P-384, -sha256, EC P-384", "EC ec_paramgen_curve:P-384, -sha384, EC P-384",
            "EC ec_paramgen_curve:P-521, -sha512, EC P-521", "RSA rsa_keygen_bits:2048, -sha256, RSA 2048", "RSA rsa_keygen_bits:3072, -sha256, RSA 3072", "ED25519, '', Ed25519"})
    void should_take_the_kinds_of_keys_that_cosign_does(String kind, String hash, String name) throws IOException {
        OpenSsl key = key(kind);
        SignedImage image = new SignedImage().classic(PAYLOAD, hash.isEmpty() ? key.sign(PAYLOAD) : key.sign(PAYLOAD, hash));
        assertEquals(name, verify(image, by(key.pem(), Map.of())).signatures().get(0).signer().algorithm());
        assertWrong(image, COSIGN);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"EC ec_paramgen_curve:P-256, -sha1", "EC ec_paramgen_curve:P-256, -sha512", "RSA rsa_keygen_bits:2048, -sha1", "RSA rsa_keygen_bits:2048, -md5",
            "RSA rsa_keygen_bits:2048, -sha256 -sigopt rsa_padding_mode:pss"})
    void should_refuse_other_ways_to_sign_with_such_a_key(String kind, String options) {
        OpenSsl key = key(kind);
        assertWrong(new SignedImage().classic(PAYLOAD, key.sign(PAYLOAD, options.split(" "))), by(key.pem(), Map.of()));
    }

    private static OpenSsl key(String kind) {
        String[] parts = kind.split(" ");
        return parts.length == 1 ? OpenSsl.key("-algorithm", parts[0]) : OpenSsl.key("-algorithm", parts[0], "-pkeyopt", parts[1]);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"RSA rsa_keygen_bits:1024", "EC ec_paramgen_curve:secp256k1", "EC ec_paramgen_curve:P-224", "X25519", "DSA"})
    void should_not_trust_keys_of_other_kinds(String kind) {
        byte[] pem = kind.equals("DSA") ? "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n".getBytes() : key(kind).pem();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> TrustedKey.of(pem, "the.pub")).getMessage().startsWith("the.pub holds "));
    }

    @Test
    void should_say_what_is_wrong_with_a_file_that_is_no_public_key() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> TrustedKey.of(OpenSsl.read(OpenSsl.p256().file("key.pem")), "k")).getMessage().contains("holds a private key"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> TrustedKey.of(data("pki/ca.pem"), "k")).getMessage().contains("holds a certificate"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> TrustedKey.of(new byte[0], "k")).getMessage().contains("holds no public key in PEM"));
        byte[] two = (new String(data("cosign.pub")) + new String(data("other.pub"))).getBytes();
        assertTrue(assertThrows(IllegalArgumentException.class, () -> TrustedKey.of(two, "k")).getMessage().contains("more than one key"));
    }

    @Test
    void should_take_a_signed_index_as_one_of_the_image_in_it_and_nothing_the_other_way_round() throws IOException {
        OpenSsl key = OpenSsl.p256();
        Verification how = by(key.pem(), Map.of());
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        ObjectNode entry = Json.newObject().put("mediaType", MediaType.DOCKER_MANIFEST).put("digest", Digest.of(data("hello.manifest.json")).toString()).put("size", 426);
        index.putArray("manifests").add(entry.set("platform", Json.newObject().put("os", "linux").put("architecture", "amd64")));
        SignedImage image = new SignedImage(Json.bytes(index));
        String manifest = image.manifest(data("hello.manifest.json"));
        byte[] payload = new String(PAYLOAD).replace(manifest, image.digest.toString()).getBytes();
        image.classic(payload, key.sign(payload, "-sha256"));
        Path layout = image.layout(true);
        Verification.Verified verified = SignedImages.inStore(layout, ImageChoice.ALL, Platform.parse("linux/amd64"), how, line -> { }).get(0).verified();
        assertEquals(List.of(image.digest.toString(), manifest), List.of(verified.signed().toString(), verified.image().toString()));
        // the manifest alone is listed, and the index is there only because it is signed
        String listed = Files.readString(layout.resolve("index.json"));
        Files.writeString(layout.resolve("index.json"), listed.replaceFirst("\\{\"mediaType\":\"[^}]*\"1\"\\}\\}", "{\"mediaType\":\"" + MediaType.DOCKER_MANIFEST + "\",\"digest\":\"" + manifest + "\",\"size\":426}"));
        assertEquals(image.digest, SignedImages.inStore(layout, ImageChoice.ALL, null, how, line -> { }).get(0).verified().signed());
        // a signature of a manifest is none of the index above it
        SignedImage other = new SignedImage(Json.bytes(index));
        other.manifest(data("hello.manifest.json"));
        other.classic(PAYLOAD, SIGNATURE);
        assertTrue(assertWrong(other, COSIGN).contains("of another image"));
    }

    @Test
    void should_look_at_a_bounded_number_of_signatures() {
        SignedImage image = new SignedImage();
        for (int i = 0; i < 120; i++) {
            image.classic(("{\"critical\":{\"n\":" + i + "}}").getBytes(), SIGNATURE);
        }
        assertTrue(assertWrong(image, COSIGN).contains("and 117 more"));
    }

    @Test
    void should_refuse_an_archive_whose_blobs_or_whose_list_for_docker_are_others() throws IOException {
        SignedImage image = new SignedImage().classic(PAYLOAD, SIGNATURE);
        Path layout = image.layout(true);
        Files.writeString(layout.resolve("manifest.json"), "[{\"Config\":\"blobs/sha256/" + "0".repeat(64) + "\",\"Layers\":[]}]");
        assertTrue(assertThrows(WrongSignatureException.class, () -> SignedImages.inStore(layout, ImageChoice.ALL, null, COSIGN, line -> { })).getMessage().contains("docker loads an image of it"));
        ObjectNode manifest = json("hello.manifest.json");
        Files.writeString(layout.resolve("manifest.json"), "[{\"Config\":\"" + path(manifest.at("/config/digest").asText()) + "\",\"Layers\":[\"" + path(manifest.at("/layers/0/digest").asText()) + "\"]}]");
        assertEquals(0, SignedImages.inStore(layout, ImageChoice.ALL, null, COSIGN, line -> { }).get(0).blobs()); // they are not there
        Path config = layout.resolve(path(manifest.at("/config/digest").asText()));
        Files.write(config, new byte[manifest.at("/config/size").asInt()]);
        assertThrows(WrongContentException.class, () -> SignedImages.inStore(layout, ImageChoice.ALL, null, COSIGN, line -> { }));
    }

    private static String path(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }
}
