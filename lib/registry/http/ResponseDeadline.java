package lib.registry.http;

import java.net.HttpURLConnection;

/** Ends a connection on which an answer takes too long to begin: a byte now and then, which is enough for Java, is not enough for us. */
final class ResponseDeadline implements AutoCloseable {
    private static final long AGAIN_MILLIS = 1000;

    private final HttpURLConnection connection;
    private final long millis;
    private final Thread thread = new Thread(this::watch, "patience");
    private boolean over;
    private boolean closed;

    /** @param millis how long from now on */
    ResponseDeadline(HttpURLConnection connection, long millis) {
        this.connection = connection;
        this.millis = millis;
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            for (long wait = millis; ; wait = AGAIN_MILLIS) { // while it connects there is nothing to end yet
                Thread.sleep(wait);
                end();
            }
        } catch (InterruptedException e) {
            // the answer has begun
        }
    }

    private synchronized void end() {
        if (!closed) {
            over = true;
            connection.disconnect();
        }
    }

    /** Returns whether the time was over. */
    synchronized boolean isOver() {
        return over;
    }

    @Override
    public synchronized void close() {
        closed = true;
        thread.interrupt();
    }
}
