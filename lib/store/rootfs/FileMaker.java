package lib.store.rootfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import lib.store.tar.ByteName;
import lib.store.tar.EntryPath;
import lib.store.tar.TarEntry;
import lib.store.tar.TarReader;

/** Makes one file of any type, with all its attributes, in a place if there is nothing. */
final class FileMaker {
    private static final String SYMBOLIC_LINKS = "symbolic links, which this system does not let you make";

    private final Attributes attributes;

    FileMaker(Attributes attributes) {
        this.attributes = attributes;
    }

    /** Makes what is not there yet; throws FileAlreadyExistsException, and has read nothing, where there is something. */
    void make(TarEntry entry, Path place, Path existing, TarReader content) throws IOException {
        switch (entry.type()) {
            case TarEntry.FILE -> file(entry, place, content);
            case TarEntry.FOLDER -> Files.createDirectory(place, attributes.firstMode(entry));
            case TarEntry.SYMBOLIC_LINK -> symbolicLink(entry, place);
            case TarEntry.HARD_LINK -> hardLink(entry, place, existing);
            case TarEntry.CHARACTER_DEVICE, TarEntry.BLOCK_DEVICE, TarEntry.PIPE -> special(entry, place);
            default -> throw EntryPath.refused(entry.name(), "is of a type that a layer may not hold");
        }
        if (entry.type() != TarEntry.HARD_LINK) {
            attributes.set(place, entry, true);
        }
    }

    /** Gives a folder that is there what the entry says of it. */
    void update(TarEntry entry, Path folder) throws IOException {
        attributes.set(folder, entry, false);
    }

    private void file(TarEntry entry, Path place, TarReader content) throws IOException {
        try (FileChannel file = FileChannel.open(place, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), attributes.firstMode(entry))) {
            if (entry.pieces() == null) {
                content.writeTo(file, entry.size());
                return;
            }
            for (TarEntry.Piece piece : entry.pieces()) {
                content.writeTo(file.position(piece.offset()), piece.length());
            }
            if (file.size() < entry.size()) {
                file.write(ByteBuffer.wrap(new byte[1]), entry.size() - 1); // a gap at the end
            }
        }
    }

    private void symbolicLink(TarEntry entry, Path place) throws IOException {
        EntryPath.checkTarget(entry.link(), entry.name());
        // Java makes one slash of two.
        if (entry.link().contains("//") && !exists(place) && Programs.run("ln", "-s", "--", entry.link(), ByteName.ofWhole(place))) {
            return;
        }
        try {
            Files.createSymbolicLink(place, ByteName.path(entry.link()));
        } catch (UnsupportedOperationException | InvalidPathException e) {
            throw new UnsupportedEntries.Entry(SYMBOLIC_LINKS);
        } catch (FileSystemException e) {
            if (attributes.isUnix() || e instanceof FileAlreadyExistsException) {
                throw e;
            }
            throw new UnsupportedEntries.Entry(SYMBOLIC_LINKS); // Windows wants a right for them
        }
    }

    private static void hardLink(TarEntry entry, Path place, Path existing) throws IOException {
        try {
            Files.createLink(place, existing);
        } catch (NoSuchFileException e) {
            throw EntryPath.refused(entry.name(), "takes the place of what it is a hard link to");
        }
    }

    /** Makes a device or a named pipe, which Java cannot. */
    private void special(TarEntry entry, Path place) throws IOException {
        if (exists(place)) {
            throw new FileAlreadyExistsException(place.toString());
        }
        if (entry.type() == TarEntry.PIPE) {
            if (!Programs.run("mkfifo", ByteName.ofWhole(place))) {
                throw new UnsupportedEntries.Entry("named pipes");
            }
            return;
        }
        String type = entry.type() == TarEntry.CHARACTER_DEVICE ? "c" : "b";
        if (!attributes.isRoot() || !Programs.run("mknod", ByteName.ofWhole(place), type, Integer.toString(entry.major()), Integer.toString(entry.minor()))) {
            throw new UnsupportedEntries.Entry("device nodes");
        }
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
}
