package lib.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What somebody who mistyped a word may have meant, as git guesses it. */
public final class Suggestion {
    private static final int FEW_LETTERS = 4;

    private Suggestion() { }

    /** Returns {@code : did you mean WORD?} for the nearest known word; else {@code otherwise}. */
    public static String of(String typed, Collection<String> known, String otherwise) {
        return nearest(typed, known).map(word -> ": did you mean " + word + "?").orElse(otherwise);
    }

    /** Returns the known word that is most like what was typed, if it begins with that or is at most two letters off. */
    public static Optional<String> nearest(String typed, Collection<String> known) {
        int most = typed.length() < FEW_LETTERS ? 1 : 2;
        return known.stream().filter(word -> word.startsWith(typed) || Math.abs(word.length() - typed.length()) <= most && distance(typed, word) <= most)
                .min(Comparator.comparingInt(word -> distance(typed, word)));
    }

    /** Returns known words, those first that are most like what was typed. */
    public static List<String> nearestFirst(String typed, Collection<String> known) {
        return known.stream().sorted(Comparator.comparingInt(word -> distance(typed, word))).toList();
    }

    /** Returns how many letters have to be added, removed or changed to make one word of the other (Levenshtein). */
    private static int distance(String one, String other) {
        int[] above = new int[other.length() + 1];
        for (int j = 0; j < above.length; j++) {
            above[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int changed = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(above[j], row[j - 1]) + 1);
            }
            above = row;
        }
        return above[other.length()];
    }
}
