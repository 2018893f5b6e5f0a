package lib.transfer.source;

import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lib.registry.Registry;

/** The hosts that one command takes blobs from. What is learned of a host with one image, or one blob, counts for the next. */
public final class Hosts {
    private final int connectionsEach;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Map<Registry, Sources> sources = new IdentityHashMap<>();

    /** @param connectionsEach how many connections each host may have, where there are several; one alone may have all */
    public Hosts(int connectionsEach) {
        this.connectionsEach = connectionsEach;
    }

    /**
     * Returns where the blobs of a repository may be taken from, the same each time.
     *
     * @param retries how many failures in a row a host is borne
     * @param notice  is told once of each host that fails
     */
    public synchronized Sources of(Registry registry, int retries, Consumer<String> notice) {
        return sources.computeIfAbsent(registry, r -> {
            List<Source> all = registry.blobs().endpoints().stream().map(endpoint -> new Source(registry.blobs(), endpoint, host(endpoint.server()))).toList();
            return new Sources(all, connectionsEach, retries, notice);
        });
    }

    private Host host(String address) {
        return hosts.computeIfAbsent(address, Host::new);
    }

    /** Returns how many bytes each host has sent so far that sent any, by its address. */
    public synchronized Map<String, Long> totals() {
        Map<String, Long> totals = new LinkedHashMap<>();
        hosts.values().stream().filter(host -> host.total() > 0).forEach(host -> totals.put(host.address(), host.total()));
        return totals;
    }

    /** Returns how many bytes each host has sent since these totals were taken, if it sent any. */
    public Map<String, Long> since(Map<String, Long> before) {
        Map<String, Long> since = totals();
        before.forEach((address, bytes) -> since.merge(address, -bytes, Long::sum));
        since.values().removeIf(bytes -> bytes == 0);
        return since;
    }
}
