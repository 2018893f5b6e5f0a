package lib.server.http;

import com.sun.net.httpserver.HttpHandler;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A port, and a thread for each connection to it. Java's own server is not enough where large bodies come: it waits for ever for a client that falls
 * silent in the middle of one, or ends all requests that take long; and it waits for the end of a line where a client tries TLS on a plain port.
 */
public final class HttpListener implements Closeable {
    /** More connections than this are ended at once. */
    private static final int MOST = 512;
    private static final int BACKLOG = 128;
    /** How long clients may be silent, if nobody says otherwise. */
    public static final int SILENT_MILLIS = 60_000;

    private final ServerSocket port;
    private final HttpHandler handler;
    private final int silentMillis;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /**
     * Opens the port; nothing is answered before {@link #start}.
     *
     * @param tls          what makes TLS connections; null for plain HTTP
     * @param silentMillis a client that sends nothing for so long, or has not sent the lines of a request by then, is gone
     * @param handler      answers the requests, several at a time
     * @throws IOException if the port is taken, or the address is not this machine's
     */
    public HttpListener(InetSocketAddress address, @Nullable SSLContext tls, int silentMillis, HttpHandler handler) throws IOException {
        this.handler = handler;
        this.silentMillis = silentMillis;
        port = tls == null ? new ServerSocket() : tls.getServerSocketFactory().createServerSocket();
        try {
            port.setReuseAddress(true);
            port.bind(address, BACKLOG);
        } catch (IOException e) {
            port.close();
            throw e;
        }
    }

    /** Returns the address and the port that are listened on. */
    public InetSocketAddress address() {
        return (InetSocketAddress) port.getLocalSocketAddress();
    }

    /** Begins to answer. */
    public void start() {
        daemon(this::accept).start();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "server");
        thread.setDaemon(true);
        return thread;
    }

    private void accept() {
        while (!port.isClosed()) {
            try {
                Socket socket = port.accept();
                open.add(socket);
                if (open.size() > MOST) {
                    end(socket);
                } else {
                    daemon(() -> serve(socket)).start();
                }
            } catch (IOException e) {
                pause(); // too many files are open, say; or the port is closed
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket socket) {
        try {
            Connection.serve(socket, silentMillis, handler);
        } catch (IOException | RuntimeException e) {
            // the client is gone, or sends what is not HTTP
        } finally {
            end(socket);
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }

    /** Closes the port; requests that are being answered end where they are. */
    @Override
    public void close() {
        try {
            port.close();
        } catch (IOException e) {
            // nothing comes in any more
        }
        open.forEach(this::end);
    }
}
