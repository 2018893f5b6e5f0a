package lib.registry.mirrors;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The same work for several places at once. Each has its own time: one that takes longer is left behind, and holds up nobody. */
final class SideBySide {
    private SideBySide() { }

    /**
     * Returns when the work is done for all of them, or their time is over.
     *
     * @param atOnce how many are at work at the same time
     * @param millis how long each may take, in milliseconds; then {@link EndpointSurvey#leave} is called
     * @throws InterruptedIOException if the thread is interrupted meanwhile
     */
    static void run(List<EndpointSurvey> places, int atOnce, long millis, Consumer<EndpointSurvey> work) throws InterruptedIOException {
        Semaphore slots = new Semaphore(atOnce);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        try {
            for (EndpointSurvey place : places) {
                slots.acquire();
                CompletableFuture<Boolean> inTime = new CompletableFuture<>();
                Thread thread = new Thread(() -> {
                    try {
                        work.accept(place);
                    } finally {
                        inTime.complete(true);
                    }
                }, "survey of " + place.endpoint().base());
                thread.setDaemon(true); // a name that is still looked up keeps no program from ending
                thread.start();
                all.add(inTime.completeOnTimeout(false, millis, TimeUnit.MILLISECONDS).thenAccept(done -> {
                    if (!done) {
                        place.leave(millis);
                    }
                    slots.release();
                }));
            }
            for (CompletableFuture<Void> each : all) {
                each.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
