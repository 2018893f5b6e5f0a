package lib.trust;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.EdDSAParameterSpec;
import java.util.List;
import lib.failure.WrongSignatureException;

/**
 * The kinds of public keys that signatures are taken of, and how each signs. The key decides how, not the signer. Hashes below SHA-256
 * and RSA below 2048 bits are not accepted.
 *
 * @param name       what to call it
 * @param algorithms as Java names them: signers do not agree on the hash for larger curves
 * @param order      of the curve's group; zero if there is none
 */
record KeyKind(String name, List<String> algorithms, BigInteger order) {
    private static final String ED25519_PH = "Ed25519ph";
    private static final int SHORTEST_RSA = 2048;
    private static final int LONGEST_RSA = 8192;

    /** Returns the kind of a key; throws IllegalArgumentException for one that no signature is taken of. */
    static KeyKind of(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            int bits = rsa.getModulus().bitLength();
            if (bits < SHORTEST_RSA || bits > LONGEST_RSA) {
                throw new IllegalArgumentException("an RSA key of " + bits + " bits; of " + SHORTEST_RSA + " to " + LONGEST_RSA + " bits are taken");
            }
            return new KeyKind("RSA " + bits, List.of("SHA256withRSA"), BigInteger.ZERO);
        }
        if (key instanceof EdECPublicKey && key.getAlgorithm().matches("EdDSA|Ed25519") && key.getEncoded().length == 44) {
            return new KeyKind("Ed25519", List.of("Ed25519", ED25519_PH), BigInteger.ZERO); // cosign signs the hash, for its log
        }
        if (key instanceof ECPublicKey ec) {
            if (isOn(ec, "secp256r1")) {
                return new KeyKind("EC P-256", List.of("SHA256withECDSA"), ec.getParams().getOrder());
            }
            if (isOn(ec, "secp384r1")) {
                return new KeyKind("EC P-384", List.of("SHA384withECDSA", "SHA256withECDSA"), ec.getParams().getOrder());
            }
            if (isOn(ec, "secp521r1")) {
                return new KeyKind("EC P-521", List.of("SHA512withECDSA", "SHA256withECDSA"), ec.getParams().getOrder());
            }
        }
        throw new IllegalArgumentException("a key of the kind " + key.getAlgorithm() + ", whose signatures are not accepted: EC P-256, P-384 or P-521, RSA and Ed25519 are");
    }

    private static boolean isOn(ECPublicKey key, String curve) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(curve));
            ECParameterSpec known = parameters.getParameterSpec(ECParameterSpec.class);
            ECParameterSpec has = key.getParams();
            return has.getCurve().equals(known.getCurve()) && has.getGenerator().equals(known.getGenerator())
                    && has.getOrder().equals(known.getOrder()) && has.getCofactor() == known.getCofactor();
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /**
     * Returns whether the owner of a key signed these bytes.
     *
     * @throws WrongSignatureException if the signature has not the form of one by such a key
     */
    boolean verify(PublicKey key, byte[] signed, byte[] signature) throws WrongSignatureException {
        if (order.signum() > 0) {
            Ecdsa.check(signature, order);
        }
        for (String algorithm : algorithms) {
            if (verify(key, algorithm, signed, signature)) {
                return true;
            }
        }
        return false;
    }

    private static boolean verify(PublicKey key, String algorithm, byte[] signed, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(algorithm.equals(ED25519_PH) ? "EdDSA" : algorithm);
            if (algorithm.equals(ED25519_PH)) {
                verifier.setParameter(new EdDSAParameterSpec(true));
            }
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // such bytes are not a signature at all
        }
    }
}
