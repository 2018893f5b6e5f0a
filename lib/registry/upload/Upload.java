package lib.registry.upload;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.util.concurrent.atomic.AtomicLong;
import lib.registry.api.Body;
import lib.registry.api.Request;
import lib.registry.http.Throttle;

/**
 * Sends the body of a request. Short ones are held in memory, so that Java can send them once more where a kept connection
 * turns out to be gone; long ones stream from their source.
 */
final class Upload {
    private static final int SHORT = 64 * 1024;
    private static final int PIECE = 64 * 1024;
    /** A registry may look at all of a large blob once more before it answers: this many times the usual patience. */
    private static final int PATIENCE = 10;

    private Upload() { }

    /** Returns whether the bytes stream from their source. */
    private static boolean isLong(Body body) {
        return body.length() > SHORT;
    }

    /** Returns whether a request needs an {@link UploadConnection}. */
    static boolean needsConnection(Request request) {
        return request.body() != null && (isLong(request.body()) || request.method().equals("PATCH"));
    }

    /** Returns how long an answer may take to begin, in milliseconds, where a connection may be silent for so long. */
    static int patienceMillis(int stallMillis) {
        return (int) Math.min(Integer.MAX_VALUE, (long) stallMillis * PATIENCE);
    }

    /**
     * Sends the bytes. The last piece is held back until the source has ended without complaint: of wrong bytes,
     * the registry never gets all. Where the answer comes before, the rest is not sent.
     *
     * @throws Body.NotRead when the source fails
     */
    static void send(Body body, HttpURLConnection connection, int stallMillis, Throttle throttle) throws IOException {
        try (InputStream in = open(body); Stalled stalled = new Stalled(connection, isLong(body) ? stallMillis : 0)) {
            OutputStream out = null;
            byte[] held = piece(in, throttle.piece(PIECE));
            while (held.length > 0 && !isAnswered(connection)) {
                byte[] next = piece(in, throttle.piece(PIECE));
                out = out == null ? connection.getOutputStream() : out;
                stalled.begins();
                write(out, held, throttle);
                stalled.moved();
                held = next;
            }
            stalled.begins();
            if (out == null) {
                connection.getOutputStream().close();
            } else {
                out.close();
            }
        }
    }

    private static void write(OutputStream out, byte[] bytes, Throttle throttle) throws IOException {
        out.write(bytes);
        if (throttle.isLimited()) {
            out.flush(); // not in bursts of what a buffer holds
        }
        throttle.sent(bytes.length);
    }

    private static boolean isAnswered(HttpURLConnection connection) {
        return connection instanceof UploadConnection early && early.isAnswered();
    }

    private static InputStream open(Body body) throws Body.NotRead {
        try {
            return body.source().open();
        } catch (IOException e) {
            throw new Body.NotRead(e);
        }
    }

    private static byte[] piece(InputStream in, int length) throws Body.NotRead {
        try {
            return in.readNBytes(length);
        } catch (IOException e) {
            throw new Body.NotRead(e);
        }
    }

    /** Java waits for ever where the other side takes no more bytes: this ends the connection then. How long the source takes does not count. */
    private static final class Stalled implements AutoCloseable {
        private final AtomicLong movedAt = new AtomicLong(System.nanoTime());
        private volatile boolean sends;
        private final Thread thread;

        Stalled(HttpURLConnection connection, int millis) {
            thread = millis == 0 ? null : new Thread(() -> watch(connection, millis * 1_000_000L), "stalled");
            if (thread != null) {
                thread.setDaemon(true);
                thread.start();
            }
        }

        private void watch(HttpURLConnection connection, long nanos) {
            try {
                while (!sends || System.nanoTime() - movedAt.get() < nanos) {
                    Thread.sleep(Math.max(1, nanos / 4_000_000));
                }
                connection.disconnect();
            } catch (InterruptedException e) {
                // all was sent
            }
        }

        void begins() {
            movedAt.set(System.nanoTime());
            sends = true;
        }

        void moved() {
            sends = false;
        }

        @Override
        public void close() {
            if (thread != null) {
                thread.interrupt();
            }
        }
    }
}
