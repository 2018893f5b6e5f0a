package lib.store.rootfs;

/**
 * What a layer has brought so far: its own whiteouts hide only what is below it. A layer may bring millions of paths,
 * so of each only a fingerprint of 64 bits is kept, and memory grows by some 16 bytes a path.
 *
 * @see <a href="http://www.isthe.com/chongo/tech/comp/fnv/">FNV, the fingerprint</a>
 */
final class SeenPaths {
    /** The fingerprint of the root folder. */
    static final long ROOT = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final int SMALLEST = 1024;

    private long[] table = new long[SMALLEST];
    private int count;

    /** Returns the fingerprint of a path, by that of its folder. */
    static long print(long folder, String name) {
        long print = (folder ^ '/') * PRIME;
        for (int i = 0; i < name.length(); i++) {
            print = (print ^ name.charAt(i)) * PRIME;
        }
        return print == 0 ? 1 : print; // zero marks a free place
    }

    void clear() {
        table = new long[SMALLEST];
        count = 0;
    }

    void add(long print) {
        if (2 * count >= table.length) {
            grow();
        }
        int place = placeOf(print);
        count += table[place] == 0 ? 1 : 0;
        table[place] = print;
    }

    boolean contains(long print) {
        return table[placeOf(print)] != 0;
    }

    /** Returns where a fingerprint is, or the free place where it belongs. */
    private int placeOf(long print) {
        int place = (int) (print ^ print >>> 32) & (table.length - 1);
        while (table[place] != 0 && table[place] != print) {
            place = (place + 1) & (table.length - 1);
        }
        return place;
    }

    private void grow() {
        long[] old = table;
        table = new long[2 * old.length];
        for (long print : old) {
            if (print != 0) {
                table[placeOf(print)] = print;
            }
        }
    }
}
