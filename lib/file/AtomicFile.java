package lib.file;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * A file that is there as a whole or not at all. It is written beside its place, under a name that no other process takes, and takes its own name
 * when all of it is written; else it is removed. While it is written, its process holds it by a lock, which ends with the process, however that ends:
 * what nobody holds is left over, and the next run that writes there removes it.
 */
public final class AtomicFile implements Closeable {
    private static final int BUFFER = 1 << 16;
    private static final String PROCESS = "\\.[0-9]+-[0-9a-z]+\\.part";
    private static final Pattern NAME = Pattern.compile(".+" + PROCESS);
    /** Beyond all content: where locks are binding, as on Windows, the file can still be read. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;
    private static final FileAttribute<?> OWNER_ONLY = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    /** Where locks are POSIX ones, to open and close such a file once more would give up this process's own lock on it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;
    private final TemporaryPath temporary;

    /** Writes what is to be in the file. */
    public interface Writer {
        /** Writes all of it; what this throws keeps the file from being made. */
        void write(OutputStream out) throws IOException;
    }

    private AtomicFile(Path path, FileAttribute<?>... attributes) throws IOException {
        this.path = path.toAbsolutePath();
        OWN.add(this.path);
        temporary = new TemporaryPath(this.path); // before there is a file: one that is killed in the next moment leaves none
        try {
            channel = FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes);
        } catch (IOException e) {
            OWN.remove(this.path);
            temporary.close();
            throw e;
        }
    }

    /**
     * Writes a file, and replaces one that may be there. Others see the old file or the new one, never half of it.
     *
     * @throws IOException if the writer fails, or the file cannot be written: what was there before stays
     */
    public static void write(Path target, Writer writer) throws IOException {
        write(beside(target), target, writer);
    }

    /**
     * Does the same with a file that holds secrets: from the beginning, nobody but its owner may read or write it, on systems with such rights.
     *
     * @throws IOException if the writer fails, or the file cannot be written: what was there before stays
     */
    public static void writeForOwner(Path target, Writer writer) throws IOException {
        boolean hasRights = target.getFileSystem().supportedFileAttributeViews().contains("posix");
        write(beside(target, hasRights ? new FileAttribute<?>[] {OWNER_ONLY} : new FileAttribute<?>[0]), target, writer);
    }

    /**
     * Writes a file which is on disk for good when this returns, whatever happens to the machine then.
     *
     * @throws IOException if the file cannot be written: what was there before stays
     */
    public static void writeForGood(Path target, byte[] bytes) throws IOException {
        try (AtomicFile file = beside(target)) {
            file.stream().write(bytes);
            moveForGood(file.path, target);
        }
    }

    /**
     * Gives a file another name in the same file system, and replaces one that may be there. Its bytes and its name are on disk for good when this returns.
     *
     * @throws IOException if it cannot be moved
     */
    public static void moveForGood(Path file, Path target) throws IOException {
        try (FileChannel content = FileChannel.open(file, StandardOpenOption.WRITE)) {
            content.force(true);
        }
        Files.move(file, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(target.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (AccessDeniedException e) {
            // Windows opens no folder: there the name is on disk with the file
        }
    }

    private static void write(AtomicFile beside, Path target, Writer writer) throws IOException {
        try (AtomicFile file = beside) {
            try (OutputStream out = new BufferedOutputStream(file.stream(), BUFFER)) {
                writer.write(out);
            }
            file.become(target);
        }
    }

    /**
     * Makes an empty file beside what it is to become.
     *
     * @throws FileSystemException when none can be made there; it names the target, or the folder where that is missing
     */
    public static AtomicFile beside(Path target) throws IOException {
        return beside(target, new FileAttribute<?>[0]);
    }

    private static AtomicFile beside(Path target, FileAttribute<?>... attributes) throws IOException {
        while (true) {
            AtomicFile file = made(target, attributes);
            if (file.isHeld()) {
                return file;
            }
            file.close(); // another run took it for a leftover in the moment before it was locked, or this one is being ended
            if (file.temporary.isEnding()) {
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    private static AtomicFile made(Path target, FileAttribute<?>... attributes) throws IOException {
        long random = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE); // process numbers of two containers may be the same
        String name = target.getFileName() + "." + ProcessHandle.current().pid() + "-" + Long.toString(random, Character.MAX_RADIX) + ".part";
        try {
            return new AtomicFile(target.resolveSibling(name), attributes);
        } catch (FileSystemException e) {
            throw of(target, e);
        }
    }

    /** Returns what went wrong with the file beside a target as a sentence on the target, which is the one that people named. */
    private static FileSystemException of(Path target, FileSystemException trouble) {
        if (trouble instanceof NoSuchFileException missing && target.toAbsolutePath().getParent() != null) {
            FileSystemException unmade = TrustedFile.unmade(Path.of(missing.getFile()), missing);
            if (unmade != missing) {
                return unmade;
            }
            return new NoSuchFileException(String.valueOf(target.getParent() == null ? target.toAbsolutePath().getParent() : target.getParent()));
        }
        return trouble instanceof AccessDeniedException ? new AccessDeniedException(target.toString()) : new FileSystemException(target.toString(), null, trouble.getReason());
    }

    private boolean isHeld() {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false) != null && Files.exists(path);
        } catch (IOException e) {
            return true; // as on some network file systems, which have no locks: nobody else can tell a leftover from it there either
        }
    }

    /** Returns where the file is until it has its name. */
    public Path path() {
        return path;
    }

    /** Returns a stream into the file. It has no buffer, and closing it does not end the lock. */
    public OutputStream stream() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        };
    }

    /**
     * Gives the file its name, and replaces one that may be there.
     *
     * @throws IOException if it cannot be moved
     */
    public void become(Path target) throws IOException {
        // else Java deletes what is there before it moves: in between there is neither, and after a kill there is none at all
        Files.move(path, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes the file, unless it has its name. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            temporary.close();
            OWN.remove(path);
        }
    }

    /** Removes the files in a folder that processes left which were killed. What cannot be removed stays. */
    public static void removeLeftovers(Path folder) {
        removeLeftovers(folder, NAME);
    }

    /** Removes those that were to become this file. */
    public static void removeLeftoversOf(Path target) {
        removeLeftovers(target.toAbsolutePath().getParent(), Pattern.compile(Pattern.quote(target.getFileName().toString()) + PROCESS));
    }

    private static void removeLeftovers(Path folder, Pattern names) {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*.part")) {
            for (Path part : parts) {
                if (names.matcher(part.getFileName().toString()).matches() && !OWN.contains(part.toAbsolutePath()) && Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)) {
                    removeUnheld(part);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // a run that may read the folder removes them another time
        }
    }

    private static void removeUnheld(Path part) {
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            if (channel.tryLock(LOCKED_BYTE, 1, false) != null) {
                Files.delete(part);
            }
        } catch (IOException | OverlappingFileLockException e) {
            // it has its name by now, is not ours, or cannot be locked
        }
    }
}
