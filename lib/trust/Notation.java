package lib.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import lib.failure.WrongSignatureException;
import org.jspecify.annotations.Nullable;

/**
 * Notation's signatures: a descriptor of the image, signed as a JSON Web Signature or as COSE, with the certificates of who signed.
 *
 * @see <a href="https://github.com/notaryproject/specifications/blob/main/specs/signature-specification.md">Notary Project, Signature Specification</a>
 */
final class Notation {
    static final String JWS = "application/jose+json";
    static final String COSE = "application/cose";
    private static final String NOTARY = "io.cncf.notary.";
    private static final String SCHEME = NOTARY + "signingScheme";
    private static final String EXPIRY = NOTARY + "expiry";
    private static final String TIME_STAMP = NOTARY + "timestampSignature";
    private static final String PAYLOAD = "application/vnd.cncf.notary.payload.v1+json";
    /** What a signer may say that every verifier has to understand. */
    private static final Set<String> UNDERSTOOD = Set.of(SCHEME, EXPIRY);
    /** RFC 9053, section 2.1 and RFC 8230, section 2. */
    private static final Map<Long, String> COSE_ALGORITHMS = Map.of(-7L, "ES256", -35L, "ES384", -36L, "ES512", -37L, "PS256", -38L, "PS384", -39L, "PS512");

    private Notation() { }

    /** What a signature says of itself and signs, in either form. */
    private record Header(String algorithm, String contentType, String scheme, Collection<String> critical, @Nullable Instant expiry) {
        void check() throws WrongSignatureException {
            if (!SignatureAlgorithm.isKnown(algorithm)) {
                throw new WrongSignatureException("it is by the algorithm '" + algorithm + "', which is not taken");
            }
            if (!contentType.equals(PAYLOAD)) {
                throw new WrongSignatureException("it signs a payload of the type '" + contentType + "', which is not an image's");
            }
            if (!scheme.equals("notary.x509")) {
                throw new WrongSignatureException("its signing scheme is '" + scheme + "', not notary.x509");
            }
            for (String name : critical) {
                if (!UNDERSTOOD.contains(name)) {
                    throw new WrongSignatureException("it wants '" + name + "' understood, which is not known here");
                }
            }
            if (!critical.contains(SCHEME)) {
                throw new WrongSignatureException("it does not have its signing scheme among what has to be understood");
            }
            if (expiry != null && expiry.isBefore(Instant.now())) {
                throw new WrongSignatureException("it expired at " + expiry);
            }
        }
    }

    /** Takes a JSON Web Signature apart (RFC 7515, section 7.2.2); throws WrongSignatureException if the bytes are none of Notation's. */
    static SignedClaim ofJws(byte[] bytes) throws WrongSignatureException {
        ObjectNode json = SimpleSigning.json(bytes, "the signature");
        String protectedText = json.path("protected").asText();
        String payloadText = json.path("payload").asText();
        ObjectNode header = SimpleSigning.json(Encoded.urlBytes(protectedText, "the protected header"), "the protected header");
        if (header.has("b64")) {
            throw new WrongSignatureException("it has a payload that is not encoded");
        }
        List<String> critical = StreamSupport.stream(header.path("crit").spliterator(), false).map(JsonNode::asText).toList();
        Header said = new Header(header.path("alg").asText(), header.path("cty").asText(), header.path(SCHEME).asText(), critical,
                header.has(EXPIRY) ? time(header.path(EXPIRY).asText()) : null);
        said.check();
        List<byte[]> certificates = new ArrayList<>();
        for (JsonNode one : json.path("header").path("x5c")) {
            certificates.add(Encoded.bytes(one.asText(), "the certificate"));
        }
        JsonNode stamp = json.path("header").path(TIME_STAMP);
        List<byte[]> stamps = stamp.isMissingNode() ? List.of() : List.of(Encoded.bytes(stamp.asText(), "the time stamp"));
        byte[] signed = (protectedText + "." + payloadText).getBytes(StandardCharsets.US_ASCII);
        return claim("Notation's JWS", said, signed, Encoded.urlBytes(json.path("signature").asText(), "the signature"), Encoded.urlBytes(payloadText, "the payload"), certificates, stamps);
    }

    /** Takes a COSE signature of one signer apart (RFC 9052, section 4.2); throws WrongSignatureException if the bytes are none of Notation's. */
    static SignedClaim ofCose(byte[] bytes) throws WrongSignatureException {
        if (!(Cbor.read(bytes) instanceof List<?> parts && parts.size() == 4 && parts.get(0) instanceof byte[] protectedBytes && parts.get(1) instanceof Map<?, ?> free
                && parts.get(2) instanceof byte[] payload && parts.get(3) instanceof byte[] signature && Cbor.read(protectedBytes) instanceof Map<?, ?> header)) {
            throw new WrongSignatureException("it is not a COSE signature of one signer");
        }
        List<String> critical = header.get(2L) instanceof List<?> names ? names.stream().map(String::valueOf).toList() : List.of();
        Object expiry = header.get(EXPIRY);
        if (expiry != null && !(expiry instanceof Long)) {
            throw new WrongSignatureException("it expires at no time that can be read");
        }
        Header said = new Header(COSE_ALGORITHMS.getOrDefault(header.get(1L), String.valueOf(header.get(1L))), String.valueOf(header.get(3L)), String.valueOf(header.get(SCHEME)), critical,
                expiry instanceof Long seconds ? Instant.ofEpochSecond(Math.min(seconds, 1L << 40)) : null);
        said.check();
        List<byte[]> certificates = new ArrayList<>();
        for (Object one : free.get(33L) instanceof List<?> chain ? chain : java.util.Arrays.asList(free.get(33L))) {
            if (!(one instanceof byte[] certificate)) {
                throw new WrongSignatureException("it has no certificates");
            }
            certificates.add(certificate);
        }
        List<byte[]> stamps = free.get(TIME_STAMP) instanceof byte[] stamp ? List.of(stamp) : List.of();
        return claim("Notation's COSE", said, Cbor.signedByOne(protectedBytes, payload), signature, payload, certificates, stamps);
    }

    private static SignedClaim claim(String form, Header said, byte[] signed, byte[] signature, byte[] payload, List<byte[]> certificates, List<byte[]> stamps)
            throws WrongSignatureException {
        JsonNode target = SimpleSigning.json(payload, "the payload").path("targetArtifact");
        if (!target.path("digest").isTextual()) {
            throw new WrongSignatureException("it names no image");
        }
        Map<String, String> stated = new java.util.LinkedHashMap<>();
        target.path("annotations").properties().forEach(one -> stated.put(one.getKey(), one.getValue().asText()));
        return new SignedClaim(form, signed, signature, List.of(target.path("digest").asText()), stated, false, SimpleSigning.bounded(certificates), stamps, null, said.algorithm());
    }

    private static Instant time(String text) throws WrongSignatureException {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new WrongSignatureException("it expires at '" + text + "', which is not a time", e);
        }
    }
}
