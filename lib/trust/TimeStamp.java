package lib.trust;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lib.failure.WrongSignatureException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampToken;
import org.jspecify.annotations.Nullable;

// All three by name: what another library says of the versions of two of them would count otherwise.
//DEPS org.bouncycastle:bcpkix-jdk18on:1.85
//DEPS org.bouncycastle:bcutil-jdk18on:1.85
//DEPS org.bouncycastle:bcprov-jdk18on:1.85

/**
 * Time stamps: an authority's word that some bytes were there at some time. The JDK has its own reader of these, but for jar files only; this one is
 * Bouncy Castle's, and what it computes is computed by the JDK.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2">RFC 3161, Response Format</a>
 */
final class TimeStamp {
    private static final Map<String, String> HASHES = Map.of("2.16.840.1.101.3.4.2.1", "SHA-256", "2.16.840.1.101.3.4.2.2", "SHA-384", "2.16.840.1.101.3.4.2.3", "SHA-512");
    private static final int FUTURE_SECONDS = 300;

    private TimeStamp() { }

    /**
     * Returns when bytes were there.
     *
     * @param der         a response of an authority, or the token in it
     * @param authorities whose time stamps are believed, and their signers where tokens come without
     * @return null if no known authority made it
     * @throws WrongSignatureException if it is of other bytes, or not what it should be
     */
    static @Nullable Instant of(byte[] der, byte[] stamped, Certificates authorities) throws WrongSignatureException {
        try {
            TimeStampToken token = token(der);
            checkImprint(token, stamped);
            List<X509Certificate> candidates = new ArrayList<>(authorities.all());
            for (X509CertificateHolder one : token.getCertificates().getMatches(null)) {
                if (candidates.size() > authorities.all().size() + SignedClaim.MOST) {
                    throw new WrongSignatureException("its time stamp has more than " + SignedClaim.MOST + " certificates");
                }
                candidates.add(Certificates.of(one.getEncoded()));
            }
            for (X509Certificate signer : candidates) {
                if (token.getSID().match(new X509CertificateHolder(signer.getEncoded()))) {
                    return time(token, signer, candidates, authorities);
                }
            }
            return null;
        } catch (TSPException | CMSException | OperatorCreationException | GeneralSecurityException | IOException | RuntimeException e) {
            if (e instanceof WrongSignatureException wrong) {
                throw wrong;
            }
            throw new WrongSignatureException("its time stamp is not right: " + e.getMessage(), e);
        }
    }

    private static TimeStampToken token(byte[] der) throws TSPException, IOException, CMSException {
        boolean isResponse = der.length > 6 && der[(der[1] & 0x80) == 0 ? 2 : 2 + (der[1] & 0x7f)] == 0x30; // a token begins with the name of its type
        if (!isResponse) {
            return new TimeStampToken(new CMSSignedData(der));
        }
        TimeStampToken token = new TimeStampResponse(der).getTimeStampToken();
        if (token == null) {
            throw new TSPException("the authority refused to give one");
        }
        return token;
    }

    private static void checkImprint(TimeStampToken token, byte[] stamped) throws GeneralSecurityException, WrongSignatureException {
        String hash = HASHES.get(token.getTimeStampInfo().getMessageImprintAlgOID().getId());
        String digest = token.toCMSSignedData().getSignerInfos().getSigners().iterator().next().getDigestAlgOID();
        if (hash == null || !HASHES.containsKey(digest)) {
            throw new WrongSignatureException("its time stamp is made by a hash that can be forged, or is not known here");
        }
        if (!Arrays.equals(MessageDigest.getInstance(hash).digest(stamped), token.getTimeStampInfo().getMessageImprintDigest())) {
            throw new WrongSignatureException("its time stamp is of another signature");
        }
    }

    private static Instant time(TimeStampToken token, X509Certificate signer, List<X509Certificate> candidates, Certificates authorities)
            throws TSPException, OperatorCreationException, WrongSignatureException, CertificateException {
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().build(signer));
        Instant at = token.getTimeStampInfo().getGenTime().toInstant();
        if (at.isAfter(Instant.now().plusSeconds(FUTURE_SECONDS))) {
            throw new WrongSignatureException("its time stamp is of a time to come, " + at);
        }
        if (authorities.all().contains(signer) || leads(signer, candidates, at, authorities)) {
            return at;
        }
        throw new WrongSignatureException("its time stamp is not by anybody whom " + authorities.name() + " certifies");
    }

    private static boolean leads(X509Certificate signer, List<X509Certificate> candidates, Instant at, Certificates authorities) throws WrongSignatureException {
        authorities.check(signer, candidates, Certificates.TIME_STAMPING, at);
        return true;
    }
}
