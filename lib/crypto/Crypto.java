package lib.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * TLS and SHA-256, by Java or by the provider that was offered. To get ready takes that one as long as Java takes to hash some megabytes, so it is asked for
 * when there are more, or when TLS is spoken. Java's own list of providers is left as it is: to add one to it, Java has to get all the others ready first.
 */
public final class Crypto {
    private static final long ENOUGH = 4 << 20;

    private static @Nullable Supplier<@Nullable Provider> offered;
    private static @Nullable Provider provider;
    private static long hashed;

    private Crypto() { }

    /** Has TLS and SHA-256 done by this provider once it is worth it. It is asked for no more than once, and null leaves both to Java. */
    public static synchronized void offer(Supplier<@Nullable Provider> other) {
        offered = other;
    }

    /** Returns a new SHA-256 for so many bytes. */
    public static MessageDigest sha256(long bytes) {
        Provider other = provider(bytes);
        try {
            return other == null ? MessageDigest.getInstance("SHA-256") : MessageDigest.getInstance("SHA-256", other);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns a new context of TLS, which is yet to be initialised; throws NoSuchAlgorithmException if this Java has none. */
    public static SSLContext tls() throws NoSuchAlgorithmException {
        Provider other = provider(ENOUGH);
        return other == null ? SSLContext.getInstance("TLS") : SSLContext.getInstance("TLS", other);
    }

    private static synchronized @Nullable Provider provider(long bytes) {
        hashed = bytes >= ENOUGH - hashed ? ENOUGH : hashed + bytes;
        if (offered != null && hashed >= ENOUGH) {
            provider = offered.get();
            offered = null;
        }
        return provider;
    }
}
