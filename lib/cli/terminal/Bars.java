package lib.cli.terminal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import lib.image.Digest;
import lib.transfer.BlobProgress;

/** Bars on a terminal: one for each of the largest blobs, and one for all. They stay together, for what is said meanwhile stands above them. */
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
    private final Map<Digest, String> names;
    private final List<String> said = new ArrayList<>();
    private final long start = System.nanoTime();
    private final long began;
    private Terminal.Size size = Terminal.size();
    private int drawings;
    /** How many lines are to be drawn again, 0 where the bars begin anew. */
    private int drawn;
    private boolean ended;

    /** @param names what some blobs are called; the others are called by their digests */
    Bars(List<BlobProgress> slots, Map<Digest, String> names) {
        this.slots = slots;
        this.names = names;
        this.began = slots.stream().mapToLong(BlobProgress::presentAtStart).sum();
        List<BlobProgress> largest = slots.stream().filter(slot -> slot.blob().size() >= WORTH_A_BAR)
                .sorted(Comparator.comparingLong((BlobProgress slot) -> -slot.blob().size())).limit(Math.min(AT_MOST, Math.max(0, size.rows() - 3))).toList();
        this.shown = slots.stream().filter(largest::contains).toList();
    }

    /** Draws how things are now. */
    synchronized void draw() {
        if (ended) {
            return;
        }
        lookAtSize();
        StringBuilder text = new StringBuilder(drawn > 0 ? String.format(UP, drawn) + ERASE_BELOW : "");
        said.forEach(line -> text.append(line).append('\n'));
        text.append(WITHOUT_WRAPPING);
        List<String> lines = lines();
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

    private List<String> lines() {
        double seconds = (System.nanoTime() - start) / 1e9;
        List<Bar> bars = new ArrayList<>();
        for (BlobProgress slot : shown) {
            String name = names.getOrDefault(slot.blob().digest(), slot.blob().digest().shortHex());
            bars.add(new Bar(name, slot.presentNow(), slot.presentAtStart(), slot.blob().size(), seconds));
        }
        int hosts = Progress.sources(slots).size();
        bars.add(new Bar(hosts < 2 ? "all" : "all, " + hosts + " hosts", Progress.present(slots), began, Progress.total(slots), seconds));
        int nameColumns = Math.max(LONGEST_TOTAL, bars.stream().mapToInt(bar -> bar.name().length()).max().orElse(0));
        return bars.stream().map(bar -> bar.line(size.columns(), nameColumns)).toList();
    }

    @Override
    public synchronized void above(String line) {
        said.add(line);
    }

    @Override
    public synchronized void end() {
        draw();
        ended = true;
    }
}
