package lib.text;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sizes as people read and write them. */
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
        long tenths = Math.round(size * 10); // Java's formatter takes ten milliseconds to get ready
        return tenths / 10 + "." + tenths % 10 + " " + "kMGTPE".charAt(unit) + "B";
    }

    /** Returns how much came from each of several hosts, the most first, with a colon before it: {@code : 3.6 MB from a.example, 1.2 MB from b.example}; "" where there is one. */
    public static String from(Map<String, Long> bytesByAddress) {
        List<String> each = bytesByAddress.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(host -> of(host.getValue()) + " from " + host.getKey().replaceFirst("^https?://", "")).toList();
        return each.size() < 2 ? "" : ": " + String.join(", ", each);
    }

    /** Returns the bytes that somebody means by {@code 512K}, {@code 8M} or {@code 20G}; throws IllegalArgumentException, which names the option, for anything else. */
    public static long parse(String option, String size) {
        if (!size.matches("[0-9]{1,9}([KkMmGgTt](iB)?)?")) {
            throw new IllegalArgumentException(option + " '" + size + "': write a size such as 512K, 8M or 20G");
        }
        String number = size.replaceAll("[^0-9].*", "");
        int shift = 10 * " KMGT".indexOf((size + " ").substring(number.length()).toUpperCase(Locale.ROOT).charAt(0));
        long count = Long.parseLong(number);
        if (count > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException(option + " '" + size + "': no file is as large as that");
        }
        return count << shift;
    }
}
