package lib.registry.address;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that somebody gives for a host and a port, which then are not looked up: entries as those of curl's option resolve.
 * They count for the whole program, as what Java has looked up does.
 */
public final class GivenAddresses {
    private static final String ENTRY = "\\+?[^:\\s]+:[0-9]{1,5}:\\S+";
    private static final String ADDRESS = "[0-9]+([.][0-9]+){3}|\\[[0-9A-Fa-f:.]+]|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*";

    private static volatile Map<String, Given> all = Map.of();

    /** What is given for one host and port, and the entry that says so. */
    private record Given(String entry, List<InetAddress> addresses) { }

    private GivenAddresses() { }

    /**
     * Has these count from now on, and none that were given before.
     *
     * @param entries each {@code HOST:PORT:ADDRESS[,ADDRESS…]}; the host may be {@code *}, for all that have no entry of their own
     * @throws IllegalArgumentException for an entry of another form
     */
    public static void set(List<String> entries) {
        Map<String, Given> given = new LinkedHashMap<>();
        for (String entry : entries) {
            String[] parts = entry.replaceFirst("^\\+", "").split(":", 3);
            if (!entry.matches(ENTRY) || Integer.parseInt(parts[1]) < 1 || Integer.parseInt(parts[1]) > 65535) {
                throw malformed(entry);
            }
            given.put(key(parts[0], Integer.parseInt(parts[1])), new Given(entry, addresses(entry, parts[2])));
        }
        all = given;
    }

    private static List<InetAddress> addresses(String entry, String list) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : list.split(",", -1)) {
            try {
                if (!address.matches(ADDRESS)) {
                    throw malformed(entry);
                }
                addresses.add(InetAddress.getByName(address)); // numbers: nothing is looked up
            } catch (UnknownHostException e) {
                throw malformed(entry);
            }
        }
        return addresses;
    }

    private static IllegalArgumentException malformed(String entry) {
        return new IllegalArgumentException("'" + entry + "': write HOST:PORT:ADDRESS, such as registry.example.com:443:10.0.0.7, an IPv6 address in brackets");
    }

    /** Returns the entry for a host and port, or null if there is none. */
    public static @Nullable String entry(String host, int port) {
        Given given = given(host, port);
        return given == null ? null : given.entry;
    }

    /** Returns the addresses for a host and port, or null if none are given. */
    static @Nullable List<InetAddress> of(String host, int port) {
        Given given = given(host, port);
        return given == null ? null : given.addresses;
    }

    /** Returns the addresses that are given for a host at any port. */
    static List<InetAddress> of(String host) {
        return all.entrySet().stream().filter(each -> each.getKey().startsWith(key(host, 0).replaceFirst("0$", "")))
                .flatMap(each -> each.getValue().addresses.stream()).toList();
    }

    private static @Nullable Given given(String host, int port) {
        if (all.isEmpty()) {
            return null;
        }
        Given own = all.get(key(host, port));
        return own != null ? own : all.get(key("*", port));
    }

    private static String key(String host, int port) {
        return host.replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT) + " " + port;
    }
}
