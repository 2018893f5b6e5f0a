package tests.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A slow line to a server on loopback: each connection brings no more than so many bytes a second,
 * as many registries and the networks before them hold it. What goes to the server is not slowed down.
 */
final class CappedLine implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int serverPort;
    private final long bytesASecond;

    CappedLine(String server, long bytesASecond) throws IOException {
        this.serverPort = Integer.parseInt(server.replaceFirst(".*:", ""));
        this.bytesASecond = bytesASecond;
        start(this::accept);
    }

    String host() {
        return "localhost:" + door.getLocalPort();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = door.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            start(() -> copy(client, server, Long.MAX_VALUE));
            start(() -> copy(server, client, bytesASecond));
        }
    }

    /** Copies until one side ends, then closes both. A pause of the line earns nothing for later. */
    private static void copy(Socket from, Socket to, long bytesASecond) throws IOException, InterruptedException {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK];
            long due = System.nanoTime();
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                out.write(chunk, 0, count);
                due = Math.max(due, System.nanoTime() - 10_000_000) + count * 1_000_000_000L / bytesASecond;
                long wait = due - System.nanoTime();
                if (wait > 0) {
                    Thread.sleep(wait / 1_000_000, (int) (wait % 1_000_000));
                }
            }
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    /** A line that breaks is no news here: the program that used it says what it makes of that. */
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
