package lib.registry;

import java.net.URI;
import java.util.List;

/** Addresses of other machines, as people write them into options and settings, and as registries send them. */
public final class WebAddress {
    private static final int LAST_PORT = 65535;

    private WebAddress() { }

    /**
     * Returns the address of a registry or a mirror: {@code http://host[:port][/path]}, or with https.
     *
     * @throws IllegalArgumentException for anything else, also where a name and a password stand before the host; the message
     *                                  repeats nothing of it
     */
    public static URI parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("an address is malformed");
        }
        if (String.valueOf(uri.getRawAuthority()).contains("@")) {
            throw new IllegalArgumentException("an address has a name or a password in it: keep these by docker login or podman login");
        }
        if (!isOne(uri) || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("an address is not of the form http://host:port/path or https://host:port/path, with letters, digits, dots and hyphens in the host");
        }
        return uri;
    }

    /** Tells whether an address has a host that can be asked by HTTP. */
    static boolean isOne(URI uri) {
        return uri.getHost() != null && uri.getPort() <= LAST_PORT && List.of("http", "https").contains(uri.getScheme());
    }
}
