package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import lib.failure.RegistryException;
import lib.registry.api.Api;
import lib.registry.api.Request;
import lib.registry.http.RequestFailure;
import org.jspecify.annotations.Nullable;

/** Counts the pages of a list, up to its end or its bounds. */
public final class Paging {
    private final ListBounds bounds;
    private final long begun = System.nanoTime();
    private final Set<String> asked = new HashSet<>();
    private int pages;
    private long bytes;

    /** @param bounds how much of the list is taken */
    public Paging(ListBounds bounds) {
        this.bounds = bounds;
    }

    /** Returns whether a page has come. */
    public boolean hasBegun() {
        return pages > 0;
    }

    /**
     * Counts a page, and returns the request for the next one, or null if this was the last.
     *
     * @throws RegistryException when the next one leads nowhere, or is one too many
     */
    @Nullable Request after(Request page, Client.FullResponse came) throws IOException {
        URI uri = came.answer().uri();
        count(came.bytes().length);
        asked.add(page.uri().toString());
        String next = NextPage.of(came.answer());
        if (next == null) {
            return null;
        }
        if (asked.contains(next)) {
            throw RequestFailure.notARegistry(uri, "the page that it names as the next one has come already");
        }
        check(uri);
        return Api.nextPage(page, next);
    }

    /**
     * Counts a page.
     *
     * @param length its size in bytes
     */
    public void count(long length) {
        pages++;
        bytes += length;
    }

    /**
     * Checks that the next page may be asked for.
     *
     * @param uri the page that came last, for the message
     * @throws RegistryException if it would be one too many, by pages, bytes or seconds
     */
    public void check(URI uri) throws RegistryException {
        if (pages >= bounds.pages()) {
            throw RequestFailure.stopped(uri, "its list goes on after " + pages + " pages");
        }
        if (bytes >= bounds.bytes()) {
            throw RequestFailure.stopped(uri, "its list goes on after " + bytes + " bytes");
        }
        if ((System.nanoTime() - begun) / 1_000_000_000 >= bounds.seconds()) {
            throw RequestFailure.stopped(uri, "its list goes on after " + bounds.seconds() + " s");
        }
    }
}
