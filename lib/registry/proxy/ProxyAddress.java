package lib.registry.proxy;

import java.net.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import lib.registry.settings.UsernamePassword;
import org.jspecify.annotations.Nullable;

/**
 * A proxy: {@code http://[user:password@]host[:port]}, the same with https://, or {@code socks5://[user:password@]host[:port]}, or socks5h://.
 *
 * @param type        by which protocol it is spoken to
 * @param tls         whether it is spoken to over TLS
 * @param namesByIt   for SOCKS, whether it is given the names of hosts and looks them up itself
 * @param host        where it is
 * @param port        as in curl, 1080 where the address has none, or 443 over TLS
 * @param credentials a name and a password for the proxy, or null
 */
public record ProxyAddress(Proxy.Type type, boolean tls, boolean namesByIt, String host, int port, @Nullable UsernamePassword credentials) {
    private static final int USUAL_PORT = 1080;
    private static final int USUAL_TLS_PORT = 443;
    private static final int LAST_PORT = 65535;
    private static final String FORMS = "write http://[user:password@]host:port, https://host:port, socks5://host:port or socks5h://host:port";

    /** Returns the proxy of this address; throws IllegalArgumentException, which does not repeat a password, for anything else. */
    public static ProxyAddress parse(String text) {
        URI uri;
        try {
            uri = URI.create(text.contains("://") ? text : "http://" + text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the proxy's address is malformed: " + FORMS);
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        Proxy.Type type = switch (scheme) {
            case "http", "https" -> Proxy.Type.HTTP;
            case "socks", "socks5", "socks5h" -> Proxy.Type.SOCKS;
            default -> throw new IllegalArgumentException("a proxy is not spoken to by " + scheme + "://: " + FORMS);
        };
        if (uri.getHost() == null || uri.getPort() > LAST_PORT) {
            throw new IllegalArgumentException("the proxy's address has no host, no such port, or a sign in its password that must be written as %XX: " + FORMS);
        }
        boolean tls = scheme.equals("https");
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? USUAL_TLS_PORT : USUAL_PORT;
        return new ProxyAddress(type, tls, type == Proxy.Type.SOCKS && !scheme.equals("socks5"), uri.getHost(), port, credentials(uri.getRawUserInfo()));
    }

    private static UsernamePassword credentials(String userInfo) {
        if (userInfo == null || userInfo.isEmpty()) {
            return null;
        }
        String[] parts = userInfo.split(":", 2);
        return new UsernamePassword(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Returns the address without the name and the password. */
    public String withoutLogin() {
        return scheme() + host + ":" + port;
    }

    private String scheme() {
        return (type == Proxy.Type.HTTP ? tls ? "https" : "http" : namesByIt ? "socks5h" : "socks5") + "://";
    }

    /** Returns the address without the password. */
    @Override
    public String toString() {
        return scheme() + (credentials == null ? "" : credentials.user() + ":***@") + host + ":" + port;
    }
}
