package lib.text;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which versions are wanted, as package managers write it: {@code 1.27 - 1.29}, {@code ^1.27}, {@code ~1.27.1}, {@code >=1.27 <2}, {@code 1.27.x},
 * and {@code ||} between such ranges. A version without an operator means all that begin with its numbers. A family behind one, as in {@code ^1.27-alpine},
 * takes only tags of exactly this family, a range without one only tags without.
 *
 * @param text       as it is written
 * @param ranges     the versions that are taken are in one of these
 * @param family     the family of all of them
 * @param preRelease whether a pre-release is named in it: then others are wanted, too
 * @see <a href="https://github.com/npm/node-semver#ranges">npm, Ranges</a>
 */
public record VersionRange(String text, List<List<Bound>> ranges, String family, boolean preRelease) {
    private static final Pattern HYPHEN = Pattern.compile("(\\S+)\\s+-\\s+(\\S+)");
    private static final Pattern COMPARISON = Pattern.compile("(\\^|~|>=|<=|>|<|=)?\\s*([^\\s,<>=^~|]+)");
    private static final Pattern WILDCARD = Pattern.compile("[vV]?((?:[0-9]+\\.)*)[xX*](?:\\.[xX*])*(-.*)?");

    /** The versions from one on, or those before one. */
    public record Bound(TagVersion version, boolean isLower) {
        /** A pre-release of the version that a range ends before is not in the range: 2.0-rc1 is not {@code <2}. */
        boolean takes(TagVersion other) {
            if (isLower) {
                return other.compareTo(version) >= 0;
            }
            return version.preRelease().isEmpty() ? other.compareNumbers(version) < 0 : other.compareTo(version) < 0;
        }
    }

    /** Reads a range; throws IllegalArgumentException if it is not a range. */
    public static VersionRange parse(String text) {
        List<List<Bound>> ranges = new ArrayList<>();
        for (String range : text.split("\\|\\|", -1)) {
            ranges.add(range(range.strip(), text));
        }
        List<TagVersion> named = ranges.stream().flatMap(List::stream).map(Bound::version).toList();
        List<String> families = Stream.concat(named.stream().map(TagVersion::family), familyOfWildcard(text)).filter(family -> !family.isEmpty()).distinct().toList();
        if (families.size() > 1) {
            throw new IllegalArgumentException("'" + text + "' names " + families.size() + " families, " + String.join(" and ", families) + ": write an entry for each");
        }
        return new VersionRange(text, ranges, families.isEmpty() ? "" : families.get(0), named.stream().anyMatch(version -> !version.preRelease().isEmpty()));
    }

    /** A wildcard alone, such as {@code *-alpine}, has no bound that could name the family. */
    private static Stream<String> familyOfWildcard(String text) {
        return Stream.of(text.split("[\\s,|]+")).map(WILDCARD::matcher).filter(Matcher::matches).map(parts -> parts.group(2) == null ? "" : parts.group(2));
    }

    private static List<Bound> range(String range, String whole) {
        Matcher hyphen = HYPHEN.matcher(range);
        if (hyphen.matches()) {
            TagVersion to = version(hyphen.group(2), whole);
            return List.of(new Bound(version(hyphen.group(1), whole), true), new Bound(through(to), false));
        }
        List<Bound> bounds = new ArrayList<>();
        Matcher comparison = COMPARISON.matcher(range);
        int at = 0;
        while (comparison.find()) {
            if (!range.substring(at, comparison.start()).matches("[\\s,]*")) {
                throw wrong(whole);
            }
            at = comparison.end();
            add(comparison.group(1), comparison.group(2), bounds, whole);
        }
        if (at == 0 || at < range.length()) {
            throw wrong(whole);
        }
        return bounds;
    }

    private static void add(@Nullable String operator, String text, List<Bound> bounds, String whole) {
        Matcher wildcard = WILDCARD.matcher(text);
        if (wildcard.matches()) {
            if (operator != null && !operator.equals("=")) {
                throw wrong(whole);
            }
            if (wildcard.group(1).isEmpty()) {
                return; // all of them
            }
            text = wildcard.group(1).replaceFirst("\\.$", "") + (wildcard.group(2) == null ? "" : wildcard.group(2));
        }
        TagVersion version = version(text, whole);
        switch (operator == null ? "=" : operator) {
            case ">=" -> bounds.add(new Bound(version, true));
            case ">" -> bounds.add(new Bound(through(version), true));
            case "<" -> bounds.add(new Bound(version, false));
            case "<=" -> bounds.add(new Bound(through(version), false));
            case "^" -> between(version, version.after(firstNotZero(version)), bounds);
            case "~" -> between(version, version.after(2), bounds);
            default -> between(version, through(version), bounds);
        }
    }

    private static void between(TagVersion from, TagVersion to, List<Bound> bounds) {
        bounds.add(new Bound(from, true));
        bounds.add(new Bound(to, false));
    }

    /** Returns the first version behind this one and all that begin with its numbers. Nothing comes between a pre-release and the one behind it. */
    private static TagVersion through(TagVersion version) {
        return version.preRelease().isEmpty() ? version.after(version.numbers().size()) : new TagVersion(version.numbers(), version.preRelease() + ".0", version.family());
    }

    /** Below 1.0 the second number changes with what breaks, below 0.1 the third. */
    private static int firstNotZero(TagVersion version) {
        int count = 1;
        while (count < version.numbers().size() && version.numbers().get(count - 1).equals(BigInteger.ZERO)) {
            count++;
        }
        return count;
    }

    private static TagVersion version(String text, String whole) {
        TagVersion version = TagVersion.of(text);
        if (version == null) {
            throw wrong(whole);
        }
        return version;
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("'" + text + "' is not a range of versions: write '1.27 - 1.29', '^1.27', '~1.27.1', '>=1.27 <2' or '1.27.x', with '-alpine' behind a version for that family");
    }

    /** Returns whether a tag is a version that is wanted. */
    public boolean takes(String tag, boolean withPreReleases) {
        TagVersion version = TagVersion.of(tag);
        boolean isWanted = version != null && version.family().equals(family) && (version.preRelease().isEmpty() || preRelease || withPreReleases);
        return isWanted && ranges.stream().anyMatch(bounds -> bounds.stream().allMatch(bound -> bound.takes(version)));
    }
}
