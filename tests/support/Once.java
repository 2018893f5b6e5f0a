package tests.support;

import java.util.function.Supplier;

/**
 * What is made when a test first asks for it, and then shared by the whole run.
 * Where it could not be made, or its test was skipped for it, every later one fares the same.
 */
public final class Once<T> implements Supplier<T> {
    private final Supplier<T> maker;
    private T made;
    private Throwable thrown;

    public Once(Supplier<T> maker) {
        this.maker = maker;
    }

    @Override
    public synchronized T get() {
        if (made == null && thrown == null) {
            try {
                made = maker.get();
            } catch (RuntimeException | Error e) {
                thrown = e;
            }
        }
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        if (thrown instanceof Error e) {
            throw e;
        }
        return made;
    }
}
