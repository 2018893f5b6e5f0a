package lib.cli.terminal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import lib.transfer.BlobProgress;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

//DEPS me.tongfei:progressbar:0.10.1

/** Bars on a terminal: one for each of the largest blobs, and one for all. They stay together, because messages appear above them. */
final class Bars implements Screen.Display {
    /** More bars than lines on the screen would tear it. */
    private static final int AT_MOST = 12;
    private static final long WORTH_A_BAR = 1_000_000;
    private static final String UP = "\u001b[%dA";
    private static final String ERASE_BELOW = "\r\u001b[J";

    private final List<BlobProgress> slots;
    private final List<BlobProgress> shown;
    private final List<ProgressBar> bars = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private boolean drawn;
    private boolean ended;

    Bars(List<BlobProgress> slots) {
        this.slots = slots;
        this.shown = slots.stream().filter(slot -> slot.blob().size() >= WORTH_A_BAR)
                .sorted(Comparator.comparingLong((BlobProgress slot) -> -slot.blob().size())).limit(AT_MOST).toList();
        int width = new ConsoleProgressBarConsumer(System.err).getMaxRenderedLength();
        shown.forEach(slot -> add(slot.blob().digest().shortHex(), slot.blob().size(), slot.presentAtStart(), width));
        add("all", Progress.total(slots), slots.stream().mapToLong(BlobProgress::presentAtStart).sum(), width);
    }

    private void add(String name, long size, long present, int width) {
        int line = lines.size();
        lines.add(name);
        bars.add(new ProgressBarBuilder().setTaskName(name).setInitialMax(size).startsFrom(present, Duration.ZERO)
                .setUnit(" MB", 1_000_000).setStyle(ProgressBarStyle.ASCII).showSpeed().continuousUpdate()
                .setConsumer(new DelegatingProgressBarConsumer(text -> set(line, text, width), width)).build());
    }

    /** The library renders a bar, in a thread of its own. */
    private synchronized void set(int line, String text, int width) {
        lines.set(line, text.substring(0, Math.min(text.length(), width)));
    }

    /** Draws how things are now. */
    void draw() {
        for (int i = 0; i < shown.size(); i++) {
            bars.get(i).stepTo(shown.get(i).presentNow());
        }
        bars.get(shown.size()).stepTo(Progress.present(slots));
        int hosts = Progress.sources(slots).size();
        bars.get(shown.size()).setExtraMessage(hosts < 2 ? "" : " from " + hosts + " hosts");
        bars.forEach(ProgressBar::refresh); // not while this is locked: the library has locks of its own
        print();
    }

    private synchronized void print() {
        if (ended) {
            return;
        }
        StringBuilder text = new StringBuilder(drawn ? String.format(UP, lines.size()) + ERASE_BELOW : "");
        said.forEach(line -> text.append(line).append('\n'));
        lines.forEach(line -> text.append(line).append('\n'));
        System.err.print(text);
        System.err.flush();
        said.clear();
        drawn = true;
    }

    @Override
    public synchronized void above(String line) {
        said.add(line);
    }

    @Override
    public void end() {
        draw();
        synchronized (this) {
            ended = true;
        }
        bars.forEach(ProgressBar::close);
    }
}
