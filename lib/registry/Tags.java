package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Reference;
import lib.registry.api.Api;
import lib.registry.api.Request;
import lib.text.Json;
import lib.text.Suggestion;

/**
 * The tags of a repository, page after page: a short page is not the end, a page without a link is.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags">distribution-spec, Listing Tags</a>
 */
public final class Tags {
    /** How long somebody who mistyped a tag waits to hear of the right one. */
    private static final int PATIENCE_SECONDS = 3;
    private static final int LONGEST_TAG = 128;

    private Tags() { }

    /** Sends a request for what a tag points to. If there is no such tag, the exception also names the one that is most like it, as far as the registry says so soon. */
    static Client.FullResponse sendFor(Reference reference, Client client, Request request) throws IOException {
        try {
            return client.send(request);
        } catch (RegistryException e) {
            throw e.status() == 404 ? e.and(nearest(reference, client)) : e;
        }
    }

    private static String nearest(Reference reference, Client client) {
        FutureTask<Set<String>> first = new FutureTask<>(() -> {
            Set<String> tags = new LinkedHashSet<>();
            add(client.ask(client.origin(), Api.tags(reference)), tags);
            tags.removeIf(tag -> tag.length() > LONGEST_TAG);
            return tags;
        });
        Thread thread = new Thread(first, "nearest tag");
        thread.setDaemon(true);
        thread.start();
        try {
            return Suggestion.nearest(reference.tag(), first.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).map(tag -> "; the nearest tag is " + tag).orElse("");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        } catch (ExecutionException | TimeoutException e) {
            return ""; // that the tag is not there is what matters
        }
    }

    /**
     * Returns the tags of a repository in the registry's order. If a later page cannot be fetched, the tags of the pages before it
     * are returned with what went wrong.
     *
     * @param limit how many tags to return at most; 0 for all
     * @throws RegistryException     if the first page cannot be fetched
     * @throws WrongContentException if the first page is not a list of tags
     */
    public static Listed<String> of(Registry registry, Reference reference, int limit, ListBounds bounds) throws IOException {
        Set<String> tags = new LinkedHashSet<>();
        Paging paging = new Paging(bounds);
        IOException missing = null;
        try {
            Request page = Api.tags(reference);
            while (page != null && (limit == 0 || tags.size() < limit)) {
                Client.FullResponse came = registry.page(page);
                add(came, tags);
                page = paging.after(page, came);
            }
        } catch (RegistryException | WrongContentException e) {
            if (!paging.hasBegun()) {
                throw e;
            }
            missing = e;
        }
        List<String> list = new ArrayList<>(tags);
        return new Listed<>(limit == 0 || list.size() <= limit ? list : list.subList(0, limit), missing);
    }

    private static void add(Client.FullResponse page, Set<String> tags) throws WrongContentException {
        for (JsonNode tag : Json.object(page.bytes(), "the list of tags").path("tags")) {
            if (tag.isTextual()) {
                tags.add(tag.asText());
            }
        }
    }
}
