package lib.text;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A version as tags have it: {@code v1.27.3-rc.1-alpine} is the pre-release {@code rc.1} of 1.27.3 in the family {@code -alpine}.
 * Tags have as many numbers as they like, and what follows these says more often how an image was built than that it is a pre-release.
 *
 * @param numbers    at least one
 * @param preRelease such as {@code rc.1}; "" for a release
 * @param family     what stands behind, such as {@code -alpine3.20}; "" if nothing does
 * @see <a href="https://semver.org/spec/v2.0.0.html#spec-item-11">Semantic Versioning, precedence</a>
 */
public record TagVersion(List<BigInteger> numbers, String preRelease, String family) implements Comparable<TagVersion> {
    private static final Pattern TAG = Pattern.compile("[vV]?([0-9]+(?:\\.[0-9]+)*)"
            + "(?:[-._]?((?:alpha|beta|rc|pre|preview|dev|snapshot|nightly|canary|milestone|test|ea|cr|a|b|m)(?:[.-]?[0-9]+)*)(?![0-9A-Za-z]))?(.*)", Pattern.CASE_INSENSITIVE);

    /** Returns the version that a tag is, or null if it does not begin like one. */
    public static @Nullable TagVersion of(String tag) {
        Matcher parts = TAG.matcher(tag);
        if (!parts.matches()) {
            return null;
        }
        String family = parts.group(3);
        if (!family.isEmpty() && Character.isLetterOrDigit(family.charAt(0))) {
            return null; // 3f2a91c is a commit, 1st a word
        }
        List<BigInteger> numbers = new ArrayList<>();
        for (String number : parts.group(1).split("\\.")) {
            numbers.add(new BigInteger(number));
        }
        return new TagVersion(List.copyOf(numbers), parts.group(2) == null ? "" : parts.group(2), family);
    }

    /** Returns the first version behind all that begin with the first so many numbers of this: 1.28 for 1.27. */
    TagVersion after(int count) {
        List<BigInteger> next = new ArrayList<>(numbers.subList(0, Math.min(count, numbers.size())));
        next.set(next.size() - 1, next.get(next.size() - 1).add(BigInteger.ONE));
        return new TagVersion(next, "", family);
    }

    /** Returns the order of the numbers alone: 1.27 is 1.27.0. */
    int compareNumbers(TagVersion other) {
        for (int i = 0; i < Math.max(numbers.size(), other.numbers.size()); i++) {
            int difference = number(i).compareTo(other.number(i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    }

    private BigInteger number(int index) {
        return index < numbers.size() ? numbers.get(index) : BigInteger.ZERO;
    }

    /** Families are not compared: their versions have nothing to do with each other. */
    @Override
    public int compareTo(TagVersion other) {
        int byNumbers = compareNumbers(other);
        if (byNumbers != 0 || preRelease.equals(other.preRelease)) {
            return byNumbers;
        }
        return preRelease.isEmpty() ? 1 : other.preRelease.isEmpty() ? -1 : VersionOrder.OF_TAGS.compare(preRelease, other.preRelease);
    }
}
