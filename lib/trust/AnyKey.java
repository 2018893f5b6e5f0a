package lib.trust;

import java.util.List;
import lib.failure.WrongSignatureException;

/** Trust in the owner of any of some keys. */
public record AnyKey(List<TrustedKey> keys) implements Trust {
    @Override
    public Signer verify(SignedClaim claim) throws WrongSignatureException {
        WrongSignatureException last = new WrongSignatureException("there is no key to verify it by");
        for (TrustedKey key : keys) {
            try {
                return key.verify(claim);
            } catch (WrongSignatureException e) {
                last = e;
            }
        }
        throw last;
    }
}
