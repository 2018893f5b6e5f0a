package lib.trust;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import lib.failure.WrongSignatureException;

/**
 * Something signed, and its signatures: a Dead Simple Signing Envelope.
 *
 * @param payload     what is signed, together with its type
 * @param payloadType says how the payload is to be read
 * @see <a href="https://github.com/secure-systems-lab/dsse/blob/v1.0.0/envelope.md">DSSE, Envelope</a>
 */
public record Envelope(byte[] payload, String payloadType, List<byte[]> signatures) {
    private static final int MOST_SIGNATURES = 16;

    /** Reads an envelope from its JSON; throws WrongSignatureException if it is none. */
    public static Envelope of(JsonNode json) throws WrongSignatureException {
        JsonNode signatures = json.path("signatures");
        if (!signatures.isArray() || signatures.isEmpty() || signatures.size() > MOST_SIGNATURES) {
            throw new WrongSignatureException("the envelope has " + signatures.size() + " signatures: 1 to " + MOST_SIGNATURES + " are taken");
        }
        List<byte[]> all = new ArrayList<>();
        for (JsonNode signature : signatures) {
            all.add(Encoded.bytes(signature.path("sig").asText(), "the signature"));
        }
        return new Envelope(Encoded.bytes(json.path("payload").asText(), "the payload"), json.path("payloadType").asText(), List.copyOf(all));
    }

    /**
     * Reads an envelope that stands alone, as under cosign's tag {@code .att}.
     *
     * @throws WrongSignatureException if it is not an envelope
     */
    public static Envelope of(byte[] bytes) throws WrongSignatureException {
        return of(SimpleSigning.json(bytes, "the envelope"));
    }

    /** Returns the bytes that are signed: {@code DSSEv1 LENGTH TYPE LENGTH PAYLOAD} (DSSE, Protocol, PAE). */
    public byte[] signed() {
        byte[] type = payloadType.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream signed = new ByteArrayOutputStream();
        signed.writeBytes(("DSSEv1 " + type.length + " ").getBytes(StandardCharsets.US_ASCII));
        signed.writeBytes(type);
        signed.writeBytes((" " + payload.length + " ").getBytes(StandardCharsets.US_ASCII));
        signed.writeBytes(payload);
        return signed.toByteArray();
    }

    /** Returns the statement that is signed; throws WrongSignatureException if the payload's type is that of something else. */
    public Statement statement() throws WrongSignatureException {
        if (!payloadType.equals(Statement.PAYLOAD_TYPE)) {
            throw new WrongSignatureException("the payload is of the type '" + payloadType + "', not a statement");
        }
        return Statement.of(payload);
    }
}
