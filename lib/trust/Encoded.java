package lib.trust;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import lib.failure.WrongSignatureException;

/** Base64 as signatures have it (RFC 4648, section 4): what is not exactly what an encoder writes is refused, so that one signature has one text. */
final class Encoded {
    private Encoded() { }

    /**
     * Returns the bytes. Ends of lines are skipped, as Go does, in which most signers are written.
     *
     * @param what names them in the message
     * @throws WrongSignatureException if it is no Base64, or there is nothing
     */
    static byte[] bytes(String text, String what) throws WrongSignatureException {
        return decoded(text.replaceAll("[\\r\\n]", ""), Base64.getDecoder(), Base64.getEncoder(), what);
    }

    /** Returns the bytes of the other alphabet, without padding (RFC 7515, section 2), as in a JSON Web Signature. */
    static byte[] urlBytes(String text, String what) throws WrongSignatureException {
        return decoded(text, Base64.getUrlDecoder(), Base64.getUrlEncoder().withoutPadding(), what);
    }

    private static byte[] decoded(String text, Base64.Decoder decoder, Base64.Encoder encoder, String what) throws WrongSignatureException {
        try {
            byte[] bytes = decoder.decode(text);
            if (bytes.length > 0 && new String(encoder.encode(bytes), StandardCharsets.ISO_8859_1).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw new WrongSignatureException(what + " is not Base64", e);
        }
        throw new WrongSignatureException(text.isEmpty() ? what + " is empty" : what + " is not Base64 as an encoder writes it");
    }
}
