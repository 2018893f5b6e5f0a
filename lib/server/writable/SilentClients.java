package lib.server.writable;

import com.sun.net.httpserver.HttpExchange;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Ends the connections of clients that have sent nothing for a while in the middle of a body: Java's server would wait for them for ever. */
final class SilentClients {
    private static final long LONGEST_NANOS = 60_000_000_000L;
    private static final int LOOK_EVERY_MILLIS = 1000;

    private final Map<HttpExchange, Long> heard = new ConcurrentHashMap<>();

    SilentClients() {
        Thread thread = new Thread(this::watch, "silent clients");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOK_EVERY_MILLIS);
                heard.forEach((exchange, at) -> {
                    if (System.nanoTime() - at > LONGEST_NANOS) {
                        exchange.close();
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has the body of a request be watched while it is read. */
    void watch(HttpExchange exchange) {
        InputStream body = exchange.getRequestBody();
        exchange.setStreams(new FilterInputStream(body) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                heard.put(exchange, System.nanoTime());
                try {
                    return super.read(buffer, offset, length);
                } finally {
                    heard.remove(exchange);
                }
            }
        }, null);
    }
}
