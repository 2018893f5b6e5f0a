package tests.support;

import java.util.Arrays;
import lib.crypto.boringssl.NativeProvider;

/** Runs a script with TLS and SHA-256 by the native library, whether it would use that or not. */
public final class Natively {
    private Natively() { }

    /** Takes the script's name and its arguments. */
    public static void main(String... args) throws Exception {
        NativeProvider.use(how -> {
            if (!how.contains("BoringSSL (Conscrypt") || how.contains("does not load")) {
                throw new IllegalStateException(how);
            }
        });
        String[] arguments = Arrays.copyOfRange(args, 1, args.length);
        Class.forName("scripts." + args[0]).getMethod("main", String[].class).invoke(null, (Object) arguments);
    }
}
