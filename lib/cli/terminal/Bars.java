package lib.cli.terminal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import lib.image.Digest;
import lib.transfer.BlobProgress;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

//DEPS me.tongfei:progressbar:0.10.1

/**
 * Bars on a terminal: one for each of the largest blobs, and one for all. They stay together, for what is said meanwhile stands above them. The library
 * keeps the state and the time of each, and would draw it with columns of its own, for the width that the terminal had at first: see {@link Bar}.
 */
final class Bars implements Screen.Display {
    private static final int AT_MOST = 12;
    private static final long WORTH_A_BAR = 1_000_000;
    private static final String UP = "\u001b[%dA";
    private static final String ERASE_BELOW = "\r\u001b[J";
    /** A line that is too long since the terminal became narrower is cut off, instead of going on in the next one. */
    private static final String WITHOUT_WRAPPING = "\u001b[?7l";
    private static final String WITH_WRAPPING = "\u001b[?7h";
    /** Hosts come and go: the columns stay where they are for as many as nine. */
    private static final int LONGEST_TOTAL = "all, 9 hosts".length();
    /** How often the terminal's size is looked at: once in so many drawings, for another program has to be asked. */
    private static final int DRAWINGS_A_LOOK = 5;

    private final List<BlobProgress> slots;
    private final List<BlobProgress> shown;
    private final List<ProgressBar> bars = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> said = new ArrayList<>();
    private final int nameColumns;
    private volatile Terminal.Size size = Terminal.size();
    private int drawings;
    /** How many lines are to be drawn again, 0 where the bars begin anew. */
    private int drawn;
    private boolean ended;

    /** @param names what some blobs are called; the others are called by their digests */
    Bars(List<BlobProgress> slots, Map<Digest, String> names) {
        this.slots = slots;
        List<BlobProgress> largest = slots.stream().filter(slot -> slot.blob().size() >= WORTH_A_BAR)
                .sorted(Comparator.comparingLong((BlobProgress slot) -> -slot.blob().size())).limit(Math.min(AT_MOST, Math.max(0, size.rows() - 3))).toList();
        this.shown = slots.stream().filter(largest::contains).toList();
        List<String> called = shown.stream().map(slot -> names.getOrDefault(slot.blob().digest(), slot.blob().digest().shortHex())).toList();
        this.nameColumns = Math.max(LONGEST_TOTAL, called.stream().mapToInt(String::length).max().orElse(0));
        for (int i = 0; i < shown.size(); i++) {
            add(called.get(i), shown.get(i).blob().size(), shown.get(i).presentAtStart());
        }
        add("all", Progress.total(slots), slots.stream().mapToLong(BlobProgress::presentAtStart).sum());
    }

    private void add(String name, long total, long present) {
        int line = lines.size();
        lines.add(name);
        bars.add(new ProgressBarBuilder().setTaskName(name).setInitialMax(total).startsFrom(present, Duration.ZERO).continuousUpdate()
                .setRenderer((state, longest) -> Bar.of(state).line(size.columns(), nameColumns))
                .setConsumer(new DelegatingProgressBarConsumer(text -> set(line, text), Integer.MAX_VALUE)).build());
    }

    /** The library has a bar drawn, in a thread of its own. */
    private synchronized void set(int line, String text) {
        lines.set(line, text);
    }

    /** Draws how things are now. */
    void draw() {
        for (int i = 0; i < shown.size(); i++) {
            bars.get(i).stepTo(shown.get(i).presentNow());
        }
        int hosts = Progress.sources(slots).size();
        bars.get(shown.size()).stepTo(Progress.present(slots)).setExtraMessage(hosts < 2 ? "" : ", " + hosts + " hosts");
        bars.forEach(ProgressBar::refresh); // not while this is locked: the library has locks of its own
        print();
    }

    private synchronized void print() {
        if (ended) {
            return;
        }
        lookAtSize();
        StringBuilder text = new StringBuilder(drawn > 0 ? String.format(UP, drawn) + ERASE_BELOW : "");
        said.forEach(line -> text.append(line).append('\n'));
        text.append(WITHOUT_WRAPPING);
        lines.forEach(line -> text.append(line).append('\n'));
        System.err.print(text.append(WITH_WRAPPING));
        System.err.flush();
        said.clear();
        drawn = lines.size();
    }

    /** Where a terminal became narrower, it may have broken the lines that stand there: nobody knows how many they are now, so the bars begin anew below. */
    private void lookAtSize() {
        if (drawings++ % DRAWINGS_A_LOOK != 0) {
            return;
        }
        Terminal.Size now = Terminal.size();
        drawn = now.columns() < size.columns() || now.rows() <= drawn ? 0 : drawn;
        size = now;
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
