package lib.shell;

import java.io.IOException;

/** JShell prints a stack trace of dozens of lines behind an exception: where the sentence says what was wrong, it is left out. */
public final class WithoutTrace {
    private WithoutTrace() { }

    /** What may fail for a reason outside the code. */
    public interface Step<T, E extends Exception> {
        T take() throws E;
    }

    /** Returns what a step gives, or throws what it throws, without the trace if that is one of the outcomes that methods here tell of. */
    public static <T, E extends Exception> T get(Step<T, E> step) throws E {
        try {
            return step.take();
        } catch (Exception e) {
            if (e instanceof IOException || e instanceof IllegalArgumentException) {
                drop(e);
            }
            throw e;
        }
    }

    private static void drop(Exception failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            each.setStackTrace(new StackTraceElement[0]);
        }
    }
}
