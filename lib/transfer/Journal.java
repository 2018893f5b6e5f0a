package lib.transfer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import lib.image.Digest;

//SOURCES ../image/Digest.java
//SOURCES Ranges.java
//SOURCES Slot.java

/**
 * The notes beside a half-finished file: which bytes of which blob are on disk, so that the next run asks only for the others.
 * Lines of text, only ever added to, so that there is no moment at which they are lost: {@code plan} where a run begins,
 * {@code slot DIGEST OFFSET SIZE} for what belongs to it, {@code have DIGEST FROM TO} for what has come, {@code lost DIGEST} for what
 * proved wrong. What follows a line that cannot be read counts for nothing up to the next plan: what it said is fetched again.
 * Its lock keeps two runs from writing the same file.
 */
final class Journal implements Closeable {
    /** Beyond all content: where locks are binding, as on Windows, the lines can still be read. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;
    private static final int POLL_MILLIS = 200;
    private static final long LONGEST = 8 * 1024 * 1024;

    /** What an earlier run noted of a blob. */
    record Noted(long offset, long size, Ranges present) { }

    private final Path file;
    private final FileChannel channel;
    /**
     * A second way in, to see whether the file still has its name. It stays open as long as the journal:
     * where locks are POSIX ones, closing any of a process's ways into a file gives up its lock on it.
     */
    private FileChannel seenByName;

    private Journal(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Opens and locks the journal. Where another run holds it, says so once and waits for its end. */
    static Journal open(Path file, Consumer<String> notice) throws IOException {
        boolean told = false;
        while (true) {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            while (!isLocked(channel, notice)) {
                if (!told) {
                    notice.accept("another run" + holder(channel) + " is writing beside " + file + "; waiting for it to end");
                    told = true;
                }
                sleep();
            }
            Journal journal = new Journal(file, channel);
            if (journal.isStillThere()) {
                return journal;
            }
            journal.close();
        }
    }

    private static boolean isLocked(FileChannel channel, Consumer<String> notice) {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process
        } catch (IOException e) {
            notice.accept("files cannot be locked here (" + e.getMessage() + "): see to it that no other run writes the same one");
            return true; // as with some file systems of networks
        }
    }

    /** The run that was waited for may have removed the file which this lock is on: a mark tells. */
    private boolean isStillThere() throws IOException {
        String mark = "run " + ProcessHandle.current().pid() + " " + UUID.randomUUID();
        append(mark);
        try {
            seenByName = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return false;
        }
        return lines(seenByName).contains(mark);
    }

    /** Returns all lines, by a channel that is open already. */
    private static List<String> lines(FileChannel channel) throws IOException {
        channel.position(0);
        byte[] bytes = Channels.newInputStream(channel).readAllBytes();
        return new String(bytes, StandardCharsets.ISO_8859_1).lines().toList();
    }

    private static String holder(FileChannel channel) throws IOException {
        List<String> runs = lines(channel).stream().filter(line -> line.startsWith("run ")).toList();
        return runs.isEmpty() ? "" : " (process " + runs.get(runs.size() - 1).split(" ")[1] + ")";
    }

    private static void sleep() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while waiting for another run");
        }
    }

    /** Returns what the lines say of the last plan, by blob, as far as they can be read. */
    Map<Digest, Noted> read() throws IOException {
        Map<Digest, Noted> notes = new LinkedHashMap<>();
        boolean readable = true;
        for (String line : lines(channel)) {
            if (line.equals("plan")) {
                notes.clear();
                readable = true;
            } else if (readable && !line.startsWith("run ")) {
                readable = isUnderstood(line.split(" "), notes);
            }
        }
        return notes;
    }

    private static boolean isUnderstood(String[] words, Map<Digest, Noted> notes) {
        try {
            Digest digest = Digest.parse(words[1]);
            switch (words[0]) {
                case "slot" -> notes.put(digest, new Noted(number(words[2]), number(words[3]), new Ranges()));
                case "have" -> notes.get(digest).present.add(number(words[2]), Math.min(number(words[3]), notes.get(digest).size));
                case "lost" -> notes.get(digest).present.clear();
                default -> { return false; }
            }
            return true;
        } catch (RuntimeException e) {
            return false; // a torn or damaged line, in whatever way
        }
    }

    /** Returns a place in a file or a number of bytes. */
    private static long number(String digits) {
        if (!digits.matches("[0-9]{1,18}")) {
            throw new NumberFormatException(digits);
        }
        return Long.parseLong(digits);
    }

    /** Notes a plan, and what is present of it already. Only after very many runs that brought nothing are the older notes dropped before. */
    void begin(List<Slot> slots) throws IOException {
        if (channel.size() > LONGEST) {
            channel.truncate(0);
        }
        StringBuilder lines = new StringBuilder("plan");
        for (Slot slot : slots) {
            lines.append("\nslot ").append(slot.blob.digest()).append(' ').append(slot.offset).append(' ').append(slot.blob.size());
            slot.present.asMap().forEach((from, to) -> lines.append("\nhave ").append(slot.blob.digest()).append(' ').append(from).append(' ').append(to));
        }
        append(lines.toString());
    }

    void have(Digest digest, long from, long to) throws IOException {
        if (from < to) {
            append("have " + digest + " " + from + " " + to);
        }
    }

    void lost(Digest digest) throws IOException {
        append("lost " + digest);
    }

    private synchronized void append(String lines) throws IOException {
        if (channel.isOpen()) {
            ByteBuffer bytes = ByteBuffer.wrap((lines + "\n").getBytes(StandardCharsets.ISO_8859_1));
            for (long end = channel.size(); bytes.hasRemaining(); ) {
                end += channel.write(bytes, end);
            }
        }
    }

    /** Removes the notes: the file is finished. */
    void delete() throws IOException {
        Files.deleteIfExists(file);
        close();
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
        if (seenByName != null) {
            seenByName.close();
        }
    }
}
