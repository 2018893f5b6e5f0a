package tests.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.trust.SignedImage.data;
import static tests.trust.SignedImage.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lib.failure.WrongSignatureException;
import lib.text.Json;
import lib.trust.Authorities;
import lib.trust.Signer;
import lib.verb.ImageChoice;
import lib.verb.SignedImages;
import lib.verb.Verification;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

//SOURCES OpenSsl.java
//SOURCES Pki.java
//SOURCES SignedImage.java

/** Signatures that come with certificates of an authority of one's own, with time stamps and without; and copies that are not right. */
class VerifyCertificateTest {
    private static final byte[] PAYLOAD = data("classic/sha256-f41821a958da68e7bfbbf0a5bee3cb1f89f1d877842ff6994311d467ac21d57b");

    private static Verification by(byte[] ca, byte[] stampers, String identity, String issuer) {
        return new Verification(Authorities.of(ca, "ca.pem", stampers, "stampers.pem", identity, issuer), Map.of());
    }

    private static Verification by(byte[] ca) {
        return by(ca, null, null, null);
    }

    private static Signer verify(SignedImage image, Verification how) throws IOException {
        return SignedImages.inStore(image.layout(true), ImageChoice.ALL, null, how, line -> { }).get(0).verified().signatures().get(0).signer();
    }

    private static void assertWrong(String why, SignedImage image, Verification how) {
        String message = assertThrows(WrongSignatureException.class, () -> verify(image, how)).getMessage();
        assertTrue(message.contains(why) && !message.contains("\n"), message);
    }

    private static SignedImage pki(Consumer<ObjectNode> change) {
        ObjectNode bundle = json("pki/bundle.json");
        change.accept(bundle);
        return new SignedImage().bundle(Json.bytes(bundle));
    }

    @Test
    void should_take_a_bundle_with_a_chain_and_a_time_stamp_that_cosign_made() throws IOException {
        Signer signer = verify(pki(same -> { }), by(data("pki/ca.pem"), data("pki/tsachain.pem"), "alice@example.com", "https://issuer.example.com"));
        assertEquals("alice@example.com", signer.identity());
        assertEquals("https://issuer.example.com", signer.issuer());
        assertEquals(Instant.parse("2026-11-25T19:21:45Z"), signer.at());
        assertEquals(List.of(), signer.unchecked());
        Signer unstamped = verify(pki(same -> { }), by(data("pki/ca.pem")));
        assertEquals(null, unstamped.at());
        assertEquals(List.of("the time stamp"), unstamped.unchecked());
    }

    @Test
    void should_want_the_identity_and_the_issuer_that_somebody_asks_for() throws IOException {
        verify(pki(same -> { }), by(data("pki/ca.pem"), null, "CN=leaf, O=Dray test", null));
        assertWrong("it is by alice@example.com, not by mallory@example.com", pki(same -> { }), by(data("pki/ca.pem"), null, "mallory@example.com", null));
        assertWrong("not by alice@example.co", pki(same -> { }), by(data("pki/ca.pem"), null, "alice@example.co", null));
        assertWrong("not by leaf", pki(same -> { }), by(data("pki/ca.pem"), null, "leaf", null));
        assertWrong("by the word of https://issuer.example.com, not of https://other", pki(same -> { }), by(data("pki/ca.pem"), null, null, "https://other"));
        assertWrong("does not lead to ca.pem", pki(same -> { }), by(Pki.authority().pem()));
        assertWrong("is not for signing code", pki(same -> { }), by(data("pki/ca.pem"), null, null, null), "pki/tsa.pem");
    }

    /** The same with the certificate of somebody else of the same authority: its key did not sign. */
    private static void assertWrong(String ignored, SignedImage image, Verification how, String certificate) {
        SignedImage other = pki(bundle -> ((ObjectNode) bundle.at("/verificationMaterial/x509CertificateChain/certificates/0")).put("rawBytes",
                new String(data(certificate), StandardCharsets.US_ASCII).replaceAll("-----[^-]*-----|\\s", "")));
        assertWrong("it is not by the key of its certificate", other, how);
    }

