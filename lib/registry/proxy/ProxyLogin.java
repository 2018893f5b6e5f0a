package lib.registry.proxy;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import lib.registry.address.Addresses;
import lib.registry.settings.UsernamePassword;

/**
 * Gives credentials to the proxies that were named, and to nothing else. One for HTTP is answered once
 * until it has let a request pass: Java would show it a wrong password twenty times, and companies lock accounts for less.
 * One object serves all requests, since Java keeps connections and what it learned about a proxy for each such object.
 */
public final class ProxyLogin extends Authenticator {
    static {
        // Java bars Basic credentials on the way to a proxy for HTTPS unless this list is empty.
        System.getProperties().putIfAbsent("jdk.http.auth.tunneling.disabledSchemes", "");
    }

    private final Map<String, ProxyAddress> known = new ConcurrentHashMap<>();
    private final Map<ProxyAddress, Boolean> passed = new ConcurrentHashMap<>();

    /**
     * Answers this proxy from now on, and returns it as Java knows it, at that of its addresses which answers.
     * Java asks for what a SOCKS proxy wants in one place only.
     *
     * @param millis how long an address is waited for, in milliseconds
     * @throws IOException if none of its addresses answers
     */
    public Proxy proxy(ProxyAddress address, int millis) throws IOException {
        return proxyAt(Addresses.answering(address.host(), address.port(), millis), address.port(), address);
    }

    /** Returns the same for one that Java is to look for in another place. */
    public Proxy proxyAt(String host, int port, ProxyAddress address) {
        if (address.credentials() != null && known.putIfAbsent(place(host, port), address) == null && address.type() == Proxy.Type.SOCKS) {
            Authenticator.setDefault(this);
        }
        return new Proxy(address.type(), new InetSocketAddress(host, port));
    }

    /** This proxy has let something pass. */
    public void passed(ProxyAddress address) {
        if (address.credentials() != null) {
            passed.put(address, true);
        }
    }

    @Override
    protected PasswordAuthentication getPasswordAuthentication() {
        boolean socks = "SOCKS5".equals(getRequestingProtocol());
        String place = place(getRequestingHost(), getRequestingPort());
        ProxyAddress address = socks || getRequestorType() == RequestorType.PROXY ? known.get(place) : null;
        if (address == null || !socks && Boolean.FALSE.equals(passed.putIfAbsent(address, false))) {
            return null;
        }
        UsernamePassword credentials = address.credentials();
        return new PasswordAuthentication(credentials.user(), credentials.password().toCharArray());
    }

    private static String place(String host, int port) {
        return host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "") + " " + port;
    }
}
