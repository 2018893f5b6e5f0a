package lib.verb.referrers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lib.image.Digest;
import lib.image.Referrer;

/**
 * Which of what refers to an image travels with it.
 *
 * @param wanted {@code all}, {@code none}, {@code signatures}, or an artifact type
 * @param isAsked whether somebody asked for it, so that what a finished archive has is not enough
 */
public record ReferrerSelection(String wanted, boolean isAsked) {
    /** All of it. */
    public static final ReferrerSelection ALL = new ReferrerSelection("all", false);
    /** Nothing. */
    public static final ReferrerSelection NONE = new ReferrerSelection("none", true);

    private static final Comparator<Referrer> ORDER = Comparator.comparingInt(Referrer::depth).thenComparing(referrer -> referrer.subject().toString())
            .thenComparing(Referrer::tag).thenComparing(referrer -> referrer.manifest().digest().toString());

    /** Returns what a word asks for; throws IllegalArgumentException if it is neither one of the three nor a type. */
    public static ReferrerSelection parse(String word) {
        boolean isType = word.matches("[\\w!#$&^.+-]+/[\\w!#$&^.+-]+(;.*)?");
        if (!isType && !word.matches("all|none|signatures")) {
            throw new IllegalArgumentException("referrers '" + word + "': all, none, signatures or a media type is needed, such as application/spdx+json");
        }
        return new ReferrerSelection(word, true);
    }

    /** Returns whether nothing is wanted. */
    public boolean isNone() {
        return wanted.equals("none");
    }

    /** Returns what is wanted of these, and what refers to that, in an order that does not depend on where they were found. */
    List<Referrer> of(List<Referrer> found) {
        List<Referrer> chosen = new ArrayList<>();
        Set<Digest> digests = new HashSet<>();
        for (Referrer referrer : found.stream().sorted(ORDER).toList()) {
            if (!isNone() && (referrer.depth() == 1 && takes(referrer) || digests.contains(referrer.subject()))) {
                digests.add(referrer.manifest().digest());
                chosen.add(referrer);
            }
        }
        return chosen;
    }

    private boolean takes(Referrer referrer) {
        return switch (wanted) {
            case "all" -> true;
            case "signatures" -> referrer.kind() == Referrer.Kind.SIGNATURE;
            default -> wanted.equals(referrer.artifactType());
        };
    }
}
