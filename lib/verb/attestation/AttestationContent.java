package lib.verb.attestation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;
import lib.image.Digest;
import lib.text.Json;
import lib.trust.Envelope;
import lib.trust.SignedClaim;
import lib.trust.SigstoreBundle;
import lib.trust.Statement;
import lib.trust.Trust;
import org.jspecify.annotations.Nullable;

/**
 * An attestation as it came, and what was in it: a document; or in a statement, which may be in an envelope, which may be in a bundle.
 * Its own keys tell which, whatever its media type says.
 *
 * @param bytes     all of it
 * @param isBundle  whether it is a bundle of Sigstore's
 * @param envelope  what has the signatures; null if there are none
 * @param statement says what it is about, and what it states of that; null for a document alone
 */
record AttestationContent(byte[] bytes, boolean isBundle, @Nullable Envelope envelope, @Nullable ObjectNode statement) {
    /** The longest that is read, in bytes: lists of all files of large images have some millions. */
    static final int LONGEST = 32 * 1024 * 1024;

    /** Takes an attestation apart; throws WrongContentException if it is damaged. Nothing of it is verified. */
    static AttestationContent of(byte[] bytes) throws WrongContentException {
        if (!beginsLikeObject(bytes)) {
            return new AttestationContent(bytes, false, null, null); // XML, or lines of text
        }
        ObjectNode json = Json.exact(bytes, "the attestation");
        boolean isBundle = json.has("dsseEnvelope");
        if (!isBundle && !json.has("payloadType")) {
            return new AttestationContent(bytes, false, null, json.has("predicateType") ? json : null);
        }
        try {
            Envelope envelope = Envelope.of(isBundle ? json.path("dsseEnvelope") : json);
            if (!envelope.payloadType().equals(Statement.PAYLOAD_TYPE)) {
                throw new WrongContentException("its payload is of the type '" + envelope.payloadType() + "', not a statement");
            }
            return new AttestationContent(bytes, isBundle, envelope, Json.exact(envelope.payload(), "the statement"));
        } catch (WrongSignatureException e) {
            throw new WrongContentException(e.getMessage(), e);
        }
    }

    private static boolean beginsLikeObject(byte[] bytes) {
        for (byte one : bytes) {
            if (!Character.isWhitespace(one)) {
                return one == '{';
            }
        }
        return false;
    }

    /** Returns what kind of thing is stated, "" where there is no statement. */
    String predicateType() {
        return statement == null ? "" : statement.path("predicateType").asText();
    }

    /** Returns the digests of what the statement says that it is about, each as {@code sha256:HEX}; none where there is no statement. */
    List<String> subjects() {
        List<String> subjects = new ArrayList<>();
        if (statement != null) {
            statement.path("subject").forEach(one -> one.path("digest").properties().forEach(digest -> subjects.add(digest.getKey() + ":" + digest.getValue().asText())));
        }
        return subjects;
    }

    /**
     * Does nothing where somebody who is trusted signed the statement, and it is about one of these images.
     *
     * @throws WrongSignatureException if it is not so; the message begins with "it"
     */
    void verify(Trust trust, Set<Digest> images) throws WrongSignatureException {
        WrongSignatureException why = new WrongSignatureException("it has no signature");
        for (SignedClaim claim : claims()) {
            try {
                trust.verify(claim);
                if (images.stream().noneMatch(image -> claim.subjects().contains(image.toString()))) {
                    throw new WrongSignatureException("it is about another image, " + claim.subjects().stream().findFirst().orElse("which it does not name"));
                }
                return;
            } catch (WrongSignatureException e) {
                why = e;
            }
        }
        throw why;
    }

    private List<SignedClaim> claims() throws WrongSignatureException {
        if (isBundle) {
            return List.of(SigstoreBundle.of(bytes).claim());
        }
        List<SignedClaim> claims = new ArrayList<>();
        if (envelope != null) {
            Statement stated = envelope.statement();
            for (byte[] signature : envelope.signatures()) {
                claims.add(new SignedClaim("a DSSE envelope", envelope.signed(), signature, stated.subjects(), stated.annotations(), true, List.of(), List.of(), null, null));
            }
        }
        return claims;
    }

    /**
     * Returns the SBOM that is in it, as it is; on one line where it was a part of a statement.
     *
     * @throws WrongContentException if it states something else
     */
    byte[] sbom() throws WrongContentException {
        if (statement == null) {
            return bytes;
        }
        if (SbomFormat.ofType(predicateType()) == null) {
            throw new WrongContentException("it states '" + predicateType() + "', not what is in the image");
        }
        JsonNode predicate = statement.path("predicate");
        boolean isWrapped = predicate.isObject() && SbomFormat.of(predicate) == null && predicate.has("Data"); // by cosign 1
        JsonNode document = isWrapped ? predicate.path("Data") : predicate;
        return document.isTextual() ? document.asText().getBytes(StandardCharsets.UTF_8) : (Json.text(document, false) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