    @Test
    void should_refuse_a_time_stamp_of_another_signature_or_altered_or_of_nobody_known_to_stamp() throws IOException {
        Verification how = by(data("pki/ca.pem"), data("pki/tsachain.pem"), null, null);
        String own = json("pki/bundle.json").at("/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp").asText();
        String others = json(json("pki/classic.manifest.json").at("/layers/0/annotations").path("dev.sigstore.cosign/rfc3161timestamp").asText().getBytes()).path("SignedRFC3161Timestamp").asText();
        assertWrong("its time stamp is of another signature", pki(bundle -> stamp(bundle, others)), how);
        byte[] bytes = Base64.getDecoder().decode(own);
        for (int at : new int[] {0, 1, 5, 40, 80, 130, 150, bytes.length / 2, bytes.length - 60, bytes.length - 1}) {
            byte[] altered = bytes.clone();
            altered[at] ^= 0x41;
            assertThrows(WrongSignatureException.class, () -> verify(pki(bundle -> stamp(bundle, Base64.getEncoder().encodeToString(altered))), how), "byte " + at);
        }
        assertWrong("its time stamp is not right", pki(bundle -> stamp(bundle, "AAAA")), how);
        assertWrong("its time stamp is", pki(bundle -> stamp(bundle, "MIAwgDCAMIAwgDCAMIAwgDCAMIAwgDCAMIAwgDCAMIAwgDCAMIAwgDCA")), how);
        assertWrong("certificates or time stamps: more than 10", pki(bundle -> {
            ArrayNode stamps = (ArrayNode) bundle.at("/verificationMaterial/timestampVerificationData/rfc3161Timestamps");
            for (int i = 0; i < 20; i++) {
                stamps.addObject().put("signedTimestamp", own);
            }
        }), how);
        Pki.Entity stamper = Pki.certified(Pki.authority(), Pki.SIGNER);
        assertWrong("its time stamp is not by anybody whom stampers.pem certifies", pki(same -> { }), by(data("pki/ca.pem"), stamper.pem(), null, null));
    }

    private static void stamp(ObjectNode bundle, String stamp) {
        ((ObjectNode) bundle.at("/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0")).put("signedTimestamp", stamp);
    }

    private static SignedImage signed(Pki.Entity signer, String chain) {
        return new SignedImage().classic(PAYLOAD, annotations(signer, chain, signer.key().sign(PAYLOAD, "-sha256")));
    }

    private static Map<String, String> annotations(Pki.Entity signer, String chain, String signature) {
        return Map.of("dev.cosignproject.cosign/signature", signature, "dev.sigstore.cosign/certificate", new String(signer.pem(), StandardCharsets.US_ASCII), "dev.sigstore.cosign/chain", chain);
    }

    @Test
    void should_take_fresh_certificates_directly_or_by_one_in_between() throws IOException {
        Pki.Entity root = Pki.authority();
        assertEquals("bob@example.com", verify(signed(Pki.certified(root, Pki.SIGNER), ""), by(root.pem())).identity());
        Pki.Entity between = Pki.between(root, "");
        Pki.Entity signer = Pki.certified(between, Pki.SIGNER);
        verify(signed(signer, new String(between.pem())), by(root.pem()));
        verify(signed(signer, ""), by((new String(root.pem()) + new String(between.pem())).getBytes()));
        assertWrong("does not lead to ca.pem", signed(signer, ""), by(root.pem()));
        verify(signed(signer, ""), by(signer.pem())); // trusted itself
        Pki.Entity narrow = Pki.authority("nameConstraints=critical,permitted;email:example.com\n");
        verify(signed(Pki.certified(narrow, Pki.SIGNER), ""), by(narrow.pem()));
    }

