package lib.store.volume;

import java.util.Collection;
import java.util.List;
import java.util.SortedSet;

/**
 * How somebody wants an archive to be cut, and which volumes of it are to be made.
 *
 * @param size    the size of a volume in bytes
 * @param numbers the volumes that are to be made, each by itself; none for all of them together
 */
public record VolumeChoice(long size, SortedSet<Integer> numbers) {
    /** Returns the numbers of the volumes that are made one after the other; only 0 where all are made together. */
    public Collection<Integer> each() {
        return numbers.isEmpty() ? List.of(0) : numbers;
    }

    /** Returns how many are made of an archive that has so many. */
    public int made(int count) {
        return numbers.isEmpty() ? count : numbers.size();
    }
}
