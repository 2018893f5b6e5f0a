package lib.registry;

import java.net.URI;
import java.util.Map;

/**
 * Where a repository is served: at its registry, or at a mirror of it.
 *
 * @param root       the address of the API, such as {@code https://mirror.example.com/v2}
 * @param repository the repository's name there
 * @param namespace  the registry's host where the place wants to be told it by {@code ?ns=}, or null
 * @param origin     whether it is the registry itself, or what stands for it; only there the user's credentials are sent
 * @param insecure   whether it may show a certificate nobody signed
 * @param tags       whether it may be asked what a tag stands for
 * @param digests    whether it may be asked for what has a digest
 * @param headers    what it wants to find in every request
 * @param source     the option or the file that says so, for people
 */
record Endpoint(URI root, String repository, String namespace, boolean origin, boolean insecure, boolean tags, boolean digests,
        Map<String, String> headers, String source) {
    static final String DOCKER_HUB_API = "registry-1.docker.io";
    private static final String API = "/v2";

    /** Returns a place that is asked as any registry is; {@code base} is the address before {@code /v2}. */
    static Endpoint at(URI base, String repository, boolean origin, boolean insecure, String source) {
        return new Endpoint(URI.create(base.toString().replaceFirst("/+$", "") + API), repository, null, origin, insecure, true, true, Map.of(), source);
    }

    /** Returns the same, as one that may speak this scheme, or show a certificate nobody signed. */
    Endpoint insecureBy(String scheme) {
        URI address = URI.create(scheme + "://" + root.getRawAuthority() + root.getRawPath());
        return new Endpoint(address, repository, namespace, origin, true, tags, digests, headers, source);
    }

    /** Returns the address before {@code /v2}, where it ends in that. */
    URI base() {
        String text = root.toString();
        return text.endsWith(API) ? URI.create(text.substring(0, text.length() - API.length())) : root;
    }

    /** Returns the repository's address, by which places differ. */
    String address() {
        return root + "/" + repository;
    }

    /** Returns the address of the API's front door. */
    URI frontDoor() {
        return withNamespace(root + "/");
    }

    /** Returns the address of something of the repository: {@code /tags/list}, say. */
    URI uri(String path) {
        return withNamespace(root + "/" + repository + path);
    }

    private URI withNamespace(String address) {
        return URI.create(namespace == null ? address : address + (address.contains("?") ? "&" : "?") + "ns=" + namespace);
    }

    boolean isHostOf(URI uri) {
        return root.getScheme().equals(uri.getScheme()) && root.getRawAuthority().equalsIgnoreCase(uri.getRawAuthority());
    }

    /** Returns {@code HOST[/PATH]/REPOSITORY}, by which credentials are looked for. */
    String name() {
        return root.getRawAuthority() + base().getRawPath().replaceFirst("/+$", "") + "/" + repository;
    }
}
