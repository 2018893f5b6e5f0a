package lib.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import lib.failure.WrongSignatureException;

/**
 * cosign's form of today: an envelope and what is needed to verify it, in one JSON.
 *
 * @param envelope  has exactly one signature
 * @param statement what the envelope holds
 * @see <a href="https://github.com/sigstore/protobuf-specs/blob/v0.5.0/protos/sigstore_bundle.proto">sigstore, Bundle</a>
 */
public record SigstoreBundle(Envelope envelope, Statement statement, boolean isByKey, List<byte[]> certificates, List<byte[]> timestamps) {
    private static final String MEDIA_TYPE = "application/vnd[.]dev[.]sigstore[.]bundle([.]v0[.]3[+]json|[+]json;version=0[.][123])";
    private static final List<String> SIGNERS = List.of("publicKey", "certificate", "x509CertificateChain");

    /** Takes a bundle apart; throws WrongSignatureException if the bytes are none that an image is signed with. */
    public static SigstoreBundle of(byte[] bytes) throws WrongSignatureException {
        ObjectNode json = SimpleSigning.json(bytes, "the bundle");
        if (!json.path("mediaType").asText().matches(MEDIA_TYPE)) {
            throw new WrongSignatureException("the bundle is of the type '" + json.path("mediaType").asText() + "', which is not known here");
        }
        if (json.has("messageSignature") || !json.path("dsseEnvelope").isObject()) {
            throw new WrongSignatureException("the bundle has no envelope, or a bare signature: neither is how an image is signed");
        }
        Envelope envelope = Envelope.of(json.path("dsseEnvelope"));
        if (envelope.signatures().size() != 1) {
            throw new WrongSignatureException("the bundle has " + envelope.signatures().size() + " signatures, not one");
        }
        JsonNode material = json.path("verificationMaterial");
        if (SIGNERS.stream().filter(material::has).count() != 1) {
            throw new WrongSignatureException("the bundle has to name either a key, a certificate or a chain of them as who signed");
        }
        List<byte[]> certificates = new ArrayList<>();
        if (material.has("certificate")) {
            certificates.add(raw(material.path("certificate")));
        }
        for (JsonNode one : material.path("x509CertificateChain").path("certificates")) {
            certificates.add(raw(one));
        }
        if (certificates.isEmpty() && !material.has("publicKey")) {
            throw new WrongSignatureException("the bundle's chain of certificates is empty");
        }
        List<byte[]> timestamps = new ArrayList<>();
        for (JsonNode one : material.path("timestampVerificationData").path("rfc3161Timestamps")) {
            timestamps.add(Encoded.bytes(one.path("signedTimestamp").asText(), "the time stamp"));
        }
        return new SigstoreBundle(envelope, envelope.statement(), material.has("publicKey"), SimpleSigning.bounded(certificates), SimpleSigning.bounded(timestamps));
    }

    private static byte[] raw(JsonNode certificate) throws WrongSignatureException {
        return Encoded.bytes(certificate.path("rawBytes").asText(), "the certificate");
    }

    /** Returns whether this signs an image. Anything else that is stated of one, such as what is in it, is an attestation and not a signature. */
    public boolean isSignature() {
        return statement.predicateType().equals(Statement.SIGNED);
    }

    /** Returns the signature, to be verified. */
    public SignedClaim claim() {
        return new SignedClaim("a Sigstore bundle", envelope.signed(), envelope.signatures().get(0), statement.subjects(), statement.annotations(), isByKey,
                certificates, timestamps, null, null);
    }
}
