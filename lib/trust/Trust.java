package lib.trust;

import lib.failure.WrongSignatureException;

/** Whom to believe: the owner of one key, or whomever an authority certifies. */
public interface Trust {
    /**
     * Returns who made a signature.
     *
     * @throws WrongSignatureException if the signer is not trusted, or what was signed is not what is said; the message begins with "it"
     */
    Signer verify(SignedClaim claim) throws WrongSignatureException;

    /** Returns whether content of this type is a signature in a form that only certificates verify, which {@link #read} takes apart. */
    default boolean reads(String mediaType) {
        return false;
    }

    /**
     * Takes such a signature apart.
     *
     * @throws WrongSignatureException if it has not the form that its type says
     */
    default SignedClaim read(String mediaType, byte[] bytes) throws WrongSignatureException {
        throw new WrongSignatureException("it is of the type " + mediaType + ", which is not read here");
    }
}
