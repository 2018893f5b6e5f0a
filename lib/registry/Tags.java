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
     * Returns all tags in the registry's order, or the first ones up to a limit; 0 is no limit. Where a later page cannot be had,
     * those of the pages before it are returned with what went wrong.
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
