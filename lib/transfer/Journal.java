package lib.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lib.file.LockFile;
import lib.image.Digest;
import lib.transfer.source.Ranges;
import lib.transfer.source.Senders;

/**
 * The notes beside a half-finished file: which bytes of which blob are on disk, so that the next run asks only for the others.
 * Lines of text, only ever added to, so that there is no moment at which they are lost: {@code plan} where a run begins, with the size of volumes,
 * {@code slot DIGEST OFFSET SIZE} for what belongs to it, {@code have DIGEST FROM TO HOST} for what has come, without a host where that
 * is not known, {@code lost DIGEST} for what proved wrong. What follows a line that cannot be read counts for nothing up to the next plan: what it said is fetched again.
 * Its lock keeps two runs from writing the same file.
 */
public final class Journal implements Closeable {
    private static final long LONGEST = 8 * 1024 * 1024;

    /** What an earlier run noted of a blob, and which host sent each byte of it. */
    record Noted(long offset, long size, Senders senders) {
        /** Returns how many bytes there are. */
        long bytes() {
            Ranges ranges = new Ranges();
            senders.fewestFirst().forEach(sender -> senders.of(sender).forEach(ranges::add));
            return ranges.total();
        }

        /** Has a slot take up what is noted of it. */
        void resume(BlobFile slot) {
            senders.fewestFirst().forEach(sender -> senders.of(sender).forEach((from, to) -> slot.resume(from, to, sender)));
        }
    }

    /** What lines say of the last plan, by blob, as far as they can be read. */
    private static final class Notes {
        private final Map<Digest, Noted> byBlob = new LinkedHashMap<>();
        private boolean isReadable = true;
        private long volumeSize;

        private void add(String line) {
            if (line.matches("plan( [0-9]{1,18})?")) {
                volumeSize = line.equals("plan") ? 0 : number(line.split(" ")[1]);
                byBlob.clear();
                isReadable = true;
            } else if (isReadable && !line.startsWith("run ")) {
                isReadable = isUnderstood(line.split(" "), byBlob);
            }
        }
    }

    private final LockFile file;
    private long volumeSize;

    private Journal(LockFile file) {
        this.file = file;
    }

    /** Opens and locks the journal. Where another run holds it, says so once and waits for its end. */
    static Journal open(Path file, Consumer<String> notice) throws IOException {
        return new Journal(LockFile.take(file, run -> notice.accept("another run" + run + " is writing the same target (" + file + "); waiting for it to end"), notice));
    }

    /** Returns what is noted of the last plan, by blob. */
    Map<Digest, Noted> read() throws IOException {
        Notes notes = new Notes();
        file.lines(notes::add);
        volumeSize = notes.volumeSize;
        return notes.byBlob;
    }

    /** Returns how many bytes of each blob are noted beside an archive that is begun, without waiting for a run that is at work; none if nothing is. */
    public static Map<Digest, Long> kept(Path archive) {
        Notes notes = new Notes();
        try (Stream<String> lines = Files.lines(archive.resolveSibling(archive.getFileName() + ".part.journal"), StandardCharsets.ISO_8859_1)) {
            lines.forEach(notes::add);
        } catch (IOException | UncheckedIOException e) {
            return Map.of(); // then it may all have to be fetched
        }
        Map<Digest, Long> kept = new HashMap<>();
        notes.byBlob.forEach((blob, noted) -> kept.put(blob, noted.bytes()));
        return kept;
    }

    /** Returns the size of the volumes that the notes which were read are of; 0 if they are of one file, or of blobs that are files of their own. */
    long volumeSize() {
        return volumeSize;
    }

    private static boolean isUnderstood(String[] words, Map<Digest, Noted> notes) {
        try {
            Digest digest = Digest.parse(words[1]);
            switch (words[0]) {
                case "slot" -> notes.put(digest, new Noted(number(words[2]), number(words[3]), new Senders()));
                case "have" -> have(notes.get(digest), number(words[2]), number(words[3]), words.length > 4 ? words[4] : Senders.UNKNOWN);
                case "lost" -> notes.get(digest).senders.clear();
                default -> { return false; }
            }
            return true;
        } catch (RuntimeException e) {
            return false; // a torn or damaged line, in whatever way
        }
    }

    private static void have(Noted noted, long from, long to, String sender) {
        noted.senders.add(sender, from, Math.min(to, noted.size));
    }

    /** Returns a place in a file or a number of bytes. */
    private static long number(String digits) {
        if (!digits.matches("[0-9]{1,18}")) {
            throw new NumberFormatException(digits);
        }
        return Long.parseLong(digits);
    }

    /** Notes a plan, with the size of volumes or 0, and what is present of it already. Only after very many runs that brought nothing are the older notes dropped before. */
    void begin(List<BlobFile> slots, long volumeSize) throws IOException {
        begin(slots, volumeSize, Map.of());
    }

    /** Does the same, and keeps what was noted of blobs that are not of this plan. */
    void begin(List<BlobFile> slots, long volumeSize, Map<Digest, Noted> others) throws IOException {
        if (file.size() > LONGEST) {
            file.clear();
        }
        StringBuilder lines = new StringBuilder(volumeSize == 0 ? "plan" : "plan " + volumeSize);
        slots.forEach(slot -> addTo(lines, slot.blob.digest(), slot.offset, slot.blob.size(), slot.senders));
        others.forEach((digest, noted) -> addTo(lines, digest, noted.offset, noted.size, noted.senders));
        append(lines.toString());
    }

    private static void addTo(StringBuilder lines, Digest digest, long offset, long size, Senders senders) {
        lines.append("\nslot ").append(digest).append(' ').append(offset).append(' ').append(size);
        senders.fewestFirst().forEach(sender -> senders.of(sender).forEach((from, to) -> lines.append('\n').append(line(digest, from, to, sender))));
    }

    /** Notes that bytes are on disk, which this host sent. */
    void have(Digest digest, long from, long to, String sender) throws IOException {
        if (from < to) {
            append(line(digest, from, to, sender));
        }
    }

    private static String line(Digest digest, long from, long to, String sender) {
        return ("have " + digest + " " + from + " " + to + " " + sender).stripTrailing();
    }

    void lost(Digest digest) throws IOException {
        append("lost " + digest);
    }

    private void append(String lines) throws IOException {
        file.append((lines + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Removes the notes: the file is finished. */
    void delete() throws IOException {
        file.delete();
    }

    /** Removes the notes of what is finished, and keeps those of others. */
    void deleteBut(Map<Digest, Noted> others) throws IOException {
        if (others.isEmpty()) {
            delete();
        } else {
            begin(List.of(), 0, others);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
