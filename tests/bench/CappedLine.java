package tests.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.function.Supplier;

/**
 * A slow line to a server on loopback: each connection, or all of them together, brings no more than so many bytes a second,
 * as many registries and the networks before them hold it. What goes to the server is not slowed down.
 */
final class CappedLine implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int serverPort;
    private final Supplier<Cap> cap;

    private CappedLine(String server, Supplier<Cap> cap) throws IOException {
        this.serverPort = Integer.parseInt(server.replaceFirst(".*:", ""));
        this.cap = cap;
        start(this::accept);
    }

    static CappedLine ofEachConnection(String server, long bytesASecond) throws IOException {
        return new CappedLine(server, () -> new Cap(bytesASecond));
    }

    static CappedLine ofAllTogether(String server, long bytesASecond) throws IOException {
        Cap all = new Cap(bytesASecond);
        return new CappedLine(server, () -> all);
    }

    String host() {
        return "localhost:" + door.getLocalPort();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = door.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            start(() -> copy(client, server, new Cap(Long.MAX_VALUE)));
            start(() -> copy(server, client, cap.get()));
        }
    }

    /** Copies until one side ends, then closes both. */
    private static void copy(Socket from, Socket to, Cap cap) throws IOException, InterruptedException {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                out.write(chunk, 0, count);
                cap.await(count);
            }
        }
    }

    /** So many bytes a second. A pause of the line earns nothing for later. */
    private static final class Cap {
        private final long bytesASecond;
        private long due = System.nanoTime();

        Cap(long bytesASecond) {
            this.bytesASecond = bytesASecond;
        }

        void await(int count) throws InterruptedException {
            long wait;
            synchronized (this) {
                due = Math.max(due, System.nanoTime() - 10_000_000) + count * 1_000_000_000L / bytesASecond;
                wait = due - System.nanoTime();
            }
            if (wait > 0) {
                Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
            }
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** A broken line is not reported here: the program that used it says so. */
    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException e) {
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
