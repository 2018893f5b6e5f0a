package lib.registry.tls;

import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import lib.text.PlainText;
import org.jspecify.annotations.Nullable;

/** A certificate is not trusted: the message says in plain words why. */
public final class UntrustedCertificateException extends CertificateException {
    private static final long serialVersionUID = 1;
    /** What kinds of names {@link X509Certificate#getSubjectAlternativeNames} has (RFC 5280, section 4.2.1.6). */
    static final int DNS = 2;
    static final int ADDRESS = 7;

    private final boolean unknownSigner;

    private UntrustedCertificateException(String message, boolean unknownSigner, Throwable cause) {
        super(message, cause);
        this.unknownSigner = unknownSigner;
    }

    /** Returns whether it would be trusted if its signer were. */
    public boolean isOfUnknownSigner() {
        return unknownSigner;
    }

    /** Returns the one that is behind a failure, or null if there is none. */
    public static @Nullable UntrustedCertificateException in(Throwable trouble) {
        @Nullable Throwable cause = trouble;
        while (cause != null && !(cause instanceof UntrustedCertificateException)) {
            cause = cause.getCause();
        }
        return (UntrustedCertificateException) cause;
    }

    /** Throws CertificateException if a certificate is not valid at this time: Java does not look at that where it knows the certificate itself. */
    static void checkTime(X509Certificate certificate) throws CertificateException {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException e) {
            throw new UntrustedCertificateException("its certificate expired on " + day(certificate.getNotAfter())
                    + ": its owner must renew it, unless this machine's clock is wrong", false, e);
        } catch (CertificateNotYetValidException e) {
            throw new UntrustedCertificateException("its certificate is valid from " + day(certificate.getNotBefore())
                    + " on only; perhaps this machine's clock is wrong", false, e);
        }
    }

    private static String day(Date date) {
        return date.toInstant().atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    /** Returns whether this is how Java says that the chain ends in somebody unknown, or in somebody who only has the name of one that is known. */
    static boolean saysUnknownSigner(CertificateException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("PKIX path building failed") || message.contains("Path does not chain with any of the trust anchors");
    }

    /** Returns the failure of a chain that ends in somebody who is on no list. */
    static CertificateException ofUnknownSigner(X509Certificate[] chain, @Nullable CertificateException cause) {
        X509Certificate last = chain[chain.length - 1];
        if (ofOldSigner(chain, cause) != null) {
            return ofOldSigner(chain, cause);
        }
        String end = "', whom neither Java nor this machine trusts: if you do, put that certificate into certs.d";
        if (chain.length == 1 && last.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
            return new UntrustedCertificateException("its certificate is signed by itself, '" + name(last.getSubjectX500Principal()) + end, true, cause);
        }
        return new UntrustedCertificateException("its certificate is signed by '" + name(last.getIssuerX500Principal()) + end, true, cause);
    }

    /** Returns the failure of a chain whose end is known. */
    static CertificateException inWords(X509Certificate[] chain, CertificateException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("No subject alternative") || message.contains("No name matching")) {
            return new UntrustedCertificateException("its certificate is not for that name but for " + names(chain[0]) + ": use such a name", false, e);
        }
        CertificateException old = ofOldSigner(chain, e);
        return old != null ? old : new UntrustedCertificateException("its certificate is not valid (" + message.replaceFirst("^.*Exception: ", "") + ")", false, e);
    }

    /** A server may send expired certificates that are not needed: they are mentioned only if something is wrong. */
    private static @Nullable CertificateException ofOldSigner(X509Certificate[] chain, @Nullable CertificateException cause) {
        for (X509Certificate certificate : chain) {
            if (certificate.getNotAfter().before(new Date())) {
                return new UntrustedCertificateException("the certificate of its signer '" + name(certificate.getSubjectX500Principal()) + "' expired on "
                        + day(certificate.getNotAfter()) + ": the server must send another one", false, cause);
            }
        }
        return null;
    }

    private static String names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                if (name.get(0).equals(DNS) || name.get(0).equals(ADDRESS)) {
                    names.add(printable(String.valueOf(name.get(1))));
                }
            }
        } catch (CertificateException e) {
            // no names that can be read
        }
        if (names.isEmpty()) {
            return "'" + name(certificate.getSubjectX500Principal()) + "', without a name of a host";
        }
        return String.join(", ", names.subList(0, Math.min(names.size(), 8))) + (names.size() > 8 ? " and " + (names.size() - 8) + " others" : "");
    }

    private static String name(X500Principal principal) {
        return printable(principal.getName());
    }

    /** What a stranger wrote must not move the cursor. */
    private static String printable(String text) {
        String shown = PlainText.line(text);
        return shown.substring(0, Math.min(shown.length(), 200));
    }
}
