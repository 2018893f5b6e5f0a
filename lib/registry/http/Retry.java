package lib.registry.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import lib.failure.RegistryException;

/**
 * How often, and after what wait, a request is sent again: waits double from half a second up to half a minute,
 * each drawn from between half and the whole of it so that many clients do not come back at once;
 * a registry that names a wait itself (Retry-After) is obeyed.
 */
public final class Retry {
    private static final long FIRST_WAIT_MILLIS = 500;
    private static final long LONGEST_WAIT_MILLIS = 30_000;
    private static final long LONGEST_OBEYED_MILLIS = 5 * 60_000;

    private final int limit;
    private final Consumer<String> notice;
    private int failures;

    /**
     * @param limit  how many times in a row a request is sent again
     * @param notice is told what is waited for, a line each
     */
    public Retry(int limit, Consumer<String> notice) {
        this.limit = limit;
        this.notice = notice;
    }

    /**
     * Waits until the request may be sent again.
     *
     * @param mayPass whether another try may help
     * @throws RegistryException      the failure itself, if another try is useless or one too many
     * @throws InterruptedIOException when the thread is interrupted while it waits
     */
    public void await(RegistryException failure, boolean mayPass) throws IOException {
        try {
            afterFailure(failure, mayPass);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Something arrived: earlier failures no longer count. */
    public void progress() {
        failures = 0;
    }

    /**
     * Waits until the request may be sent again.
     *
     * @throws RegistryException the failure itself, if another try is useless or one too many
     */
    public void afterFailure(RegistryException failure) throws RegistryException, InterruptedException {
        afterFailure(failure, failure.mayPass());
    }

    private void afterFailure(RegistryException failure, boolean mayPass) throws RegistryException, InterruptedException {
        boolean hopeless = !mayPass || failure.retryAfterMillis() > LONGEST_OBEYED_MILLIS;
        if (hopeless || failures >= limit) {
            throw failure;
        }
        long doubled = Math.min(FIRST_WAIT_MILLIS << Math.min(failures, 10), LONGEST_WAIT_MILLIS);
        long wait = failure.retryAfterMillis() >= 0 ? failure.retryAfterMillis() : ThreadLocalRandom.current().nextLong(doubled / 2, doubled + 1);
        failures++;
        notice.accept(String.format(java.util.Locale.ROOT, "%s; retry %d of %d in %.1f s", failure.getMessage(), failures, limit, wait / 1000.0));
        Thread.sleep(wait);
    }
}