    @ParameterizedTest
    @Tag("slow")
    @CsvSource({"serverAuth, is not for signing code", "timeStamping, is not for signing code", "no key usage, is not for signing code", "authority, is one of an authority",
            "sha1, which can be forged", "1024, has an RSA key of 1024 bits", "secp256k1, whose signatures are not accepted", "leaf signs, does not lead to", "path, does not lead to|may not certify",
            "names, cannot be verified", "use of authority, is not for signing code"})
    void should_refuse_certificates_that_are_not_for_it(String what, String why) {
        Pki.Entity root = Pki.authority(what.equals("path") ? "basicConstraints=critical,CA:TRUE,pathlen:0\n" : what.equals("names") ? "nameConstraints=critical,permitted;email:other.example\n" : "");
        Pki.Entity between = Pki.between(root, what.equals("use of authority") ? "extendedKeyUsage=serverAuth\n" : "");
        Pki.Entity leaf = Pki.certified(root, Pki.SIGNER);
        Pki.Entity signer = switch (what) {
            case "serverAuth", "timeStamping" -> Pki.certified(root, Pki.SIGNER.replace("codeSigning", what));
            case "no key usage" -> Pki.certified(root, Pki.SIGNER.replace("digitalSignature", "keyEncipherment"));
            case "authority" -> between;
            case "sha1" -> Pki.certified(root, OpenSsl.p256(), Pki.SIGNER, "-days", "30", "-sha1");
            case "1024" -> Pki.certified(root, OpenSsl.key("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"), Pki.SIGNER);
            case "secp256k1" -> Pki.certified(root, OpenSsl.key("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:secp256k1"), Pki.SIGNER);
            case "leaf signs" -> Pki.certified(leaf, Pki.SIGNER);
            case "path", "use of authority" -> Pki.certified(between, Pki.SIGNER);
            default -> leaf;
        };
        SignedImage image = signed(signer, new String((what.equals("leaf signs") ? leaf : between).pem()));
        String message = assertThrows(WrongSignatureException.class, () -> verify(image, by(root.pem()))).getMessage();
        assertTrue(java.util.regex.Pattern.compile(why).matcher(message).find() || message.contains("cannot be read"), message);
    }

    @Test
    @Tag("slow")
    void should_take_a_certificate_that_has_expired_since_by_its_time_stamp_only() throws Exception {
        Pki.Entity root = Pki.authority();
        Pki.Entity stamper = Pki.certified(root, Pki.STAMPER);
        int life = 3;
        Instant begun;
        Instant end;
        Pki.Entity signer;
        String signature;
        byte[] stamp;
        do { // until it lives long enough to be stamped on this machine
            life *= 3;
            begun = Instant.now();
            signer = Pki.shortLived(root, Pki.SIGNER, life);
            end = Instant.now().plusSeconds(life + 1);
            signature = signer.key().sign(PAYLOAD, "-sha256");
            stamp = Pki.stamp(stamper, Base64.getDecoder().decode(signature), "-sha256", true);
        } while (Instant.now().isAfter(begun.plusSeconds(life - 1)) && life < 100);
        byte[] raw = Base64.getDecoder().decode(signature);
        Map<String, String> stamped = new java.util.HashMap<>(annotations(signer, "", signature));
        stamped.put("dev.sigstore.cosign/rfc3161timestamp", "{\"SignedRFC3161Timestamp\":\"" + Base64.getEncoder().encodeToString(stamp) + "\"}");
        Thread.sleep(Math.max(0, end.toEpochMilli() - System.currentTimeMillis()));
        assertWrong("is valid from", new SignedImage().classic(PAYLOAD, annotations(signer, "", signature)), by(root.pem()));
        assertTrue(verify(new SignedImage().classic(PAYLOAD, stamped), by(root.pem())).at() != null);
        assertWrong("is valid from", new SignedImage().classic(PAYLOAD, stamped), by(root.pem(), Pki.authority().pem(), null, null), true);
        Pki.Entity notForIt = Pki.certified(root, Pki.SIGNER);
        assertThrows(Throwable.class, () -> Pki.stamp(notForIt, raw, "-sha256", true)); // openssl itself does not stamp so
        stamped.put("dev.sigstore.cosign/rfc3161timestamp", "{\"SignedRFC3161Timestamp\":\"" + Base64.getEncoder().encodeToString(Pki.stamp(stamper, raw, "-sha1", true)) + "\"}");
        assertWrong("by a hash that can be forged", new SignedImage().classic(PAYLOAD, stamped), by(root.pem()));
    }

