package lib.registry.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Reference;
import lib.registry.ListBounds;
import lib.registry.Listed;
import lib.registry.Network;
import lib.registry.Paging;
import lib.registry.api.Api;
import lib.registry.api.Request;
import lib.registry.http.Http;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import lib.registry.http.Retry;
import lib.text.Json;

/**
 * Docker Hub's own API, which knows what no registry's does: it can be searched, and tells a tag's platforms without its manifest.
 * It is asked without credentials, so of public repositories only.
 *
 * @see <a href="https://docs.docker.com/reference/api/hub/latest/">Docker Hub API</a>
 */
public final class Hub {
    /** Where Docker Hub answers. */
    public static final String ADDRESS = "https://hub.docker.com";
    private static final int LARGEST_PAGE = 100;

    private final String address;
    private final Network network;
    private final Http http;

    /** @param address the API's address before {@code /v2}; IllegalArgumentException is thrown for what is none */
    public Hub(String address, Network network) {
        if (!address.matches("https?://[^/?#@\\s]+(/[^?#\\s]*)?")) {
            throw new IllegalArgumentException("the address of Docker Hub's API, '" + address.replaceAll("//[^/]*@", "//***@") + "': write an address such as " + ADDRESS);
        }
        this.address = address.replaceFirst("/+$", "");
        this.network = network;
        this.http = new Http(network.http(), URI.create(address).getRawAuthority());
    }

    /**
     * Returns the repositories that Docker Hub finds for some words: official ones first, otherwise in its own order.
     *
     * @param limit how many to return at most; 0 for all
     * @throws RegistryException if the first page cannot be fetched
     */
    public Listed<ObjectNode> search(String words, int limit, ListBounds bounds) throws IOException {
        String path = "/v2/search/repositories/?query=" + URLEncoder.encode(words, StandardCharsets.UTF_8);
        Listed<ObjectNode> found = pages("Search for " + words, path + "&", "repo_name", limit, bounds);
        return new Listed<>(found.items().stream().sorted(Comparator.comparing(repository -> !repository.path("is_official").asBoolean())).toList(), found.missing());
    }

    /**
     * Returns the tags of a repository on Docker Hub, the last pushed first.
     *
     * @param limit how many to return at most; 0 for all
     * @throws IllegalArgumentException if the repository is on another registry
     * @throws RegistryException        if the first page cannot be fetched
     */
    public Listed<HubTag> tags(Reference reference, int limit, ListBounds bounds) throws IOException {
        String[] name = reference.repository().split("/");
        if (!reference.registry().equals(Reference.DOCKER_HUB) || name.length != 2) {
            throw new IllegalArgumentException(reference.familiarName() + " is not on Docker Hub, and other registries do not list platforms;"
                    + " the index of an image does");
        }
        String path = "/v2/namespaces/" + name[0] + "/repositories/" + name[1] + "/tags?";
        Listed<ObjectNode> found = pages("List the tags of " + reference.repository() + " with their platforms", path, "name", limit, bounds);
        return new Listed<>(found.items().stream().map(HubTag::new).toList(), found.missing());
    }

    /**
     * Pages are counted and not followed by the address of the next one: so they come from the host that was asked, also where
     * that passes on what Docker Hub sends. One that brings nothing new is the last one, whatever it says itself.
     */
    private Listed<ObjectNode> pages(String why, String path, String key, int limit, ListBounds bounds) throws IOException {
        int pageSize = limit == 0 ? LARGEST_PAGE : Math.min(limit, LARGEST_PAGE);
        Map<String, ObjectNode> all = new LinkedHashMap<>();
        Paging paging = new Paging(bounds);
        try {
            for (int page = 1; limit == 0 || all.size() < limit; page++) {
                URI uri = URI.create(address + path + "page=" + page + "&page_size=" + pageSize);
                byte[] bytes = page(Api.dockerHub(uri, why));
                ObjectNode answer = json(uri, bytes);
                paging.count(bytes.length);
                int before = all.size();
                for (JsonNode result : answer.path("results")) {
                    if (result instanceof ObjectNode object && (limit == 0 || all.size() < limit)) {
                        all.putIfAbsent(object.path(key).asText(), object);
                    }
                }
                if (all.size() == before || !answer.path("next").isTextual()) {
                    break;
                }
                paging.check(uri);
            }
        } catch (RegistryException | WrongContentException e) {
            if (!paging.hasBegun()) {
                throw e;
            }
            return new Listed<>(List.copyOf(all.values()), e);
        }
        return new Listed<>(List.copyOf(all.values()), null);
    }

    private byte[] page(Request request) throws IOException {
        Retry retry = new Retry(network.http().retries(), network.http().notice());
        while (true) {
            try (Response answer = http.send(request.to(request.uri(), Map.of(), network.hosts().insecure()))) {
                if (!request.isAnsweredBy(answer.status())) {
                    throw RequestFailure.of(answer, request.failure(answer.status()));
                }
                return answer.bytes(request.longest(), request.content());
            } catch (RegistryException e) {
                retry.await(e, e.mayPass());
            }
        }
    }

    private static ObjectNode json(URI uri, byte[] bytes) throws RegistryException {
        try {
            return Json.object(bytes, "the answer");
        } catch (WrongContentException e) {
            throw RequestFailure.notARegistry(uri, e.getMessage());
        }
    }
}
