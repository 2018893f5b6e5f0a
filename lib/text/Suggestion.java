package lib.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What somebody who mistyped a word may have meant, as git guesses it. */
public final class Suggestion {
    private static final int FEW_LETTERS = 4;

    private Suggestion() { }

    /** Returns {@code : did you mean WORD?} for the known word that begins with what was typed or is at most two letters off; else {@code otherwise}. */
    public static String of(String typed, Collection<String> known, String otherwise) {
        int most = typed.length() < FEW_LETTERS ? 1 : 2;
        Optional<String> near = known.stream().filter(word -> word.startsWith(typed) || distance(typed, word) <= most)
                .min(Comparator.comparingInt(word -> distance(typed, word)));
        return near.map(word -> ": did you mean " + word + "?").orElse(otherwise);
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
