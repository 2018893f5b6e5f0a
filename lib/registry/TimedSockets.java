package lib.registry;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.ssl.SSLSocketFactory;

//SOURCES LayeredSockets.java

/** Sockets of TLS that note when the connection below it stood: what is left until a request can be sent is the handshake. */
final class TimedSockets extends LayeredSockets {
    /** Java connects in the thread that sends the request. */
    private static final ThreadLocal<Long> CONNECTED = new ThreadLocal<>();

    /** @param tls makes a TLS connection of one that stands */
    static SSLSocketFactory of(SSLSocketFactory tls) {
        return new TimedSockets(tls);
    }

    private TimedSockets(SSLSocketFactory tls) {
        super(tls);
    }

    /** Forgets what this thread connected before. */
    static void forget() {
        CONNECTED.remove();
    }

    /** Returns when a connection of this thread stood, by System.nanoTime, or 0 where none was made since it forgot. */
    static long connectedNanos() {
        Long nanos = CONNECTED.get();
        return nanos == null ? 0 : nanos;
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public void connect(SocketAddress address, int timeoutMillis) throws IOException {
                super.connect(address, timeoutMillis);
                CONNECTED.set(System.nanoTime());
            }
        };
    }
}
