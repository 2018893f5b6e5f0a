package lib.registry;

import lib.registry.api.Api;

/**
 * How much is taken of a list, for a registry may name next pages for ever.
 *
 * @param pages how many pages, of usually a hundred items each
 */
public record ListBounds(int pages) {
    /** What is taken where nobody says otherwise. */
    public static final int USUAL_PAGES = 2000;

    private static final int BYTES_A_PAGE = 8 * 1024;

    /** Returns how many bytes are taken, all pages together: never less than the longest single page may have. */
    long bytes() {
        return Math.max(Api.LONGEST_PAGE, (long) pages * BYTES_A_PAGE);
    }

    /** Returns how many seconds a list may take. */
    long seconds() {
        return 60 + pages / 2;
    }
}
