package lib.registry.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.function.Supplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import lib.registry.address.Addresses;

/** Sockets of TLS over plain ones that connect as we want it: Java connects a plain one first, and then has it made one of TLS. */
public final class TlsSockets extends SSLSocketFactory {
    /** Java connects in the thread that sends the request. */
    private static final ThreadLocal<Long> CONNECTED = new ThreadLocal<>();

    private final Supplier<SSLSocketFactory> tls;
    private final Supplier<Socket> plain;

    private TlsSockets(Supplier<SSLSocketFactory> tls, Supplier<Socket> plain) {
        this.tls = tls;
        this.plain = plain;
    }

    /**
     * Returns sockets straight to a host, at that of its addresses which answers. They note when the connection below stood: what is left
     * until a request can be sent is the handshake.
     *
     * @param tls makes a TLS connection of one that stands
     */
    public static SSLSocketFactory direct(SSLSocketFactory tls) {
        return new TlsSockets(() -> tls, DirectSocket::new);
    }

    /**
     * Returns sockets that give a SOCKS proxy the name of a host, for it to look up. Java by itself gives it the address where it
     * knows one here, and the name only where it does not.
     *
     * @param tls   makes a TLS connection of one that stands
     * @param proxy a SOCKS proxy
     */
    public static SSLSocketFactory byName(SSLSocketFactory tls, Proxy proxy) {
        return new TlsSockets(() -> tls, () -> new NamedSocket(proxy));
    }

    /**
     * Has Java get sockets of its own ready when they are used, and not with the first connection that has others: that takes a tenth of a second.
     * For a program that has set none of its own.
     */
    public static void makeJavasWait() {
        HttpsURLConnection.setDefaultSSLSocketFactory(new TlsSockets(() -> (SSLSocketFactory) SSLSocketFactory.getDefault(), DirectSocket::new));
    }

    /** Forgets what this thread connected before. */
    public static void forget() {
        CONNECTED.remove();
    }

    /** Returns when a direct connection of this thread stood, by {@link System#nanoTime()}, or 0 if it has made none since it forgot. */
    public static long connectedNanos() {
        Long nanos = CONNECTED.get();
        return nanos == null ? 0 : nanos;
    }

    private static final class DirectSocket extends Socket {
        @Override
        public void connect(SocketAddress address, int timeoutMillis) throws IOException {
            InetSocketAddress host = (InetSocketAddress) address;
            InetAddress other = Addresses.insteadOfFirst(host.getHostString(), host.getPort());
            super.connect(other == null ? address : new InetSocketAddress(other, host.getPort()), timeoutMillis);
            CONNECTED.set(System.nanoTime());
        }
    }

    private static final class NamedSocket extends Socket {
        NamedSocket(Proxy proxy) {
            super(proxy);
        }

        @Override
        public void connect(SocketAddress address, int timeoutMillis) throws IOException {
            InetSocketAddress host = (InetSocketAddress) address;
            super.connect(InetSocketAddress.createUnresolved(host.getHostString(), host.getPort()), timeoutMillis);
        }
    }

    @Override
    public Socket createSocket() {
        return plain.get();
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
        return tls.get().createSocket(connected, host, port, autoClose);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.get().getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.get().getSupportedCipherSuites();
    }

    // the four that connect by themselves would go past our own sockets, and so past a proxy

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw past();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        throw past();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw past();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        throw past();
    }

    private static IOException past() {
        return new IOException("this connection would go past the proxy");
    }
}
