package lib.registry.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;
import lib.registry.address.NetworkScope;
import lib.registry.settings.SettingsFolders;
import org.jspecify.annotations.Nullable;

/**
 * Trusts whom any of three lists vouches for: authorities that were named, Java's, this machine's. They are read when they are asked, and the short one is asked first.
 * The others have some 150 authorities each. Before these are read, those few of this machine's file are asked that bear the name of a signer.
 */
final class Trust extends X509ExtendedTrustManager {
    private static final int LISTS = 3;
    private static final int JAVAS = 1;
    /** A name of a host (RFC 1123, section 2.1), or an IPv4 address. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*");

    private final List<X509Certificate> named;
    private final SettingsFolders folders;
    private final Consumer<String> notice;
    private final List<@Nullable X509ExtendedTrustManager> read = new ArrayList<>();
    /** What signed the chain before, and who of this machine's file has such a name. */
    private List<X500Principal> signerNames = List.of();
    private @Nullable X509ExtendedTrustManager signers;

    /**
     * @param named  authorities to trust beside those of Java and of this machine
     * @param notice is told of a list that cannot be read
     */
    Trust(List<X509Certificate> named, SettingsFolders folders, Consumer<String> notice) {
        this.named = named;
        this.folders = folders;
        this.notice = notice;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyExchange, Socket socket) throws CertificateException {
        String authType = keyExchange.equals("GENERIC") ? "UNKNOWN" : keyExchange; // TLS 1.3 has none: so Conscrypt says that, and so Java
        UntrustedCertificateException.checkTime(chain[0]);
        @Nullable CertificateException unknown = null;
        for (int i = 0; i < LISTS; i++) {
            if (i == JAVAS && isSignedByOneOfThisMachine(chain, authType, (SSLSocket) socket)) {
                return;
            }
            X509ExtendedTrustManager list = list(i);
            try {
                if (list != null) {
                    check(list, chain, authType, (SSLSocket) socket);
                    return;
                }
            } catch (CertificateException e) {
                if (!UntrustedCertificateException.saysUnknownSigner(e)) {
                    throw UntrustedCertificateException.inWords(chain, e);
                }
                unknown = e;
            }
        }
        throw UntrustedCertificateException.ofUnknownSigner(chain, unknown);
    }

    /**
     * Has one list say whether a chain is trusted, and for this host. Java compares names in many ways, and reads all of its authorities for that, only to know whether
     * one of them signed: to these it allows no {@code *.com}. That takes as long as the rest of a first connection. Where the certificate plainly has the host's name, it is told not to.
     */
    private static void check(X509ExtendedTrustManager list, X509Certificate[] chain, String authType, SSLSocket socket) throws CertificateException {
        String rules = socket.getSSLParameters().getEndpointIdentificationAlgorithm();
        if (rules == null || !hasName(chain[0], socket.getHandshakeSession().getPeerHost())) {
            list.checkServerTrusted(chain, authType, socket);
            return;
        }
        compareNames(socket, "");
        try {
            list.checkServerTrusted(chain, authType, socket);
        } finally {
            compareNames(socket, rules);
        }
    }

    private static void compareNames(SSLSocket socket, String rules) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(rules);
        socket.setSSLParameters(parameters);
    }

    /** Returns whether a certificate has a host's name, letter by letter, or its IPv4 address (RFC 9525, sections 6.3 and 6.4). If not, it may still be for that host. */
    private static boolean hasName(X509Certificate certificate, @Nullable String host) throws CertificateException {
        if (host == null || !PLAIN.matcher(host).matches()) {
            return false;
        }
        int kind = NetworkScope.isAddress(host) ? UntrustedCertificateException.ADDRESS : UntrustedCertificateException.DNS;
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names != null && names.stream().anyMatch(name -> name.get(0).equals(kind) && String.valueOf(name.get(1)).equalsIgnoreCase(host));
    }

    /** Returns true where there is no need to read whole lists. If it is false, they say what is wrong. */
    private boolean isSignedByOneOfThisMachine(X509Certificate[] chain, String authType, SSLSocket socket) {
        try {
            X509ExtendedTrustManager few = signers(Stream.of(chain).map(X509Certificate::getIssuerX500Principal).toList());
            if (few != null) {
                check(few, chain, authType, socket);
            }
            return few != null;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private synchronized @Nullable X509ExtendedTrustManager signers(List<X500Principal> names) throws IOException, GeneralSecurityException {
        if (!names.equals(signerNames)) {
            signerNames = names;
            signers = null;
            List<X509Certificate> found = SystemCertificates.named(folders, names);
            signers = found.isEmpty() ? null : of(SystemCertificates.of(found));
        }
        return signers;
    }

    /** Returns one of the lists, or null if it is empty. */
    private synchronized @Nullable X509ExtendedTrustManager list(int index) {
        while (read.size() <= index) {
            try {
                read.add(switch (read.size()) {
                    case 0 -> named.isEmpty() ? null : of(SystemCertificates.of(named));
                    case 1 -> of(null);
                    default -> ofSystem();
                });
            } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
                String why = e instanceof IOException ? "its file cannot be read (" + e.getMessage() + ")" : e.getMessage();
                notice.accept("warning: a list of authorities is skipped: " + why);
                read.add(null);
            }
        }
        return read.get(index);
    }

    private @Nullable X509ExtendedTrustManager ofSystem() throws IOException, GeneralSecurityException {
        KeyStore store = SystemCertificates.store(folders);
        return store == null || store.size() == 0 ? null : of(store);
    }

    /** @param authorities null for Java's own */
    private static X509ExtendedTrustManager of(@Nullable KeyStore authorities) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(authorities);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    /** Only asked where the name is not checked, which is nowhere. */
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("a server is trusted under its name only");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
