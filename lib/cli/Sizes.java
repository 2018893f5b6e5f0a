package lib.cli;

import java.util.Locale;

/** Sizes as people read them. */
public final class Sizes {
    private Sizes() { }

    /** Returns a number of bytes with a unit of a thousand, as registries' web pages show it: {@code 3.6 MB}. */
    public static String of(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double size = bytes;
        int unit = -1;
        while (size >= 999.95 && unit < 5) {
            size /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %cB", size, "kMGTPE".charAt(unit));
    }
}
