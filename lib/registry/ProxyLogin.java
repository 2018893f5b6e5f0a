package lib.registry;

import java.net.Authenticator;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

//SOURCES Credentials.java
//SOURCES ProxyAddress.java

/**
 * Answers the proxies that were named when they ask who is there, and nobody else. One for HTTP is answered once
 * until it has let a request pass: Java would show it a wrong password twenty times, and companies lock accounts for less.
 * One object serves all requests, since Java keeps connections and what it learned about a proxy for each such object.
 */
final class ProxyLogin extends Authenticator {
    static {
        // Java bars Basic credentials on the way to a proxy for HTTPS unless this list is empty.
        System.getProperties().putIfAbsent("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private final Map<String, ProxyAddress> known = new ConcurrentHashMap<>();
    private final Map<String, Boolean> passedByPlace = new ConcurrentHashMap<>();

    /** Answers this proxy from now on, and returns it as Java knows it. Java asks for what a SOCKS proxy wants in one place only. */
    Proxy proxy(ProxyAddress address) {
        if (address.credentials() != null && known.putIfAbsent(place(address), address) == null && address.type() == Proxy.Type.SOCKS) {
            Authenticator.setDefault(this);
        }
        return address.toJava();
    }

    /** This proxy has let something pass. */
    void passed(ProxyAddress address) {
        if (address.credentials() != null) {
            passedByPlace.put(place(address), true);
        }
    }

    @Override
    protected PasswordAuthentication getPasswordAuthentication() {
        boolean socks = "SOCKS5".equals(getRequestingProtocol());
        String place = place(getRequestingHost(), getRequestingPort());
        ProxyAddress address = socks || getRequestorType() == RequestorType.PROXY ? known.get(place) : null;
        if (address == null || !socks && Boolean.FALSE.equals(passedByPlace.putIfAbsent(place, false))) {
            return null;
        }
        Credentials credentials = address.credentials();
        return new PasswordAuthentication(credentials.user(), credentials.password().toCharArray());
    }

    private static String place(ProxyAddress address) {
        return place(address.host(), address.port());
    }

    private static String place(String host, int port) {
        return host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "") + " " + port;
    }
}
