package tests.push;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What stands before many a registry: a reverse proxy that answers 413 to requests of more than so many bytes, as nginx does: at once,
 * without reading them, by a page of its own. A connection has one request.
 */
final class BodyLimit implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)");
    private static final String PAGE = "<html><head><title>413 Request Entity Too Large</title></head></html>";

    private final ServerSocket server;
    private final String[] target;
    private final long most;
    private final String more;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** @param more a header line that each answer gets in addition, or "" */
    BodyLimit(String target, long most, String more) {
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.target = target.split(":");
        this.most = most;
        this.more = more;
        threads.execute(this::accept);
    }

    String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Returns the heads of all requests. */
    List<String> requests() {
        return requests;
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                threads.execute(() -> serve(near));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket near) {
        try (near; InputStream in = near.getInputStream(); OutputStream out = near.getOutputStream()) {
            String head = head(in);
            if (head.isEmpty()) {
                return;
            }
            requests.add(head);
            Matcher length = LENGTH.matcher(head);
            long bytes = length.find() ? Long.parseLong(length.group(1)) : 0;
            if (bytes > most) {
                out.write(("HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: text/html\r\nContent-Length: " + PAGE.length() + "\r\nConnection: close\r\n\r\n" + PAGE).getBytes());
                return;
            }
            pass(head, in, bytes, out);
        } catch (IOException e) {
            // the other side has hung up
        }
    }

    private void pass(String head, InputStream in, long bytes, OutputStream out) throws IOException {
        try (Socket far = new Socket(target[0], Integer.parseInt(target[1]))) {
            String once = head.replaceAll("(?i)\r\nconnection:[^\r]*", "").replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
            far.getOutputStream().write(once.getBytes(StandardCharsets.ISO_8859_1));
            for (long left = bytes; left > 0; ) {
                byte[] piece = in.readNBytes((int) Math.min(left, 64 * 1024));
                if (piece.length == 0) {
                    return;
                }
                far.getOutputStream().write(piece);
                left -= piece.length;
            }
            String answer = head(far.getInputStream());
            out.write((more.isEmpty() ? answer : answer.replaceFirst("\r\n", "\r\n" + more + "\r\n")).getBytes(StandardCharsets.ISO_8859_1));
            far.getInputStream().transferTo(out);
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.write(b);
            if (b == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                break;
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.shutdownNow();
    }
}
