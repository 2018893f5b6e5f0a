package lib.registry.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import lib.registry.proxy.Proxies;
import lib.registry.tls.TlsSettings;
import org.jspecify.annotations.Nullable;

/**
 * How a request is sent.
 *
 * @param proxies     through which proxy each request goes
 * @param tls         whose certificates are trusted
 * @param stallMillis how long a connection may send nothing before it counts as lost, in milliseconds
 * @param retries     how often a request is repeated without progress
 * @param notice      is told what a person may want to know, a line each
 * @param throttle    how fast the bytes of blobs come and go
 * @param answered the hosts, and ports, that have answered one of the requests that are sent by these settings
 * @param explain     is told of every exchange, twice, by several threads at once; null for no listener
 */
public record HttpSettings(Proxies proxies, TlsSettings tls, int stallMillis, int retries, Consumer<String> notice, Throttle throttle, Set<String> answered,
        @Nullable Consumer<Exchange> explain) {
    /** No host has answered yet. */
    public HttpSettings(Proxies proxies, TlsSettings tls, int stallMillis, int retries, Consumer<String> notice, Throttle throttle, @Nullable Consumer<Exchange> explain) {
        this(proxies, tls, stallMillis, retries, notice, throttle, ConcurrentHashMap.newKeySet(), explain);
    }

    /** Without a limit to how fast blobs come and go. */
    public HttpSettings(Proxies proxies, TlsSettings tls, int stallMillis, int retries, Consumer<String> notice, @Nullable Consumer<Exchange> explain) {
        this(proxies, tls, stallMillis, retries, notice, new Throttle(), explain);
    }

    /** Returns the same settings, with a listener that is told of every exchange, or null for none. */
    public HttpSettings explained(@Nullable Consumer<Exchange> listener) {
        return new HttpSettings(proxies, tls, stallMillis, retries, notice, throttle, answered, listener);
    }
}
