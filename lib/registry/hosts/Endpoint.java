package lib.registry.hosts;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import lib.image.Reference;
import lib.registry.api.Purpose;
import lib.registry.api.Request;
import lib.registry.settings.DockerHub;
import lib.registry.settings.WebAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository is served: at its registry, or at a mirror of it.
 *
 * @param root       the address of the API, such as {@code https://mirror.example.com/v2}
 * @param repository the repository's name there
 * @param namespace  the registry's host if the endpoint is to be told it by {@code ?ns=}, else null
 * @param origin     whether it is the registry itself, or what replaces it; the user's credentials are sent only there
 * @param insecure   whether its certificate is not checked
 * @param tags       whether it may be asked what a tag points to
 * @param digests    whether it may be asked for content by digest
 * @param listed     whether the settings list it among the mirrors, as they may the registry itself
 * @param headers    the headers that every request to it has
 * @param source     the option or the file that says so, for people
 */
public record Endpoint(URI root, String repository, @Nullable String namespace, boolean origin, boolean insecure, boolean tags, boolean digests, boolean listed,
        Map<String, String> headers, String source) {
    private static final String API = "/v2";

    /** Returns a place that is asked as any registry is; {@code base} is the address before {@code /v2}. */
    static Endpoint at(URI base, String repository, boolean origin, boolean insecure, String source) {
        return new Endpoint(URI.create(base.toString().replaceFirst("/+$", "") + API), repository, null, origin, insecure, true, true, !origin, Map.of(), source);
    }

    /** Returns the same, as one that may speak this scheme, or show a certificate nobody signed. */
    Endpoint insecureBy(String scheme) {
        URI address = URI.create(scheme + "://" + root.getRawAuthority() + root.getRawPath());
        return new Endpoint(address, repository, namespace, origin, true, tags, digests, listed, headers, source);
    }

    /** Returns the same as one that is the registry itself, and gets what is meant for that: credentials, headers, lenience. */
    Endpoint asRegistry(boolean insecureToo, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(more);
        all.putAll(headers);
        return new Endpoint(root, repository, namespace, true, insecure || insecureToo, tags, digests, listed, all, source);
    }

    /** Returns the same as one that the settings list among the mirrors, or not. */
    Endpoint listed(boolean among) {
        return new Endpoint(root, repository, namespace, origin, insecure, tags, digests, among, headers, source);
    }

    /** Returns the address before {@code /v2}, where it ends in that. */
    public URI base() {
        String text = root.toString();
        return text.endsWith(API) ? URI.create(text.substring(0, text.length() - API.length())) : root;
    }

    /** Returns the repository's address, by which places differ. A port that the scheme has anyway is left out of it. */
    public String address() {
        return root.getScheme() + "://" + WebAddress.host(root) + root.getRawPath() + "/" + repository;
    }

    /** Returns the same, without a port that the scheme has anyway: what serves several repositories has one such address. */
    public String server() {
        return root.getScheme() + "://" + WebAddress.host(root) + base().getRawPath().replaceFirst("/+$", "");
    }

    /** Returns the address of the API's front door. */
    public URI frontDoor() {
        return withNamespace(root + "/");
    }

    /** Returns the address of something of the repository: {@code /tags/list}, say. */
    public URI uri(String path) {
        return withNamespace(root + "/" + repository + path);
    }

    /** Returns the address that a request goes to here: its own, where it has a whole one. */
    public URI uri(Request request) {
        if (request.uri().isAbsolute()) {
            return request.uri();
        }
        return switch (request.purpose()) {
            case FRONT_DOOR -> frontDoor();
            case CATALOG -> withNamespace(root + "/_catalog");
            default -> uri(request.uri().toString());
        };
    }

    private URI withNamespace(String address) {
        return URI.create(namespace == null ? address : address + (address.contains("?") ? "&" : "?") + "ns=" + namespace);
    }

    /** Returns whether an address is on this endpoint's host and port. */
    public boolean isHostOf(URI uri) {
        return WebAddress.isSameHost(root, uri);
    }

    /** Returns whether this is Docker Hub's registry. */
    private boolean isDockerHub() {
        return WebAddress.host(root).equals(DockerHub.API_HOST);
    }

    /**
     * Returns {@code HOST[/PATH]/REPOSITORY}, by which credentials are looked for; over plain HTTP always with a port.
     * Docker Hub's are kept under its own name, whatever its API's host is called.
     */
    public String name() {
        if (origin && isDockerHub()) {
            return Reference.DOCKER_HUB + "/" + repository;
        }
        String host = root.getScheme().equals("http") && root.getPort() < 0 ? root.getRawAuthority() + ":80" : root.getRawAuthority();
        return host + base().getRawPath().replaceFirst("/+$", "") + "/" + repository;
    }
}
