package lib.registry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sockets of TLS that give a SOCKS proxy the name of a host, for it to look up. Java by itself gives it the address where it
 * knows one here, and the name only where it does not.
 */
final class NamedSockets extends SSLSocketFactory {
    private final SSLSocketFactory tls;
    private final Proxy proxy;

    /** @param tls makes a TLS connection of one that stands; @param proxy a SOCKS proxy */
    static SSLSocketFactory of(SSLSocketFactory tls, Proxy proxy) {
        return new NamedSockets(tls, proxy);
    }

    private NamedSockets(SSLSocketFactory tls, Proxy proxy) {
        this.tls = tls;
        this.proxy = proxy;
    }

    /** Java connects this socket and then has it made a TLS one. */
    @Override
    public Socket createSocket() {
        return new Socket(proxy) {
            @Override
            public void connect(SocketAddress address, int timeoutMillis) throws IOException {
                InetSocketAddress target = (InetSocketAddress) address;
                super.connect(InetSocketAddress.createUnresolved(target.getHostString(), target.getPort()), timeoutMillis);
            }
        };
    }

    @Override
    public Socket createSocket(Socket connected, String host, int port, boolean autoClose) throws IOException {
        return tls.createSocket(connected, host, port, autoClose);
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return tls.getSupportedCipherSuites();
    }

    // the four that connect by themselves would go past the proxy

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw pastTheProxy();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) throws IOException {
        throw pastTheProxy();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw pastTheProxy();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) throws IOException {
        throw pastTheProxy();
    }

    private static IOException pastTheProxy() {
        return new IOException("this connection would go past the proxy");
    }
}
