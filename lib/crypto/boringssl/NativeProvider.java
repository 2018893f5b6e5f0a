package lib.crypto.boringssl;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.function.Consumer;
import java.util.logging.Logger;
import java.util.zip.Inflater;
import lib.crypto.Crypto;
import org.conscrypt.OpenSSLContextImpl;
import org.conscrypt.OpenSSLMessageDigestJDK;
import org.jspecify.annotations.Nullable;

/**
 * A provider of TLS and SHA-256, and of nothing else: BoringSSL, through Conscrypt. It is as fast with the first byte as with the last,
 * where Java's own code is slow until Java has compiled it, which in a short pull it has when the pull is over.
 */
public final class NativeProvider extends Provider {
    private static final long serialVersionUID = 1;
    private static final String VARIABLE = "DRAY_TLS";
    private static final String JAVA = "Java, as ";

    private NativeProvider() {
        super("Dray", "1", "TLS and SHA-256 by " + NativeLibrary.NAME);
        put("SSLContext.TLS", OpenSSLContextImpl.TLSv13.class.getName());
        put("MessageDigest.SHA-256", OpenSSLMessageDigestJDK.SHA256.class.getName());
    }

    /**
     * Offers the native library for TLS and SHA-256. Where it does not load, they stay Java's own.
     *
     * @param debug is told which it is, one line, when that is known
     * @throws IllegalArgumentException if the variable DRAY_TLS has a value that means nothing
     */
    public static void offer(Consumer<String> debug) {
        if (isJavaForced()) {
            say(JAVA + VARIABLE + " says", debug);
        } else {
            Crypto.offer(() -> load(debug));
        }
    }

    /** Does the same, and does not wait until it is needed. */
    public static void use(Consumer<String> debug) {
        if (isJavaForced()) {
            say(JAVA + VARIABLE + " says", debug);
        } else {
            Provider loaded = load(debug);
            Crypto.offer(() -> loaded);
        }
    }

    private static boolean isJavaForced() {
        String variable = System.getenv().getOrDefault(VARIABLE, "").strip();
        if (!variable.isEmpty() && !variable.equalsIgnoreCase("jdk")) {
            throw new IllegalArgumentException(VARIABLE + " is '" + variable + "', but only jdk means something there: TLS and SHA-256 by Java itself");
        }
        return !variable.isEmpty();
    }

    private static @Nullable Provider load(Consumer<String> debug) {
        try {
            // While a library loads, its thread has the lock of native libraries, and Conscrypt's looks for a logger then: in the archives of the class path and
            // in Java's own. A thread that opens one of these for the first time waits for that lock, and the two for each other without end.
            new Inflater().end();
            Logger.getLogger("org.conscrypt.CryptoUpcalls");
            new OpenSSLMessageDigestJDK.SHA256(); // loads the library
            say(NativeLibrary.NAME, debug);
            return new NativeProvider();
        } catch (LinkageError | GeneralSecurityException | RuntimeException e) {
            say(JAVA + NativeLibrary.NAME + " does not load: " + NativeLibrary.why(e), debug);
            return null;
        }
    }

    private static void say(String who, Consumer<String> debug) {
        debug.accept("TLS and SHA-256 by " + who);
    }
}
