package lib.registry.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import lib.registry.address.Addresses;
import lib.registry.proxy.ProxyAddress;
import org.jspecify.annotations.Nullable;

/**
 * Leads Java's client to a proxy that is spoken to over TLS, which it does not know how to do. To the client it is a plain proxy on this
 * machine; what comes in goes on over TLS, byte for byte, and back. Only loopback can reach it, and it adds no login of its own.
 */
public final class TlsProxy {
    private static final int PIECE = 64 * 1024;

    /** The proxy could not be reached, or not be trusted. */
    public static final class NotReached extends SSLException {
        NotReached(IOException cause) {
            super(cause.getMessage(), cause);
        }

        @Override
        public synchronized IOException getCause() {
            return (IOException) super.getCause();
        }
    }

    private final ProxyAddress proxy;
    private final Tls tls;
    private final int connectMillis;
    private final ServerSocket door;
    private volatile @Nullable IOException failure;

    /**
     * @param tls connections to the proxy
     * @throws IOException if no port of this machine is free
     */
    public TlsProxy(ProxyAddress proxy, Tls tls, int connectMillis) throws IOException {
        this.proxy = proxy;
        this.tls = tls;
        this.connectMillis = connectMillis;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Returns the address of this machine that connections go to instead of the proxy's. */
    public String host() {
        return door.getInetAddress().getHostAddress();
    }

    /** Returns the port of this machine that connections go to instead of the proxy's. */
    public int port() {
        return door.getLocalPort();
    }

    /** Returns why the proxy was not reached last, where that is what the client suffered from, else what the client says. */
    public IOException because(IOException clients) {
        IOException last = failure;
        failure = null;
        return last == null ? clients : new NotReached(last);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "tls-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = door.accept();
                start(() -> serve(client));
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private void serve(Socket client) {
        try (client) {
            lead(client);
        } catch (IOException e) {
            failure = e;
        }
    }

    private void lead(Socket client) {
        try (Socket far = connect()) {
            start(() -> copy(far, client));
            copy(client, far);
        } catch (IOException e) {
            failure = e; // before the client sees that the connection has ended, and asks why
        }
    }

    private Socket connect() throws IOException {
        try {
            return connectOnce();
        } catch (SSLException e) {
            if (!tls.isJavasNext(e)) {
                throw e;
            }
            return connectOnce();
        }
    }

    private Socket connectOnce() throws IOException {
        Socket plain = Addresses.connect(proxy.host(), proxy.port(), connectMillis);
        try {
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(connectMillis);
            SSLSocket secure = (SSLSocket) tls.sockets().createSocket(plain, proxy.host().replaceAll("[\\[\\]]", ""), proxy.port(), true);
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            plain.setSoTimeout(0); // how long an answer may take is the client's to say
            failure = null;
            return secure;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** Copies until one of the two has gone, and closes both. */
    private static void copy(Socket from, Socket to) {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] piece = new byte[PIECE];
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                out.write(piece, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // the client sees that the connection has ended
        }
    }
}
