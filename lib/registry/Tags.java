package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lib.image.Json;
import lib.image.Reference;
import lib.image.WrongContent;

//SOURCES ../image/Json.java
//SOURCES ../image/Reference.java
//SOURCES ../image/WrongContent.java
//SOURCES Answer.java
//SOURCES NextPage.java
//SOURCES Registry.java
//SOURCES RegistryException.java

/**
 * The tags of a repository, page after page: a short page is not the end, a page without a link is.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-tags">distribution-spec, Listing Tags</a>
 */
public final class Tags {
    private static final int LONGEST_PAGE = 16 * 1024 * 1024;

    private Tags() { }

    /** Returns all tags in the registry's order, or the first ones up to a limit; 0 is no limit. */
    public static List<String> of(Registry registry, Reference reference, int limit) throws IOException {
        Set<String> tags = new LinkedHashSet<>();
        Set<String> pages = new HashSet<>();
        String page = "/tags/list";
        while (page != null && pages.add(page) && (limit == 0 || tags.size() < limit)) {
            try (Answer answer = registry.ask("List the tags of " + reference.repository(), page)) {
                if (answer.status() != 200) {
                    throw RegistryException.of(answer, "no tags of " + reference.registry() + "/" + reference.repository());
                }
                tags.addAll(tags(answer));
                page = NextPage.of(answer);
            }
        }
        List<String> list = new ArrayList<>(tags);
        return limit == 0 || list.size() <= limit ? list : list.subList(0, limit);
    }

    private static List<String> tags(Answer answer) throws IOException {
        byte[] bytes = answer.body().readNBytes(LONGEST_PAGE + 1);
        if (bytes.length > LONGEST_PAGE) {
            throw new WrongContent("a page of tags with more than " + LONGEST_PAGE + " bytes: refused");
        }
        ObjectNode json = Json.object(bytes, "the list of tags");
        List<String> tags = new ArrayList<>();
        for (JsonNode tag : json.path("tags")) {
            tags.add(tag.asText());
        }
        return tags;
    }
}
