package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Reference;
import lib.registry.api.Api;
import lib.registry.api.Request;
import lib.text.Json;

/**
 * The tags of a repository, page after page: a short page is not the end, a page without a link is.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags">distribution-spec, Listing Tags</a>
 */
public final class Tags {
    private Tags() { }

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
                for (JsonNode tag : Json.object(came.bytes(), "the list of tags").path("tags")) {
                    if (tag.isTextual()) {
                        tags.add(tag.asText());
                    }
                }
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
}
