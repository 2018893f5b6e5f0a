package tests.push;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A line to a registry that breaks so many times, each time after so many bytes that went to it. */
final class CutLine implements AutoCloseable {
    private final ServerSocket server;
    private final String[] target;
    private final int after;
    private final AtomicInteger cuts;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    CutLine(String target, int times, int after) {
        try {
            this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.target = target.split(":");
        this.after = after;
        this.cuts = new AtomicInteger(times);
        threads.execute(this::accept);
    }

    String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Returns how many more times the line would break. */
    int left() {
        return cuts.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket near = server.accept();
                Socket far = new Socket(target[0], Integer.parseInt(target[1]));
                threads.execute(() -> copy(near, far, true));
                threads.execute(() -> copy(far, near, false));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void copy(Socket from, Socket to, boolean isCut) {
        byte[] buffer = new byte[8192];
        long count = 0;
        try (from; to; InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
                count += read;
                if (isCut && count > after && cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    return;
                }
            }
        } catch (IOException e) {
            // the other direction has ended
        }
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
