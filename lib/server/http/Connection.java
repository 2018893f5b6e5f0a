package lib.server.http;

import com.sun.net.httpserver.HttpHandler;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The requests of one connection, one after the other (RFC 9112, section 9). */
final class Connection {
    private static final int BUFFER = 64 * 1024;
    /** What is read of a body that nobody wanted, so that the client reads the answer; after more than that, the connection ends. */
    private static final long MOST_UNWANTED = 1024 * 1024;

    private Connection() { }

    /** Answers requests until one of both sides wants no more. */
    static void serve(Socket socket, int silentMillis, HttpHandler handler) throws IOException {
        socket.setSoTimeout(silentMillis);
        socket.setTcpNoDelay(true);
        InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER);
        OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
        boolean goOn = true;
        while (goOn) {
            RequestHead head;
            try {
                head = RequestHead.read(in, silentMillis);
            } catch (IllegalArgumentException e) {
                out.write(("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" + e.getMessage() + "\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                return;
            }
            if (head == null) {
                return;
            }
            SocketExchange exchange = new SocketExchange(socket, head, in, out);
            handler.handle(exchange);
            out.flush();
            goOn = exchange.isWhole() && drain(exchange.body()) && !head.isLast();
        }
    }

    private static boolean drain(InputStream body) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long unwanted = 0;
        for (int count = 0; count >= 0 && unwanted < MOST_UNWANTED; unwanted += Math.max(0, count)) {
            count = body.read(buffer);
        }
        return unwanted < MOST_UNWANTED;
    }
}
