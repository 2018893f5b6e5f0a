package lib.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A file with a name of its own that is to become another one, and that its process holds by a lock until then. The lock ends with the process,
 * however that ends: what nobody holds is left over, and the next run that writes there removes it.
 */
public final class HeldPart implements Closeable {
    private static final Pattern NAME = Pattern.compile(".+\\.[0-9]+-[0-9a-z]+\\.part");
    /** Beyond all content: where locks are binding, as on Windows, the file can still be read. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;
    /** Where locks are POSIX ones, to open and close such a file once more would give up this process's own lock on it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private HeldPart(Path path) throws IOException {
        this.path = path.toAbsolutePath();
        OWN.add(this.path);
        try {
            channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            OWN.remove(this.path);
            throw e;
        }
    }

    /** Makes a file beside what it is to become. */
    public static HeldPart beside(Path target) throws IOException {
        while (true) {
            HeldPart part = made(target);
            if (part.isHeld()) {
                return part;
            }
            part.close(); // another run took it for a leftover in the moment before it was locked
        }
    }

    private static HeldPart made(Path target) throws IOException {
        try {
            return new HeldPart(PartFile.beside(target));
        } catch (FileSystemException e) {
            throw PartFile.of(target, e);
        }
    }

    private boolean isHeld() {
        try {
            return channel.tryLock(LOCKED_BYTE, 1, false) != null && Files.exists(path);
        } catch (IOException e) {
            return true; // as with some file systems of networks, which have no locks: nobody can take it for a leftover either
        }
    }

    public Path path() {
        return path;
    }

    /** Returns a stream into the file, whose end does not end the lock. */
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

    /** Gives the file its name, in the place of one that may be there. */
    public void become(Path target) throws IOException {
        Files.move(path, target, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes the file, unless it has its name. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
            Files.deleteIfExists(path);
        } finally {
            OWN.remove(path);
        }
    }

    /** Removes the files in a folder that processes left which were killed. What cannot be removed stays. */
    public static void removeLeftovers(Path folder) {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*.part")) {
            for (Path part : parts) {
                boolean mayBeLeft = NAME.matcher(part.getFileName().toString()).matches() && !OWN.contains(part.toAbsolutePath());
                if (mayBeLeft && Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)) {
                    removeUnheld(part);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // whoever may read the folder does it another time
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
