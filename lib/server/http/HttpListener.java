package lib.server.http;

import com.sun.net.httpserver.HttpHandler;
import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

//DEPS org.eclipse.jetty:jetty-server:12.1.5
// Jetty says what it does to a log; here there is none.
//DEPS org.slf4j:slf4j-nop:2.0.17

/**
 * A port, and the HTTP spoken there, by Jetty: Java's own server waits for ever for a client that falls silent in the middle of a body, or else
 * ends all requests that take long; and where a client tries TLS on a plain port, as skopeo does, it waits for the end of a line.
 */
public final class HttpListener implements Closeable {
    /** How long clients may be silent, if nobody says otherwise. */
    public static final int SILENT_MILLIS = 60_000;
    private static final int BAD_REQUEST = 400;
    private static final int MOST_CONNECTIONS = 512;
    /** Each request that is being answered holds one. */
    private static final int MOST_THREADS = 256;
    private static final int LEAST_THREADS = 4;

    private final Server server;
    private final ServerConnector port;

    /**
     * Opens the port; nothing is answered before {@link #start}.
     *
     * @param tls          what makes TLS connections; null for plain HTTP
     * @param silentMillis a client that sends nothing for so long is gone
     * @param handler      answers the requests, several at a time
     * @throws BindException if the port is taken, or the address is not this machine's
     */
    public HttpListener(InetSocketAddress address, @Nullable SSLContext tls, int silentMillis, HttpHandler handler) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
        threads.setDaemon(true);
        server = new Server(threads);
        port = new ServerConnector(server, 1, 1, protocols(tls));
        port.setHost(address.getAddress().getHostAddress());
        port.setPort(address.getPort());
        port.setIdleTimeout(silentMillis);
        server.addConnector(port);
        server.setHandler(new Bridge(handler));
        server.addBean(new NetworkConnectionLimit(MOST_CONNECTIONS, server));
        ErrorHandler errors = new ErrorHandler();
        errors.setDefaultResponseMimeType("text/plain");
        server.setErrorHandler(errors);
        open(port);
    }

    /** What Jetty throws does not say why. */
    private static void open(ServerConnector port) throws IOException {
        try {
            port.open();
        } catch (IOException e) {
            throw e.getCause() instanceof BindException why ? why : e;
        }
    }

    /** Has Java's kind of handler answer; where it cannot, and the headers are sent already, the connection is ended. */
    private static final class Bridge extends Handler.Abstract {
        private final HttpHandler handler;

        Bridge(HttpHandler handler) {
            this.handler = handler;
        }

        @Override
        public boolean handle(Request request, Response response, Callback end) {
            try {
                JettyExchange exchange = new JettyExchange(request, response);
                handler.handle(exchange);
                if (exchange.isWhole()) {
                    end.succeeded();
                } else {
                    Response.writeError(request, response, end, new IOException("the answer is not whole"));
                }
            } catch (IllegalArgumentException e) {
                Response.writeError(request, response, end, BAD_REQUEST);
            } catch (IOException | RuntimeException e) {
                Response.writeError(request, response, end, e);
            }
            return true;
        }
    }

    private static ConnectionFactory[] protocols(@Nullable SSLContext tls) {
        HttpConfiguration settings = new HttpConfiguration();
        settings.setSendServerVersion(false);
        HttpConnectionFactory http = new HttpConnectionFactory(settings);
        if (tls == null) {
            return new ConnectionFactory[] {http};
        }
        SslContextFactory.Server secure = new SslContextFactory.Server();
        secure.setSslContext(tls);
        return AbstractConnectionFactory.getFactories(secure, http);
    }

    /** Returns the address and the port that are listened on. */
    public InetSocketAddress address() {
        return new InetSocketAddress(port.getHost(), port.getLocalPort());
    }

    /** Begins to answer. */
    public void start() {
        try {
            server.start();
        } catch (Exception e) { // as Jetty declares it
            throw new IllegalStateException("the server cannot start: " + e.getMessage(), e);
        }
    }

    /** Closes the port; requests that are being answered end where they are. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) { // as Jetty declares it
            throw new IllegalStateException("the server cannot stop: " + e.getMessage(), e);
        }
    }
}
