package lib.registry;

import lib.registry.api.Api;

/**
 * How much of a list is taken: a registry could name next pages for ever.
 *
 * @param pages how many pages, of usually a hundred items each
 */
public record ListBounds(int pages) {
    /** The number of pages taken by default. */
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
