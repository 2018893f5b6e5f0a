package lib.registry.address;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a host. Java looks all of them up and connects to the first only. Here the first is given a moment;
 * then the others are tried as well, and the one that answers is used from then on. Where addresses were given, nothing is looked up.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8305">RFC 8305, Happy Eyeballs</a>
 */
public final class Addresses {
    /** How long an address is waited for before another one is tried beside it (RFC 8305, section 5), in milliseconds. */
    public static final int MOMENT_MILLIS = 250;

    /** Which address answers, by host and port, for the whole program: so Java keeps what it looked up, too. */
    private static final Map<String, InetAddress> ANSWERING = new ConcurrentHashMap<>();

    private Addresses() { }

    /**
     * Returns all addresses of a host, IPv4 and IPv6 in turn (RFC 8305, section 4). The first is the one that Java would use.
     *
     * @throws UnknownHostException if there are none
     */
    public static List<InetAddress> of(String host, int port) throws UnknownHostException {
        List<InetAddress> first = new ArrayList<>();
        List<InetAddress> second = new ArrayList<>();
        for (InetAddress address : known(host, port)) {
            (first.isEmpty() || address.getClass() == first.get(0).getClass() ? first : second).add(address);
        }
        for (int i = 0; i < second.size(); i++) {
            first.add(Math.min(2 * i + 1, first.size()), second.get(i));
        }
        return first;
    }

    private static List<InetAddress> known(String host, int port) throws UnknownHostException {
        List<InetAddress> given = GivenAddresses.of(host, port);
        return given != null ? given : List.of(InetAddress.getAllByName(withoutBrackets(host)));
    }

    /** Returns all addresses of a host that are given, whatever the port, or else those that are looked up. */
    static List<InetAddress> ofAnyPort(String host) throws UnknownHostException {
        List<InetAddress> given = GivenAddresses.of(host);
        return given.isEmpty() ? List.of(InetAddress.getAllByName(withoutBrackets(host))) : given;
    }

    /**
     * Returns whether a host has more than one address, so that it matters which is used.
     *
     * @throws UnknownHostException if it has none
     */
    public static boolean areSeveral(String host, int port) throws UnknownHostException {
        return known(host, port).size() > 1;
    }

    /**
     * Returns the address to use instead of the one that Java would, or null if that is right.
     *
     * @throws UnknownHostException if the host has none
     */
    public static @Nullable InetAddress insteadOfFirst(String host, int port) throws UnknownHostException {
        InetAddress answering = ANSWERING.get(key(host, port));
        List<InetAddress> given = GivenAddresses.of(host, port);
        if (given != null) {
            return answering != null ? answering : given.get(0);
        }
        return answering == null || answering.equals(InetAddress.getByName(withoutBrackets(host))) ? null : answering;
    }

    /**
     * Finds out which address answers, and uses it from now on.
     *
     * @param millis how long the last of them is waited for
     * @throws Attempts.NoneAnswered if none does; its message says why
     */
    public static InetAddress find(String host, int port, int millis) throws IOException {
        forget(host, port);
        InetAddress answering = Attempts.first(of(host, port), port, MOMENT_MILLIS, millis);
        ANSWERING.put(key(host, port), answering);
        return answering;
    }

    /** Forgets which address answered: the next connection looks again. */
    public static void forget(String host, int port) {
        ANSWERING.remove(key(host, port));
    }

    /**
     * Returns the host's name, or the address to use in its place so that Java connects to the one that answers.
     *
     * @param millis how long the last address is waited for
     * @throws IOException if none answers
     */
    public static String answering(String host, int port, int millis) throws IOException {
        if (areSeveral(host, port) && !ANSWERING.containsKey(key(host, port))) {
            find(host, port, millis);
        }
        InetAddress other = insteadOfFirst(host, port);
        return other == null ? withoutBrackets(host) : other.getHostAddress();
    }

    /**
     * Returns a connection to the first address that answers.
     *
     * @param millis how long an address is waited for
     * @throws IOException if none answers
     */
    public static Socket connect(String host, int port, int millis) throws IOException {
        InetAddress other = insteadOfFirst(host, port);
        InetAddress usual = other == null ? InetAddress.getByName(withoutBrackets(host)) : other;
        if (!areSeveral(host, port)) {
            return connect(usual, port, millis);
        }
        try {
            return connect(usual, port, Math.min(MOMENT_MILLIS, millis));
        } catch (IOException e) {
            return connect(find(host, port, millis), port, millis);
        }
    }

    private static Socket connect(InetAddress address, int port, int millis) throws IOException {
        Socket socket = new Socket(Proxy.NO_PROXY);
        try {
            socket.connect(new InetSocketAddress(address, port), millis);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static String withoutBrackets(String host) {
        return host.replace("[", "").replace("]", "");
    }

    private static String key(String host, int port) {
        return withoutBrackets(host) + " " + port;
    }
}
