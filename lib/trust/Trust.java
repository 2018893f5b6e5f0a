package lib.trust;

import lib.failure.WrongSignatureException;

/** Whom to believe: the owner of one key, or whomever an authority certifies. */
public interface Trust {
    /**
     * Returns who made a signature.
     *
     * @throws WrongSignatureException where it is nobody who is trusted, or what was signed is not what is said; the message begins with "it"
     */
    Signer verify(SignedClaim claim) throws WrongSignatureException;

    /** Tells whether signatures are believed for the certificates that they come with: then Notation's are among them. */
    boolean takesCertificates();
}
