package lib.registry.tls;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import lib.registry.settings.SettingsFolders;
import org.jspecify.annotations.Nullable;

/**
 * Trusts whom any of three lists vouches for: authorities that were named, Java's, this machine's. They are asked in this
 * order and read when they are asked. The last two are long: before them, those few of this machine's file are tried that bear the name of a signer.
 */
final class Trust extends X509ExtendedTrustManager {
    private static final int LISTS = 3;
    private static final int JAVAS = 1;

    private final List<X509Certificate> named;
    private final SettingsFolders folders;
    private final Consumer<String> notice;
    private final List<@Nullable X509ExtendedTrustManager> read = new ArrayList<>();
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
            if (i == JAVAS && isSignedByOneOfThisMachine(chain, authType, socket)) {
                return;
            }
            X509ExtendedTrustManager list = list(i);
            try {
                if (list != null) {
                    list.checkServerTrusted(chain, authType, socket);
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

    /** Returns true where there is no need to read whole lists. If it is false, they say what is wrong. */
    private boolean isSignedByOneOfThisMachine(X509Certificate[] chain, String authType, Socket socket) {
        try {
            X509ExtendedTrustManager few = signers(chain);
            if (few != null) {
                few.checkServerTrusted(chain, authType, socket);
            }
            return few != null;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private synchronized @Nullable X509ExtendedTrustManager signers(X509Certificate[] chain) throws IOException, GeneralSecurityException {
        if (signers == null) {
            List<X509Certificate> found = SystemCertificates.signers(folders, chain);
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
