package lib.registry.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sockets of TLS that give a SOCKS proxy the name of a host, for it to look up. Java by itself gives it the address where it
 * knows one here, and the name only where it does not.
 */
public final class NamedSockets extends LayeredSockets {
    private final Proxy proxy;

    /** @param tls makes a TLS connection of one that stands; @param proxy a SOCKS proxy */
    public static SSLSocketFactory of(SSLSocketFactory tls, Proxy proxy) {
        return new NamedSockets(tls, proxy);
    }

    private NamedSockets(SSLSocketFactory tls, Proxy proxy) {
        super(tls);
        this.proxy = proxy;
    }

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
}
