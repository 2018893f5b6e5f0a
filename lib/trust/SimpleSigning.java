package lib.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;
import lib.text.Json;

/**
 * cosign's older form: the layer of a manifest is the text that is signed, which names the image, and the signature is an annotation of the layer.
 *
 * @see <a href="https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md">cosign, Signature Specification</a>
 */
public final class SimpleSigning {
    private static final String SIGNATURE = "dev.cosignproject.cosign/signature";
    private static final String OF_SIGSTORE = "dev.sigstore.cosign/";
    private static final Set<String> TYPES = Set.of("cosign container image signature", "https://sigstore.dev/cosign/sign/v1");

    private SimpleSigning() { }

    /**
     * Takes a signature apart.
     *
     * @param payload     the layer's bytes
     * @param annotations of the layer
     * @throws WrongSignatureException if it has not the form of one
     */
    public static SignedClaim of(byte[] payload, JsonNode annotations) throws WrongSignatureException {
        ObjectNode text = json(payload, "the signed text");
        JsonNode critical = text.path("critical");
        String type = critical.path("type").asText();
        if (!TYPES.contains(type)) {
            throw new WrongSignatureException("the signed text is of the type '" + type + "', which is not an image's signature");
        }
        JsonNode digest = critical.path("image").path("docker-manifest-digest");
        if (!digest.isTextual()) {
            throw new WrongSignatureException("the signed text names no image");
        }
        Map<String, String> stated = new LinkedHashMap<>();
        text.path("optional").properties().forEach(one -> stated.put(one.getKey(), one.getValue().asText()));
        byte[] signature = Encoded.bytes(annotations.path(SIGNATURE).asText(), "the signature");
        String certificate = annotations.path(OF_SIGSTORE + "certificate").asText();
        List<byte[]> certificates = new ArrayList<>();
        if (!certificate.isEmpty()) {
            certificates.addAll(certificates(certificate));
            certificates.addAll(certificates(annotations.path(OF_SIGSTORE + "chain").asText()));
        }
        return new SignedClaim("cosign's older form", payload, signature, List.of(digest.asText()), stated, certificates.isEmpty(), bounded(certificates),
                timestamps(annotations.path(OF_SIGSTORE + "rfc3161timestamp").asText()), critical.path("identity").path("docker-reference").asText(null), null);
    }

    private static List<byte[]> timestamps(String json) throws WrongSignatureException {
        if (json.isEmpty()) {
            return List.of();
        }
        ObjectNode stamp = json(json.getBytes(StandardCharsets.UTF_8), "the time stamp");
        return List.of(Encoded.bytes(stamp.path("SignedRFC3161Timestamp").asText(), "the time stamp"));
    }

    private static List<byte[]> certificates(String pem) throws WrongSignatureException {
        List<byte[]> encoded = new ArrayList<>();
        try {
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)))) {
                encoded.add(one.getEncoded());
            }
        } catch (CertificateException | RuntimeException e) {
            throw new WrongSignatureException("it has a certificate that cannot be read", e);
        }
        return encoded;
    }

    /** Returns the same list; throws WrongSignatureException if it is longer than one in earnest. */
    static List<byte[]> bounded(List<byte[]> list) throws WrongSignatureException {
        if (list.size() > SignedClaim.MOST) {
            throw new WrongSignatureException("it has " + list.size() + " certificates or time stamps: more than " + SignedClaim.MOST + " are not looked at");
        }
        return List.copyOf(list);
    }

    /** Returns the JSON object that the bytes are, with every key as it is written and none twice. */
    static ObjectNode json(byte[] bytes, String what) throws WrongSignatureException {
        try {
            return Json.exact(bytes, what);
        } catch (WrongContentException e) {
            throw new WrongSignatureException(e.getMessage(), e);
        }
    }
}
