package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import lib.image.Reference;

//SOURCES Http.java
//SOURCES Loopback.java
//SOURCES Network.java
//SOURCES ../image/Reference.java

/**
 * Where a registry's API is served: at its own host, or at a mirror of it.
 *
 * @param base   the address before {@code /v2/}
 * @param origin whether it is the registry itself; only there the user's credentials are sent
 */
record Endpoint(URI base, boolean origin) {
    private static final String DOCKER_HUB_API = "registry-1.docker.io";

    /** Returns the places to ask for an image, in order: the mirrors that the user named, then the registry itself. */
    static List<Endpoint> of(Reference reference, Network network, Http http) throws IOException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (URI mirror : network.mirrors().getOrDefault(reference.registry(), List.of())) {
            endpoints.add(new Endpoint(mirror, false));
        }
        String host = reference.registry().equals(Reference.DOCKER_HUB) ? DOCKER_HUB_API : reference.registry();
        endpoints.add(new Endpoint(URI.create(scheme(host, network, http) + "://" + host), true));
        return endpoints;
    }

    /** HTTPS, but for this machine and for hosts the user calls insecure, and there only when the host speaks no TLS. */
    private static String scheme(String host, Network network, Http http) throws IOException {
        URI uri = URI.create("https://" + host + "/v2/");
        if (!Loopback.is(uri.getHost()) && !network.insecure()) {
            return "https";
        }
        if (network.proxies().of(uri).proxy() != null) {
            return http.speaksTls(uri) ? "https" : "http";
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : 443;
        String address = uri.getHost().replaceAll("[\\[\\]]", "");
        try {
            return Loopback.refusesTls(address, port) ? "http" : "https";
        } catch (IOException e) {
            boolean onlyByProxy = network.proxies().of(URI.create("http://" + host + "/v2/")).proxy() != null;
            return uri.getPort() >= 0 && !onlyByProxy ? "https" : "http";
        }
    }

    /** Returns the address of something under this endpoint's {@code /v2/}. */
    URI uri(String path) {
        return URI.create(base.toString().replaceFirst("/+$", "") + "/v2/" + path);
    }

    boolean isHostOf(URI uri) {
        return base.getScheme().equals(uri.getScheme()) && base.getRawAuthority().equalsIgnoreCase(uri.getRawAuthority());
    }
}
