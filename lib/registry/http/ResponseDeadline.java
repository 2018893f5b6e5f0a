package lib.registry.http;

import java.net.HttpURLConnection;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends a connection on which an answer takes too long to begin: a byte now and then, which is enough for Java, is not enough for us. */
final class ResponseDeadline implements AutoCloseable {
    private static final long AGAIN_MILLIS = 1000;
    /** One thread for all of them: to start one for each request takes longer than all that it has to do. */
    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final HttpURLConnection connection;
    private final Future<?> end;
    private boolean over;
    private boolean closed;

    /** @param millis how long from now on */
    ResponseDeadline(HttpURLConnection connection, long millis) {
        this.connection = connection;
        this.end = CLOCK.scheduleWithFixedDelay(this::end, millis, AGAIN_MILLIS, TimeUnit.MILLISECONDS); // while it connects there is nothing to end yet
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "patience");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true); // a connection is not kept for as long as it might have taken
        return clock;
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
        end.cancel(false);
    }
}
