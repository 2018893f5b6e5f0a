package lib.file;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;

/**
 * A file of lines of text that one run holds at a time. Each run that gets it adds a line {@code run PROCESS ID}, so that others can tell who
 * holds it. The system's lock ends with the process, however that ends; where a file system has no locks, a second file stands in for it.
 */
public final class LockFile implements Closeable {
    /** Beyond all content: where locks are binding, as on Windows, the lines can still be read. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;
    private static final int POLL_MILLIS = 50;
    /** Longer than any line that belongs here, in characters. */
    private static final int LONGEST_LINE = 1000;

    private final Path file;
    private final FileChannel channel;
    private final StandInLock standIn;
    private boolean hasNoLocks;
    /**
     * A second way in, to see whether the file still has its name. It stays open as long as the first:
     * where locks are POSIX ones, closing any of a process's ways into a file gives up its lock on it.
     */
    private FileChannel seenByName;

    private LockFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
        this.standIn = new StandInLock(file);
    }

    /**
     * Takes a file, which is made if there is none, and waits while another run holds it.
     *
     * @param held   is told once who that is: " (process 123)", or "" if that is not known; it may throw instead of having this wait
     * @param notice is told when files cannot be locked here
     */
    public static LockFile take(Path file, Consumer<String> held, Consumer<String> notice) throws IOException {
        boolean told = false;
        while (true) {
            LockFile lock = new LockFile(file, TrustedFile.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
            boolean taken = false;
            try {
                while (!lock.isLocked(notice)) {
                    if (!told) {
                        held.accept(lock.holder());
                        told = true;
                    }
                    sleep();
                }
                taken = lock.isStillThere();
            } finally {
                if (!taken) {
                    lock.close();
                }
            }
            if (taken) {
                return lock;
            }
        }
    }

    private boolean isLocked(Consumer<String> notice) throws IOException {
        if (hasNoLocks) {
            return standIn.isTaken();
        }
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false) != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process
        } catch (IOException e) {
            notice.accept("files cannot be locked here (" + e.getMessage() + "): see to it that no other run writes the same one");
            hasNoLocks = true; // as with some file systems of networks
            return standIn.isTaken();
        }
    }

    /** The run that was waited for may have removed the file which this lock is on: a mark tells. No other run has this process and this moment. */
    private boolean isStillThere() throws IOException {
        byte[] mark = ("run " + ProcessHandle.current().pid() + " " + System.currentTimeMillis() + "-" + System.nanoTime() + "\n").getBytes(StandardCharsets.ISO_8859_1);
        long place = channel.size();
        append(mark);
        try {
            seenByName = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return false;
        }
        ByteBuffer seen = ByteBuffer.allocate(mark.length);
        while (seen.hasRemaining() && seenByName.read(seen, place + seen.position()) >= 0) {
            // a mark may come in pieces
        }
        return seen.flip().equals(ByteBuffer.wrap(mark));
    }

    private String holder() throws IOException {
        String[] last = {""};
        lines(line -> last[0] = line.matches("run [0-9]+ .*") ? " (process " + line.split(" ")[1] + ")" : last[0]);
        return last[0];
    }

    private static void sleep() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for another run");
        }
    }

    /**
     * Shows all lines, one after the other; of one that is longer than any that belongs here, the beginning.
     *
     * @throws IOException if the file cannot be read
     */
    public void lines(Consumer<String> reader) throws IOException {
        channel.position(0);
        Reader in = new BufferedReader(Channels.newReader(channel, StandardCharsets.ISO_8859_1)); // closing it would give up the lock
        StringBuilder line = new StringBuilder();
        int next = in.read();
        for (; next >= 0; next = in.read()) {
            if (next == '\n') {
                reader.accept(line.toString());
                line.setLength(0);
            } else if (line.length() < LONGEST_LINE) {
                line.append((char) next);
            }
        }
        if (line.length() > 0) {
            reader.accept(line.toString());
        }
    }

    /**
     * Returns how long the file is, in bytes.
     *
     * @throws IOException if that cannot be learned
     */
    public long size() throws IOException {
        return channel.size();
    }

    /**
     * Removes all lines.
     *
     * @throws IOException if the file cannot be changed
     */
    public void clear() throws IOException {
        channel.truncate(0);
    }

    /**
     * Adds lines, unless the file is closed already.
     *
     * @throws IOException if the file cannot be written
     */
    public synchronized void append(byte[] lines) throws IOException {
        if (channel.isOpen()) {
            ByteBuffer bytes = ByteBuffer.wrap(lines);
            long before = channel.size();
            try {
                while (bytes.hasRemaining()) {
                    channel.write(bytes, before + bytes.position());
                }
            } catch (IOException e) {
                channel.truncate(before); // as on a full disk: half of the lines might say something else
                throw e;
            }
        }
    }

    /**
     * Removes the file, and lets others go on.
     *
     * @throws IOException if the file cannot be removed
     */
    public void delete() throws IOException {
        Files.deleteIfExists(file);
        close();
    }

    @Override
    public synchronized void close() throws IOException {
        channel.close();
        if (seenByName != null) {
            seenByName.close();
        }
        standIn.close();
    }
}
