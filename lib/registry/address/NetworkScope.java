package lib.registry.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * How near to this machine a host is. What is near trusts its neighbours: a registry elsewhere that sends us there by a redirect,
 * a token server's or a layer's address would reach, through us, what it cannot reach itself.
 */
public enum NetworkScope {
    FAR,
    /** RFC 1918, RFC 4193, and RFC 6598, which providers use between themselves and their customers. */
    PRIVATE,
    /** RFC 3927 and RFC 4291, section 2.5.6: there clouds tell their machines secrets. */
    LINK_LOCAL,
    /** This machine. */
    LOOPBACK;

    static NetworkScope of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return LOOPBACK;
        }
        if (address.isLinkLocalAddress()) {
            return LINK_LOCAL;
        }
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xC0) == 64;
        boolean local = bytes.length == 16 && (bytes[0] & 0xFE) == 0xFC;
        return address.isSiteLocalAddress() || shared || local ? PRIVATE : FAR;
    }

    /** Returns how near the nearest address of a host is; one that is not known here is far. */
    public static NetworkScope nearest(String host) {
        return of(host).stream().max(NetworkScope::compareTo).orElse(FAR);
    }

    /** Returns how near the farthest address of a host is; one that is not known here is far. */
    public static NetworkScope farthest(String host) {
        return of(host).stream().min(NetworkScope::compareTo).orElse(FAR);
    }

    private static List<NetworkScope> of(String host) {
        try {
            return Addresses.ofAnyPort(host).stream().map(NetworkScope::of).toList();
        } catch (UnknownHostException e) {
            return List.of();
        }
    }

    /** Returns whether a host is written as an address, for which nothing needs to be looked up. */
    public static boolean isAddress(String host) {
        return host.startsWith("[") || host.matches("[0-9.]+");
    }
}
