package lib.registry.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/** Sockets of TLS over plain ones that a subclass makes: Java connects a plain one, and then has it made one of TLS. */
abstract class LayeredSockets extends SSLSocketFactory {
    private final SSLSocketFactory tls;

    /** @param tls makes a TLS connection of one that stands */
    LayeredSockets(SSLSocketFactory tls) {
        this.tls = tls;
    }

    /** Returns a plain socket that is not connected. */
    @Override
    public abstract Socket createSocket();

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

    // the four that connect by themselves would go past the subclass, and so past a proxy

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
