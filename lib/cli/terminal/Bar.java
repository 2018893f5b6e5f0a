package lib.cli.terminal;

import java.util.Locale;
import lib.text.Sizes;
import me.tongfei.progressbar.ProgressState;

/**
 * One bar of several that stand below each other, at a moment. All of them have the same columns, so that they line up; a narrow terminal has fewer.
 *
 * @param name    what it is of
 * @param present how many bytes are there
 * @param began   how many were there when the display began
 * @param total   how many there will be
 * @param seconds how long the display has been there
 */
record Bar(String name, long present, long began, long total, double seconds) {
    private static final int SHORTEST = 8;
    private static final int LONGEST = 30;
    private static final String LEFT = "%11s";
    private static final String SIZES = "%9s of %8s";
    private static final String RATE = "%12s";
    private static final int LEFT_COLUMNS = 11;
    private static final int SIZES_COLUMNS = 21;
    private static final int RATE_COLUMNS = 12;

    /** Returns how a bar of the library stands. */
    static Bar of(ProgressState state) {
        String name = state.getTaskName() + (state.getExtraMessage() == null ? "" : state.getExtraMessage());
        return new Bar(name, state.getCurrent(), state.getStart(), state.getMax(), state.getElapsedAfterStart().toMillis() / 1e3);
    }

    /**
     * Returns the line, of less than so many columns: in the last one, some terminals begin a new line.
     *
     * @param nameColumns how many of them are for the name
     */
    String line(int columns, int nameColumns) {
        int room = columns - 1 - nameColumns - " [] 100%".length();
        boolean hasLeft = room - LEFT_COLUMNS >= SHORTEST;
        room -= hasLeft ? LEFT_COLUMNS : 0;
        boolean hasSizes = hasLeft && room - SIZES_COLUMNS >= SHORTEST;
        room -= hasSizes ? SIZES_COLUMNS : 0;
        boolean hasRate = hasSizes && room - RATE_COLUMNS >= SHORTEST;
        room = Math.min(room - (hasRate ? RATE_COLUMNS : 0), LONGEST);
        String line = String.format("%-" + nameColumns + "s ", name) + bar(room) + String.format("%4d%%", present * 100 / Math.max(1, total))
                + (hasLeft ? String.format(LEFT, left()) : "") + (hasSizes ? String.format(SIZES, Sizes.of(present), Sizes.of(total)) : "")
                + (hasRate ? String.format(RATE, isDone() ? "" : Sizes.of((long) rate()) + "/s") : "");
        return line.substring(0, Math.max(0, Math.min(line.length(), columns - 1))).stripTrailing();
    }

    private String bar(int length) {
        int full = (int) (length * present / Math.max(1, total));
        return length < 1 ? "" : "[" + "=".repeat(full) + " ".repeat(length - full) + "]";
    }

    private boolean isDone() {
        return present >= total;
    }

    /** Returns bytes in a second, on average. */
    private double rate() {
        return seconds <= 0 ? 0 : Math.max(0, present - began) / seconds;
    }

    /** Returns how long the rest will take at this rate. */
    private String left() {
        if (isDone() || rate() < 1) {
            return "";
        }
        long rest = (long) Math.ceil((total - present) / rate());
        return rest >= 3600 ? String.format(Locale.ROOT, "%d h left", rest / 3600) : String.format(Locale.ROOT, "%d:%02d left", rest / 60, rest % 60);
    }
}
