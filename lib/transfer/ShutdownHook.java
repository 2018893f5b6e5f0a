package lib.transfer;

/** What is still done when the program is interrupted in the middle of some work. Closing it ends that: the work is over. */
public final class ShutdownHook implements AutoCloseable {
    private final Thread thread;

    /** @param last runs in a thread of its own when the program is interrupted before {@link #close} */
    public ShutdownHook(Runnable last) {
        thread = new Thread(last);
        Runtime.getRuntime().addShutdownHook(thread);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            // the program is ending, and the hook runs
        }
    }
}
