package lib.shell;

import java.util.AbstractList;
import java.util.List;
import java.util.stream.Collectors;
import lib.text.PlainText;

/**
 * A list that JShell shows with each item on a line of its own, and without control characters in it, which could rewrite what stands on a terminal.
 *
 * @param <T> what is in it; {@link Object#toString()} says how an item is shown
 */
public final class Lines<T> extends AbstractList<T> {
    private final List<T> items;

    /** @param items what is in the list, which does not change any more */
    public Lines(List<T> items) {
        this.items = items;
    }

    @Override
    public T get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public String toString() {
        return isEmpty() ? "[]" : stream().map(item -> PlainText.lines(String.valueOf(item))).collect(Collectors.joining("\n"));
    }
}
