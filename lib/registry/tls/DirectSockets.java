package lib.registry.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.ssl.SSLSocketFactory;
import lib.registry.address.Addresses;

/**
 * Sockets of TLS straight to a host, at that of its addresses which answers. They note when the connection below stood: what is left
 * until a request can be sent is the handshake.
 */
public final class DirectSockets extends LayeredSockets {
    /** Java connects in the thread that sends the request. */
    private static final ThreadLocal<Long> CONNECTED = new ThreadLocal<>();

    /** @param tls makes a TLS connection of one that stands */
    public static SSLSocketFactory of(SSLSocketFactory tls) {
        return new DirectSockets(tls);
    }

    private DirectSockets(SSLSocketFactory tls) {
        super(tls);
    }

    /** Forgets what this thread connected before. */
    public static void forget() {
        CONNECTED.remove();
    }

    /** Returns when a connection of this thread stood, by System.nanoTime, or 0 where none was made since it forgot. */
    public static long connectedNanos() {
        Long nanos = CONNECTED.get();
        return nanos == null ? 0 : nanos;
    }

    @Override
    public Socket createSocket() {
        return new Socket() {
            @Override
            public void connect(SocketAddress address, int timeoutMillis) throws IOException {
                InetSocketAddress host = (InetSocketAddress) address;
                InetAddress other = Addresses.insteadOfFirst(host.getHostString(), host.getPort());
                super.connect(other == null ? address : new InetSocketAddress(other, host.getPort()), timeoutMillis);
                CONNECTED.set(System.nanoTime());
            }
        };
    }
}
