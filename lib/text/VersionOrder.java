package lib.text;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The order in which people list versions: numbers by their value, a release after its candidates. */
public final class VersionOrder {
    /** 1.9 before 1.10, and 1.10-rc1 before 1.10. */
    public static final Comparator<String> OF_TAGS = VersionOrder::compare;

    private static final Pattern PART = Pattern.compile("[0-9]+|[^0-9]+");

    private VersionOrder() { }

    private static int compare(String one, String other) {
        Matcher left = PART.matcher(one);
        Matcher right = PART.matcher(other);
        while (true) {
            boolean more = left.find();
            boolean moreOfOther = right.find();
            if (!more || !moreOfOther) {
                return more ? endedBefore(left.group()) : moreOfOther ? -endedBefore(right.group()) : 0;
            }
            int difference = compareParts(left.group(), right.group());
            if (difference != 0) {
                return difference;
            }
        }
    }

    /** What follows a hyphen is a candidate or a variant of what ended there, and comes before it; anything else comes after. */
    private static int endedBefore(String rest) {
        return rest.startsWith("-") ? -1 : 1;
    }

    private static int compareParts(String one, String other) {
        boolean numbers = Character.isDigit(one.charAt(0)) && Character.isDigit(other.charAt(0));
        int byValue = numbers ? new BigInteger(one).compareTo(new BigInteger(other)) : 0;
        return byValue != 0 ? byValue : one.compareTo(other);
    }
}
