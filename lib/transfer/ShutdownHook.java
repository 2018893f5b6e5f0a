package lib.transfer;

/** What is still done when the program is interrupted in the middle of some work. Closing it ends that: the work is over. */
final class ShutdownHook implements AutoCloseable {
    private final Thread thread;

    ShutdownHook(Runnable last) {
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
