package lib.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import java.util.function.Consumer;
import org.conscrypt.OpenSSLContextImpl;
import org.conscrypt.OpenSSLMessageDigestJDK;
import org.jspecify.annotations.Nullable;

/**
 * A provider of TLS and SHA-256, and of nothing else: BoringSSL, by way of Conscrypt. It is as fast with the first byte as with the last,
 * where Java's own code is slow until Java has compiled it, which in a short pull it has when the pull is over.
 * Java asks the first provider that has what is wanted: once this one is in use, SSLContext and MessageDigest are its own everywhere.
 */
public final class NativeProvider extends Provider {
    private static final long serialVersionUID = 1;
    private static final String VARIABLE = "DRAY_TLS";

    private static @Nullable String use;

    private NativeProvider() {
        super("Dray", "1", "TLS and SHA-256 by " + NativeLibrary.NAME);
        put("SSLContext.TLS", OpenSSLContextImpl.TLSv13.class.getName());
        put("MessageDigest.SHA-256", OpenSSLMessageDigestJDK.SHA256.class.getName());
    }

    /**
     * Has TLS and SHA-256 done by the native library from now on. Where it does not load, they stay Java's own.
     *
     * @param debug is told which it is, one line
     * @throws IllegalArgumentException where the variable DRAY_TLS has a value that means nothing
     */
    public static synchronized void use(Consumer<String> debug) {
        if (use == null) {
            use = choose(System.getenv().getOrDefault(VARIABLE, "").strip());
        }
        debug.accept("TLS and SHA-256 by " + use);
    }

    /** Returns what does TLS and SHA-256, in words. */
    private static String choose(String variable) {
        if (variable.equalsIgnoreCase("jdk")) {
            return "Java, as " + VARIABLE + " says";
        }
        if (!variable.isEmpty()) {
            throw new IllegalArgumentException(VARIABLE + " is '" + variable + "', but only jdk means something there: TLS and SHA-256 by Java itself");
        }
        try {
            new OpenSSLMessageDigestJDK.SHA256(); // loads the library
            Security.insertProviderAt(new NativeProvider(), 1);
            return NativeLibrary.NAME;
        } catch (LinkageError | GeneralSecurityException | RuntimeException e) {
            return "Java, as " + NativeLibrary.NAME + " does not load: " + NativeLibrary.why(e);
        }
    }
}
