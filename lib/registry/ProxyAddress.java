package lib.registry;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

//SOURCES Credentials.java

/** A proxy: {@code http://[user:password@]host:port} or {@code socks5://host:port}. The credentials are null where none are given. */
public record ProxyAddress(Proxy.Type type, String host, int port, Credentials credentials) {

    /** Returns the proxy of this address; throws IllegalArgumentException, which does not repeat a password, for anything else. */
    public static ProxyAddress parse(String text) {
        URI uri;
        try {
            uri = URI.create(text.contains("://") ? text : "http://" + text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the proxy's address is malformed: write http://[user:password@]host:port or socks5://host:port");
        }
        Proxy.Type type = switch (String.valueOf(uri.getScheme())) {
            case "http" -> Proxy.Type.HTTP;
            case "socks5", "socks5h", "socks" -> Proxy.Type.SOCKS;
            default -> throw new IllegalArgumentException("a proxy is reached by http:// or socks5://, not by " + uri.getScheme() + "://");
        };
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("the proxy's address has no host: write http://[user:password@]host:port or socks5://host:port");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : type == Proxy.Type.HTTP ? 3128 : 1080;
        return new ProxyAddress(type, uri.getHost(), port, credentials(uri.getRawUserInfo()));
    }

    private static Credentials credentials(String userInfo) {
        if (userInfo == null) {
            return null;
        }
        String[] parts = userInfo.split(":", 2);
        return new Credentials(decoded(parts[0]), parts.length == 2 ? decoded(parts[1]) : "");
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    Proxy toJava() {
        return new Proxy(type, new InetSocketAddress(host, port));
    }
}
