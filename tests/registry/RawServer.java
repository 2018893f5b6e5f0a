package tests.registry;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on loopback that sends whatever bytes a test wants, which no server of HTTP would, and hangs up. */
final class RawServer implements AutoCloseable {
    /** Writes the answer to a request for this path, such as {@code GET /v2/}. */
    interface Habit {
        void answer(String asked, OutputStream out) throws IOException;
    }

    private final ServerSocket server;
    private final Habit habit;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    RawServer(Habit habit) {
        this.habit = habit;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::serve);
    }

    String host() {
        return "localhost:" + server.getLocalPort();
    }

    /** Returns what was asked for, in order. */
    List<String> asked() {
        return asked;
    }

    /** Returns how often this was asked for. */
    long times(String request) {
        return asked.stream().filter(request::equals).count();
    }

    /** Returns an answer with its right length, or with another. */
    static byte[] answer(String status, String headers, String body, int length) {
        String head = "HTTP/1.1 " + status + "\r\n" + headers.replace("\n", "\r\n") + "Content-Length: " + length + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] answer(String status, String headers, String body) {
        return answer(status, headers, body, body.length());
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "raw server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String request = in.readLine();
            if (request == null || request.charAt(0) < ' ') { // somebody looks whether this is TLS
                socket.getOutputStream().write(answer("400 Bad Request", "", ""));
                return;
            }
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                // nothing in it matters
            }
            String what = request.replaceFirst(" HTTP/1\\.[01]$", "").replaceFirst("\\?.*", "");
            asked.add(what);
            habit.answer(what, socket.getOutputStream());
        } catch (IOException e) {
            // the other side has had enough
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
