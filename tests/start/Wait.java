package tests.start;

import java.io.IOException;

/** Waits for what a program in the background does, four minutes at most. */
final class Wait {
    private static final long LIMIT_NANOS = 240_000_000_000L;

    private Wait() { }

    interface Text {
        String read() throws IOException;
    }

    /** Waits until this text is there and ends a line. */
    static void forLine(Text text) throws IOException {
        long start = System.nanoTime();
        while (!text.read().endsWith("\n")) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new AssertionError("no line within four minutes, but " + text.read());
            }
            pause();
        }
    }

    interface Condition {
        boolean holds() throws IOException;
    }

    /** Waits until this holds. */
    static void until(Condition condition) throws IOException {
        long start = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() - start > LIMIT_NANOS) {
                throw new AssertionError("did not happen within four minutes");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting", e);
        }
    }
}
