package lib.trust;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Map;
import lib.failure.WrongSignatureException;

/**
 * The algorithms that Notation signs by, each for one kind of key. A signature names its own, but the key decides: with another one it is refused.
 *
 * @see <a href="https://github.com/notaryproject/specifications/blob/main/specs/signature-specification.md#signature-algorithm-requirements">Notary Project, Signature Algorithm Requirements</a>
 */
final class SignatureAlgorithm {
    private static final Map<String, String> BY_KEY = Map.of("EC P-256", "ES256", "EC P-384", "ES384", "EC P-521", "ES512", "RSA 2048", "PS256", "RSA 3072", "PS384", "RSA 4096", "PS512");

    private SignatureAlgorithm() { }

    static boolean isKnown(String name) {
        return BY_KEY.containsValue(name);
    }

    /**
     * Returns whether the owner of a key signed these bytes.
     *
     * @param name      the algorithm by RFC 7518, such as {@code ES256}
     * @param signature of an elliptic curve both numbers one behind the other
     * @throws WrongSignatureException if such a key has another algorithm, or the signature another form
     */
    static boolean verify(String name, KeyKind kind, PublicKey key, byte[] signed, byte[] signature) throws WrongSignatureException {
        if (!name.equals(BY_KEY.get(kind.name()))) {
            throw new WrongSignatureException("it is by the algorithm " + name + ", which is not that of a key of the kind " + kind.name());
        }
        String bits = name.substring(2);
        try {
            if (name.startsWith("ES")) {
                if (signature.length != 2 * ((kind.order().bitLength() + 7) / 8)) {
                    throw new WrongSignatureException("the signature has " + signature.length + " bytes, which is not the length of one by such a curve");
                }
                return verify(Signature.getInstance("SHA" + bits + "withECDSA"), key, signed, checked(Ecdsa.der(signature), kind));
            }
            Signature verifier = Signature.getInstance("RSASSA-PSS");
            verifier.setParameter(new PSSParameterSpec("SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), Integer.parseInt(bits) / 8, PSSParameterSpec.TRAILER_FIELD_BC));
            return verify(verifier, key, signed, signature);
        } catch (GeneralSecurityException e) {
            return false; // such bytes are not a signature at all
        }
    }

    private static byte[] checked(byte[] der, KeyKind kind) throws WrongSignatureException {
        Ecdsa.check(der, kind.order());
        return der;
    }

    private static boolean verify(Signature verifier, PublicKey key, byte[] signed, byte[] signature) throws GeneralSecurityException {
        verifier.initVerify(key);
        verifier.update(signed);
        return verifier.verify(signature);
    }
}
