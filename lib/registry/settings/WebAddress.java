package lib.registry.settings;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses of other machines, as people write them into options and settings, and as registries send them. */
public final class WebAddress {
    private static final int LAST_PORT = 65535;
    /** Scheme and host, path, and query with fragment (RFC 3986, appendix B). */
    private static final Pattern REFERENCE = Pattern.compile("((?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*|[A-Za-z][A-Za-z0-9+.-]*:)?([^?#]*)([^\n]*)");

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

    /** Returns the host of an address, with its port unless that is the one its scheme has anyway: {@code HTTPS://Host:443/} is {@code host}. */
    public static String host(URI uri) {
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        return uri.getPort() < 0 || uri.getPort() == usualPort(uri) ? host : host + ":" + uri.getPort();
    }

    /** Returns the port of an address, written or not. */
    public static int port(URI uri) {
        return uri.getPort() < 0 ? usualPort(uri) : uri.getPort();
    }

    private static int usualPort(URI uri) {
        return "http".equals(uri.getScheme()) ? 80 : 443;
    }

    /** Returns whether two addresses have the same scheme and host, whether the scheme's own port is written or not. */
    public static boolean isSameHost(URI one, URI other) {
        return String.valueOf(one.getScheme()).equalsIgnoreCase(other.getScheme()) && host(one).equals(host(other));
    }

    /** Returns whether two hosts as settings name them, {@code registry.example.com:443}, are the same where the scheme's own port is written or not. */
    public static boolean isSameHost(String one, String other) {
        return one.equalsIgnoreCase(other) || withoutUsualPort(one).equalsIgnoreCase(other) || one.equalsIgnoreCase(withoutUsualPort(other));
    }

    /** Returns the host without the port that HTTPS or HTTP has anyway. */
    public static String withoutUsualPort(String host) {
        return host.replaceFirst(":(443|80)$", "");
    }

    /** Returns the address that a registry names, or null if it cannot be asked by HTTP: a file of this machine, say. */
    public static @Nullable URI orNull(@Nullable String text) {
        try {
            URI uri = URI.create(text);
            return isOne(uri) ? uri : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Returns where a reference leads that an answer from an address has, such as a Location (RFC 3986, section 5.2). Characters that no address
     * may have but servers send are percent-encoded, behind the host; the host is left as it is.
     *
     * @throws IllegalArgumentException when it is malformed all the same
     */
    public static URI resolve(URI from, String reference) {
        Matcher parts = REFERENCE.matcher(reference.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("an address is malformed");
        }
        String origin = parts.group(1) == null ? "" : parts.group(1);
        String scheme = origin.replaceFirst("//.*", "");
        String rest = encoded(parts.group(2), "[]") + encoded(parts.group(3), "");
        // Java goes by an older specification, where a query alone takes the place of the path's last part too.
        return origin.isEmpty() && parts.group(2).isEmpty()
                ? URI.create(from.toString().replaceFirst("[?#].*", "") + rest)
                : asSafe(from, from.resolve(URI.create(scheme.toLowerCase(Locale.ROOT) + origin.substring(scheme.length()) + rest)));
    }

    /** A server behind a proxy that speaks TLS for it may think that it is asked over HTTP: what it calls by that is asked over HTTPS (as in RFC 6797, section 8.3). */
    private static URI asSafe(URI from, URI to) {
        boolean own = "https".equals(from.getScheme()) && "http".equals(to.getScheme()) && from.getHost().equalsIgnoreCase(to.getHost())
                && (port(from) == port(to) || port(from) == 443 && port(to) == 80);
        return own ? URI.create("https://" + from.getRawAuthority() + to.toString().substring("http://".length() + to.getRawAuthority().length())) : to;
    }

    private static String encoded(String text, String more) {
        StringBuilder encoded = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isOdd = (" \"<>\\^`{|}" + more).indexOf(c) >= 0 || c == '%' && !text.substring(i + 1, Math.min(text.length(), i + 3)).matches("[0-9A-Fa-f]{2}");
            encoded.append(isOdd ? "%%%02X".formatted((int) c) : String.valueOf(c));
        }
        return encoded.toString();
    }

    /** Returns whether an address has a host that can be asked by HTTP. */
    public static boolean isOne(URI uri) {
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme()); // there is none in //host/path
        return web && uri.getHost() != null && uri.getPort() <= LAST_PORT;
    }
}
