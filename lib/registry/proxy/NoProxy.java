package lib.registry.proxy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import lib.registry.settings.WebAddress;

/**
 * The hosts that are reached without a proxy, as curl reads the variable NO_PROXY: parted by commas or spaces,
 * {@code *} is all of them; {@code example.com} and {@code .example.com} mean that domain and all below it; an address is itself,
 * {@code 10.0.0.0/8} a network of them. {@code example.com:5000} means that port only, as in the tools of Docker.
 *
 * @see <a href="https://curl.se/libcurl/c/CURLOPT_NOPROXY.html">CURLOPT_NOPROXY</a>
 */
public record NoProxy(String list) {

    /** Returns the entry that a request to this address falls under, or null. */
    String entryFor(URI uri) {
        String host = plain(uri.getHost());
        int port = WebAddress.port(uri);
        for (String entry : list.strip().split("[,\\s]+")) {
            if (!entry.isEmpty() && fits(entry.toLowerCase(Locale.ROOT), host, port)) {
                return entry;
            }
        }
        return null;
    }

    private static boolean fits(String entry, String host, int port) {
        if (entry.equals("*")) {
            return true;
        }
        boolean address = entry.startsWith("[") ? entry.endsWith("]") : entry.indexOf(':') != entry.lastIndexOf(':');
        int colon = address ? -1 : entry.lastIndexOf(':');
        if (colon >= 0) {
            return entry.substring(colon + 1).equals(Integer.toString(port)) && fits(entry.substring(0, colon), host, port);
        }
        if (isAddress(host)) {
            return isAddress(entry.replaceFirst("/.*", "")) && isInNetwork(entry, host);
        }
        String domain = plain(entry).replaceFirst("^\\*?\\.", "");
        return host.equals(domain) || host.endsWith("." + domain);
    }

    /** Without the brackets of an address of IPv6, and without the dot that ends a full name. */
    private static String plain(String host) {
        return host.toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "").replaceFirst("\\.$", "");
    }

    private static boolean isAddress(String host) {
        return host.matches("[0-9]+(\\.[0-9]+){3}") || host.contains(":");
    }

    /** Returns whether an address is in a network such as 10.0.0.0/8, or is that address. Nothing is looked up for it. */
    public static boolean isInNetwork(String network, String host) {
        String[] parts = network.split("/", 2);
        byte[] wanted = bytes(plain(parts[0]));
        byte[] given = bytes(host);
        if (wanted == null || given == null || wanted.length != given.length || parts.length == 2 && !parts[1].matches("[0-9]{1,3}")) {
            return false;
        }
        int size = wanted.length * 8;
        int bits = parts.length == 2 ? Integer.parseInt(parts[1]) : size;
        return bits <= size && new BigInteger(1, wanted).xor(new BigInteger(1, given)).shiftRight(size - bits).signum() == 0;
    }

    private static byte[] bytes(String address) {
        try {
            return isAddress(address) ? InetAddress.getByName(address).getAddress() : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
