package lib.cli;

import java.util.ArrayList;
import java.util.List;
import lib.transfer.Slot;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

//DEPS me.tongfei:progressbar:0.10.1
//SOURCES ../transfer/Slot.java
//SOURCES Sizes.java
//SOURCES Terminal.java

/** Shows how blobs come: on a terminal a bar for each and one for all, elsewhere a plain line now and then. */
final class Progress {
    private static final int BARS_AT_MOST = 12;
    private static final int BAR_MILLIS = 200;
    private static final int LINE_MILLIS = 5_000;

    private static final long WORTH_A_BAR = 1_000_000;

    private final boolean quiet;
    private Thread thread;

    Progress(boolean quiet) {
        this.quiet = quiet;
    }

    /** Begins to show these slots, beside the transfer that fills them, until they are full or the program ends. */
    void watch(List<Slot> slots) {
        if (quiet || total(slots) == present(slots)) {
            return;
        }
        boolean terminal = Terminal.is(Terminal.ERR);
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
    void end() throws InterruptedException {
        if (thread != null) {
            thread.interrupt();
            thread.join(1_000);
        }
    }

    /** Waits, and tells whether to go on. */
    private static boolean pause(int millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private static long total(List<Slot> slots) {
        return slots.stream().mapToLong(slot -> slot.blob().size()).sum();
    }

    private static long present(List<Slot> slots) {
        return slots.stream().mapToLong(Slot::presentNow).sum();
    }

    private static void lines(List<Slot> slots) {
        long start = System.nanoTime();
        long before = present(slots);
        while (pause(LINE_MILLIS) && present(slots) < total(slots)) {
            double rate = (present(slots) - before) * 1e9 / (System.nanoTime() - start);
            String left = rate < 1 ? "" : ", " + (long) ((total(slots) - present(slots)) / rate) + " s left";
            System.err.println(Sizes.of(present(slots)) + " of " + Sizes.of(total(slots)) + ", " + Sizes.of((long) rate) + "/s" + left);
        }
    }

    /** The largest blobs get a bar each: more bars than lines on the screen would tear it. */
    private static void bars(List<Slot> slots) {
        List<Slot> shown = slots.stream().filter(slot -> slot.blob().size() >= WORTH_A_BAR).sorted((a, b) -> Long.compare(b.blob().size(), a.blob().size())).limit(BARS_AT_MOST).toList();
        List<ProgressBar> bars = new ArrayList<>();
        shown.forEach(slot -> bars.add(bar(slot.blob().digest().shortHex(), slot.blob().size(), slot.presentAtStart())));
        ProgressBar all = bar("all", total(slots), slots.stream().mapToLong(Slot::presentAtStart).sum());
        do {
            step(shown, bars, all, slots);
        } while (present(slots) < total(slots) && pause(BAR_MILLIS));
        step(shown, bars, all, slots);
        bars.forEach(ProgressBar::close);
        all.close();
    }

    private static ProgressBar bar(String name, long size, long present) {
        return new ProgressBarBuilder().setTaskName(name).setInitialMax(size).startsFrom(present, java.time.Duration.ZERO)
                .setUnit(" MB", 1_000_000).setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis(BAR_MILLIS).showSpeed().build();
    }

    private static void step(List<Slot> shown, List<ProgressBar> bars, ProgressBar all, List<Slot> slots) {
        for (int i = 0; i < bars.size(); i++) {
            bars.get(i).stepTo(shown.get(i).presentNow());
        }
        all.stepTo(present(slots));
    }
}
