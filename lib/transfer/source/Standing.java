package lib.transfer.source;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import lib.failure.RegistryException;
import lib.image.Digest;
import org.jspecify.annotations.Nullable;

/** Whether a host may be asked: it rests after a failure, longer each time, and is out where failing will not pass. Its {@link Host} guards what changes. */
final class Standing {
    private static final long FIRST_REST_MILLIS = 500;
    private static final long LONGEST_REST_MILLIS = 30_000;
    private static final long LONGEST_OBEYED_MILLIS = 5 * 60_000;
    /** A host that rests no longer than this is waited for. */
    private static final long SHORT_NANOS = 3_000_000_000L;
    /** So many bytes without a failure prove that it works again. */
    private static final long PROOF = 1024 * 1024;
    /** So many blobs that it does not give, and none that it gave, are enough to ask for no more. */
    private static final int MOST_MISSING = 3;

    private final Set<Digest> missing = new HashSet<>();
    private long total;
    private int failures;
    private long sinceFailure;
    private long restsUntil = System.nanoTime();
    /** Whether people were told that it rests: once is enough. */
    private boolean told;
    private boolean out;
    private @Nullable RegistryException lastFailure;

    /** So many bytes came. */
    void sent(long count) {
        total += count;
        sinceFailure += count;
        failures = sinceFailure < PROOF ? failures : 0;
    }

    /** Returns how many bytes it has sent in all. */
    long total() {
        return total;
    }

    /** Returns whether it may be asked for a blob, now or after a rest. */
    boolean serves(Digest blob) {
        return !out && !missing.contains(blob);
    }

    void giveUp(Digest blob) {
        missing.add(blob);
    }

    boolean rests() {
        return restsUntil - System.nanoTime() > 0;
    }

    /** Returns whether it is to be relied on: it has failed at most once lately, has been of use before that, and rests no longer than for a moment. */
    boolean isReliable() {
        boolean soon = restsUntil - System.nanoTime() < SHORT_NANOS && total > 0;
        return failures <= 1 && (!rests() || soon);
    }

    @Nullable RegistryException lastFailure() {
        return lastFailure;
    }

    /**
     * It did not send what it was asked for. A blob that it refuses is not asked for there again; what may pass has it rest; all else puts it out.
     *
     * @param retries how many failures in a row are borne
     * @return what to tell people of it, or null if they know already
     */
    @Nullable String failed(RegistryException failure, Digest blob, int retries) {
        lastFailure = failure;
        sinceFailure = 0;
        if (failure.kind() == RegistryException.Kind.REFUSED && !failure.mayPass()) {
            missing.add(blob);
            out |= total == 0 && missing.size() >= MOST_MISSING;
            return missing.size() > 1 ? null : failure.getMessage();
        }
        if (out) {
            return null; // several connections often fail at a time
        }
        boolean already = rests();
        failures += already ? 0 : 1;
        if (!failure.mayPass() || failure.retryAfterMillis() > LONGEST_OBEYED_MILLIS || failures > retries) {
            out = true;
            return failure.getMessage();
        }
        return rest(failure, already);
    }

    private @Nullable String rest(RegistryException failure, boolean already) {
        long doubled = Math.min(FIRST_REST_MILLIS << Math.min(failures - 1, 10), LONGEST_REST_MILLIS);
        long rest = failure.retryAfterMillis() >= 0 ? failure.retryAfterMillis() : doubled;
        if (!already) {
            restsUntil = System.nanoTime() + rest * 1_000_000;
        }
        boolean toldBefore = told;
        told = true;
        return toldBefore ? null : failure.getMessage() + String.format(Locale.ROOT, "; asked again in %.1f s", rest / 1000.0);
    }
}