    /** A token that brings its own certificate, which leads to nobody known here. */
    private static void assertWrong(String ignored, SignedImage image, Verification how, boolean strangers) {
        assertWrong("does not lead to stampers.pem", image, how);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signature", "payload", "protected", "alg none", "alg PS256", "crit", "cty", "scheme", "expired", "chain", "no chain", "b64"})
    void should_take_notations_signature_and_refuse_it_altered(String what) throws IOException {
        assertEquals("CN=notary leaf,O=Dray test,ST=WA,C=US", verify(notation(data("notation/signature.jws")), by(data("pki/ca.pem"))).identity());
        ObjectNode jws = json("notation/signature.jws");
        String header = new String(Base64.getUrlDecoder().decode(jws.path("protected").asText()), StandardCharsets.UTF_8);
        switch (what) {
            case "signature" -> jws = json("notation/tampered.jws");
            case "payload" -> jws.put("payload", url(new String(Base64.getUrlDecoder().decode(jws.path("payload").asText())).replace("426", "427")));
            case "protected" -> jws.put("protected", url(header.replace("12:00:00", "12:00:01")));
            case "alg none" -> jws.put("protected", url(header.replace("ES256", "none"))).put("signature", "");
            case "alg PS256" -> jws.put("protected", url(header.replace("ES256", "PS256")));
            case "crit" -> jws.put("protected", url(header.replace("\"crit\":[", "\"crit\":[\"x\",")));
            case "cty" -> jws.put("protected", url(header.replace("payload.v1", "payload.v2")));
            case "scheme" -> jws.put("protected", url(header.replace("notary.x509", "notary.x510")));
            case "expired" -> jws.put("protected", url(header.replace("\"crit\"", "\"io.cncf.notary.expiry\":\"2020-01-01T00:00:00Z\",\"crit\"")));
            case "chain" -> ((ArrayNode) jws.at("/header/x5c")).remove(0);
            case "no chain" -> jws.withObject("/header").remove("x5c");
            default -> jws.put("protected", url(header.replace("\"crit\"", "\"b64\":false,\"crit\"")));
        }
        SignedImage image = notation(Json.bytes(jws));
        assertThrows(WrongSignatureException.class, () -> verify(image, by(data("pki/ca.pem"))));
    }

    private static SignedImage notation(byte[] jws) {
        return new SignedImage().notation("application/jose+json", jws);
    }

    private static String url(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @Tag("slow")
    @CsvSource({"P-256, -7, -sha256", "P-384, -35, -sha384", "2048, -37, -sha256"})
    void should_take_notations_cose_and_refuse_it_altered(String kind, int algorithm, String hash) throws IOException {
        Pki.Entity root = Pki.authority();
        OpenSsl key = kind.startsWith("P") ? OpenSsl.key("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:" + kind) : OpenSsl.key("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:" + kind);
        Pki.Entity signer = Pki.certified(root, key, Pki.SIGNER);
        byte[] payload = Base64.getUrlDecoder().decode(json("notation/signature.jws").path("payload").asText());
        CoseMaker cose = new CoseMaker(signer, payload, algorithm);
        verify(new SignedImage().notation("application/cose", cose.signed(hash)), by(root.pem()));
        byte[] right = cose.signed(hash);
        for (int at = 0; at < right.length; at += 7) {
            byte[] altered = right.clone();
            altered[at] ^= 1;
            try {
                verify(new SignedImage().notation("application/cose", altered), by(root.pem()));
                assertTrue(cose.isUnsigned(at), "byte " + at + " of " + right.length + " is signed");
            } catch (WrongSignatureException e) {
                assertTrue(!e.getMessage().contains("\n"), e.getMessage());
            }
        }
        for (byte[] odd : List.of(new byte[0], new byte[] {(byte) 0xd2}, new byte[] {(byte) 0x9b, 0x7f, -1, -1, -1, -1, -1, -1, -1}, new byte[] {(byte) 0xd2, (byte) 0x84, 0x5b, 0x7f, -1, -1, -1, -1, -1, -1, -1},
                new byte[] {(byte) 0x9f, (byte) 0xff}, "\u0081".repeat(100_000).getBytes(StandardCharsets.ISO_8859_1), new byte[] {(byte) 0xa2, 1, 1, 1, 1})) {
            assertThrows(WrongSignatureException.class, () -> verify(new SignedImage().notation("application/cose", odd), by(root.pem())));
        }
    }
}
