package tests.mirrors;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import lib.registry.api.Purpose;
import lib.registry.http.Exchange;

/**
 * Counts how many blobs, or parts of them, are read from each host at a time, from an answer's headers to the end of its body.
 * It is told by the side that reads: a server learns later, on a busy machine much later, that an answer was read, or given up.
 */
final class OpenBodies {
    private final Map<String, Integer> now = new HashMap<>();
    private final Map<String, Integer> most = new HashMap<>();

    /** What {@link lib.registry.http.HttpSettings} tells of every exchange. */
    synchronized void told(Exchange exchange) {
        String host = URI.create(exchange.uri()).getAuthority();
        if (exchange.purpose() == Purpose.BLOB && exchange.status() != 0) {
            most.merge(host, now.merge(host, exchange.isFirst() ? 1 : -1, Integer::sum), Math::max);
        }
    }

    /** Returns how many were read from this host at a time, at most. */
    synchronized int most(String host) {
        return most.getOrDefault(host, 0);
    }
}
