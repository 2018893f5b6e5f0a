package lib.cli;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import lib.image.Referrer;

/** Counts in words what travels with images: {@code 2 signatures and 1 SBOM}. */
public final class ReferrerCount {
    private ReferrerCount() { }

    /** Returns {@code , with …}; "" if there is nothing. */
    public static String with(List<Referrer> referrers) {
        return referrers.isEmpty() ? "" : ", with " + of(referrers);
    }

    /** Returns the count, of whatever kinds there are. */
    public static String of(List<Referrer> referrers) {
        Map<Referrer.Kind, Integer> counts = new EnumMap<>(Referrer.Kind.class);
        referrers.forEach(referrer -> counts.merge(referrer.kind(), referrer.count(), Integer::sum));
        List<String> words = new ArrayList<>();
        counts.forEach((kind, count) -> words.add(count + " " + name(kind) + (count == 1 ? "" : "s")));
        int last = words.size() - 1;
        return last == 0 ? words.get(0) : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }

    private static String name(Referrer.Kind kind) {
        return switch (kind) {
            case SIGNATURE -> "signature";
            case ATTESTATION -> "attestation";
            case SBOM -> "SBOM";
            case OTHER -> "artifact";
        };
    }
}
