package lib.trust;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import lib.failure.WrongSignatureException;

/**
 * Certificates that somebody trusts, and whether another one leads to them: by the JDK's path validation, and what that leaves to its callers.
 *
 * @param name what to call them, such as the file that they are from
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-6">RFC 5280, Certification Path Validation</a>
 */
record Certificates(String name, List<X509Certificate> all) {
    static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    private static final String ANY_USE = "2.5.29.37.0";
    private static final String NAME_CONSTRAINTS = "2.5.29.30";
    private static final int LONGEST_PATH = 5;
    private static final int MOST = 1000;
    /** Certificates that are signed over SHA-1 or MD5 can be forged. The JDK bars some uses of these only. */
    private static final String SOUND = "(SHA(256|384|512)with(RSA|ECDSA))|RSASSA-PSS|Ed25519|EdDSA";

    /**
     * Reads the certificates of a file in PEM, roots and those in between.
     *
     * @throws IllegalArgumentException if there is none, or one is broken
     */
    static Certificates of(byte[] pem, String name) {
        List<X509Certificate> all = new ArrayList<>();
        try {
            if (new String(pem, StandardCharsets.ISO_8859_1).contains("-----BEGIN CERTIFICATE-----")) {
                for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                    all.add((X509Certificate) one);
                }
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException(name + " has a certificate that cannot be read: " + e.getMessage(), e);
        }
        if (all.isEmpty() || all.size() > MOST) {
            throw new IllegalArgumentException(name + " holds " + (all.isEmpty() ? "no certificate in PEM, which begins with -----BEGIN CERTIFICATE-----" : "more than " + MOST + " certificates"));
        }
        return new Certificates(name, List.copyOf(all));
    }

    /** Returns the certificate of these bytes in DER; throws WrongSignatureException if they are none. */
    static X509Certificate of(byte[] der) throws WrongSignatureException {
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            if (certificate.getEncoded().length == der.length) {
                return certificate;
            }
        } catch (CertificateException | RuntimeException e) {
            throw new WrongSignatureException("it has a certificate that cannot be read", e);
        }
        throw new WrongSignatureException("it has a certificate with something behind it");
    }

    /**
     * Does nothing where a certificate leads to one of these, directly or by others, all of them valid at that time.
     *
     * @param others  that may lie in between
     * @param use     what the certificate must be for, such as {@link #CODE_SIGNING}
     * @throws WrongSignatureException if it does not
     */
    void check(X509Certificate leaf, List<X509Certificate> others, String use, Instant at) throws WrongSignatureException {
        checkUse(leaf, use);
        if (leaf.getBasicConstraints() >= 0) {
            throw new WrongSignatureException("the certificate of " + leaf.getSubjectX500Principal() + " is one of an authority, not of a signer");
        }
        checkTime(leaf, at);
        checkKey(leaf);
        if (all.contains(leaf)) {
            return; // trusted itself, as one that signs itself is
        }
        Set<TrustAnchor> anchors = all.stream().filter(one -> one.getBasicConstraints() >= 0).map(one -> new TrustAnchor(one, null)).collect(Collectors.toSet());
        if (anchors.isEmpty()) {
            throw new WrongSignatureException("none of the certificates in " + name + " is one of an authority");
        }
        try {
            X509CertSelector wanted = new X509CertSelector();
            wanted.setCertificate(leaf);
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, wanted);
            List<X509Certificate> between = new ArrayList<>(others);
            between.add(leaf);
            parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(between)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            parameters.setMaxPathLength(LONGEST_PATH);
            PKIXCertPathBuilderResult path = (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
            checkPath(path, use, at);
        } catch (CertPathBuilderException e) {
            throw new WrongSignatureException("the certificate of " + leaf.getSubjectX500Principal() + " does not lead to " + name + ": " + reason(e), e);
        } catch (GeneralSecurityException e) {
            throw new WrongSignatureException("the certificate of " + leaf.getSubjectX500Principal() + " cannot be verified: " + e.getMessage(), e);
        }
    }

    private static String reason(Throwable e) {
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage());
    }

    /** The JDK does not look at the anchor itself, at how those in between are signed, nor at what they are for. */
    private static void checkPath(PKIXCertPathBuilderResult path, String use, Instant at) throws GeneralSecurityException, WrongSignatureException {
        X509Certificate anchor = path.getTrustAnchor().getTrustedCert();
        checkTime(anchor, at);
        checkKey(anchor);
        List<? extends Certificate> certificates = path.getCertPath().getCertificates();
        if (anchor.getExtensionValue(NAME_CONSTRAINTS) != null) {
            checkNames(anchor, certificates, at);
        }
        if (anchor.getBasicConstraints() < certificates.size() - 1) {
            throw new WrongSignatureException("the authority " + anchor.getSubjectX500Principal() + " may not certify others of its kind, and did");
        }
        for (int i = 0; i < certificates.size(); i++) {
            X509Certificate one = (X509Certificate) certificates.get(i);
            checkKey(one);
            if (!one.getSigAlgName().matches(SOUND)) {
                throw new WrongSignatureException("the certificate of " + one.getSubjectX500Principal() + " is signed by " + one.getSigAlgName() + ", which can be forged");
            }
            if (i > 0 && one.getExtendedKeyUsage() != null) {
                checkUse(one, use);
            }
        }
    }

    /** Which names an authority may certify is looked at by the JDK in every certificate of a path, so the authority's own becomes one of them. */
    private static void checkNames(X509Certificate anchor, List<? extends Certificate> certificates, Instant at) throws GeneralSecurityException {
        List<Certificate> whole = new ArrayList<>(certificates);
        whole.add(anchor);
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor.getIssuerX500Principal(), anchor.getPublicKey(), null)));
        parameters.setRevocationEnabled(false);
        parameters.setDate(Date.from(at));
        CertPathValidator.getInstance("PKIX").validate(CertificateFactory.getInstance("X.509").generateCertPath(whole), parameters);
    }

    private static void checkUse(X509Certificate certificate, String use) throws WrongSignatureException {
        boolean[] bits = certificate.getKeyUsage();
        boolean isLeaf = certificate.getBasicConstraints() < 0;
        try {
            List<String> uses = certificate.getExtendedKeyUsage();
            boolean maySign = !isLeaf || bits == null || bits[0];
            if (maySign && (uses == null ? use.equals(CODE_SIGNING) : uses.contains(use) || !isLeaf && uses.contains(ANY_USE))) {
                return;
            }
        } catch (CertificateException e) {
            throw new WrongSignatureException("the certificate of " + certificate.getSubjectX500Principal() + " does not say what it is for", e);
        }
        throw new WrongSignatureException("the certificate of " + certificate.getSubjectX500Principal() + " is not for " + (use.equals(CODE_SIGNING) ? "signing code" : "time stamps"));
    }

    private static void checkTime(X509Certificate certificate, Instant at) throws WrongSignatureException {
        if (at.isBefore(certificate.getNotBefore().toInstant()) || at.isAfter(certificate.getNotAfter().toInstant())) {
            throw new WrongSignatureException("the certificate of " + certificate.getSubjectX500Principal() + " is valid from " + certificate.getNotBefore().toInstant() + " to "
                    + certificate.getNotAfter().toInstant() + ", not at " + at);
        }
    }

    private static void checkKey(X509Certificate certificate) throws WrongSignatureException {
        try {
            KeyKind.of(certificate.getPublicKey());
        } catch (IllegalArgumentException e) {
            throw new WrongSignatureException("the certificate of " + certificate.getSubjectX500Principal() + " has " + e.getMessage(), e);
        }
    }
}
