package lib.cli.terminal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.text.Sizes;
import lib.transfer.BlobProgress;

/** Shows how blobs come: on a terminal a bar for each and one for all, elsewhere a plain line now and then. */
public final class Progress {
    private static final int BAR_MILLIS = 200;
    private static final int LINE_MILLIS = 5_000;

    private final boolean quiet;
    private volatile Map<Digest, String> names = Map.of();
    private Thread thread;

    /** @param quiet whether to show nothing */
    public Progress(boolean quiet) {
        this.quiet = quiet;
    }

    /** Has the layers of an image called by their numbers, as inspect and ls call them; all other blobs are called by their digests. */
    public void name(List<Descriptor> layers) {
        Map<Digest, String> numbers = new HashMap<>();
        for (Descriptor layer : layers) {
            numbers.putIfAbsent(layer.digest(), "layer " + (layers.indexOf(layer) + 1) + " of " + layers.size());
        }
        names = numbers;
    }

    /** Begins to show these slots, beside the transfer that fills them, until {@link #end} or the program ends. */
    public void watch(List<BlobProgress> slots) {
        end();
        if (quiet || total(slots) == present(slots)) {
            return;
        }
        boolean terminal = Terminal.is(Terminal.ERR) && !"dumb".equals(System.getenv("TERM"));
        thread = new Thread(() -> {
            if (terminal) {
                bars(slots);
            } else {
                lines(slots);
            }
        }, "progress");
        thread.setDaemon(true);
        thread.start();
    }

    /** Draws the last state and ends, so that what is said next stands below the bars. */
    public void end() {
        if (thread != null) {
            thread.interrupt();
            try {
                thread.join(1_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            thread = null;
        }
    }

    /** Waits, and returns whether to go on. */
    private static boolean pause(int millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Returns how much of the blobs is there, as in "412.0 MB of 1.1 GB"; "" for nothing. */
    public static String share(List<BlobProgress> slots) {
        return present(slots) == 0 ? "" : Sizes.of(present(slots)) + " of " + Sizes.of(total(slots));
    }

    static long total(List<BlobProgress> slots) {
        return slots.stream().mapToLong(slot -> slot.blob().size()).sum();
    }

    static long present(List<BlobProgress> slots) {
        return slots.stream().mapToLong(BlobProgress::presentNow).sum();
    }

    private static void lines(List<BlobProgress> slots) {
        long start = System.nanoTime();
        long before = present(slots);
        while (pause(LINE_MILLIS)) {
            double rate = Math.max(0, present(slots) - before) * 1e9 / (System.nanoTime() - start);
            String left = rate < 1 ? "" : ", " + (long) ((total(slots) - present(slots)) / rate) + " s left";
            if (present(slots) < total(slots)) {
                System.err.println(Sizes.of(present(slots)) + " of " + Sizes.of(total(slots)) + ", " + Sizes.of((long) rate) + "/s" + left + from(slots));
            }
        }
    }

    /** Returns which hosts blobs come from now, where there are several. */
    private static String from(List<BlobProgress> slots) {
        Set<String> hosts = sources(slots);
        return hosts.size() < 2 ? "" : ", from " + String.join(", ", hosts).replaceAll("https?://", "");
    }

    static Set<String> sources(List<BlobProgress> slots) {
        Set<String> hosts = new TreeSet<>();
        slots.forEach(slot -> hosts.addAll(slot.sources()));
        return hosts;
    }

    private void bars(List<BlobProgress> slots) {
        Bars bars = new Bars(slots, names);
        Screen.show(bars);
        do {
            bars.draw();
        } while (pause(BAR_MILLIS));
        Screen.end();
    }
}
