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
 * The tags of a repository, and the repositories of a registry, page after page: a short page is not the end, a page without a link is.
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
            add(client.ask(client.origin(), Api.tags(reference)), "tags", tags);
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
        return names(registry::page, Api.tags(reference), "tags", limit, bounds);
    }

    /**
     * Returns the repositories of a registry, as {@link #of} does tags. Many registries tell them to nobody.
     *
     * @param host the registry, {@code docker.io} for Docker Hub
     * @throws RegistryException if the first page cannot be fetched
     * @throws WrongContentException if the first page is not a list of repositories
     * @see <a href="https://distribution.github.io/distribution/spec/api/#listing-repositories">distribution, Listing Repositories</a>
     */
    public static Listed<String> repositories(String host, Network network, int limit, ListBounds bounds) throws IOException {
        if (host.contains("/")) {
            throw new IllegalArgumentException("'" + host + "' is not a registry: write its host alone, such as localhost:5000");
        }
        Reference registry = Reference.parse(host + "/any");
        Client client = Client.ofLogin(registry, network);
        try {
            return names(client::send, Api.catalog(host), "repositories", limit, bounds);
        } catch (RegistryException e) {
            boolean tellsNobody = List.of(401, 403, 404, 405).contains(e.status());
            throw tellsNobody ? e.and(". Many registries do not list their repositories, Docker Hub among them: search finds images there, and tags lists those of one repository") : e;
        }
    }

    /** Asks for a page. */
    private interface Pages {
        Client.FullResponse send(Request page) throws IOException;
    }

    private static Listed<String> names(Pages pages, Request first, String key, int limit, ListBounds bounds) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        Paging paging = new Paging(bounds);
        IOException missing = null;
        try {
            Request page = first;
            while (page != null && (limit == 0 || names.size() < limit)) {
                Client.FullResponse came = pages.send(page);
                add(came, key, names);
                page = paging.after(page, came);
            }
        } catch (RegistryException | WrongContentException e) {
            if (!paging.hasBegun()) {
                throw e;
            }
            missing = e;
        }
        List<String> list = new ArrayList<>(names);
        return new Listed<>(limit == 0 || list.size() <= limit ? list : list.subList(0, limit), missing);
    }

    private static void add(Client.FullResponse page, String key, Set<String> names) throws WrongContentException {
        for (JsonNode name : Json.object(page.bytes(), "the list of " + key).path(key)) {
            if (name.isTextual()) {
                names.add(name.asText());
            }
        }
    }
}
