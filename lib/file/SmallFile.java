package lib.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import org.jspecify.annotations.Nullable;

/** Files that people write, such as settings. They are read whole, and so only up to a size: the name may lead to a device without an end. */
public final class SmallFile {
    private SmallFile() { }

    /**
     * Returns the bytes of a file of settings.
     *
     * @param most the size that it may have, in MiB
     * @throws IOException in words for people, which leave out the file's name, where it is larger, or a pipe that somebody would have to write to
     */
    public static byte[] read(Path file, int most) throws IOException {
        boolean isHandle = file.startsWith("/dev") || file.startsWith("/proc"); // a shell's <(command) is a pipe there, and has its writer
        if (!isHandle && Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
            throw new IOException("it is a pipe or a device, not a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = bytes(in, most);
            if (bytes == null) {
                throw new IOException("it is larger than " + most + " MiB");
            }
            return bytes;
        }
    }

    /**
     * Returns the bytes of a file that somebody named, such as a key.
     *
     * @param most the size that it may have, in MiB
     * @throws NotFoundException        if there is none
     * @throws IllegalArgumentException if it is a folder, a pipe, a device, or too large
     */
    public static byte[] named(Path file, int most) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + " is a folder, not a file");
        }
        try {
            return read(file, most);
        } catch (NoSuchFileException e) {
            throw new NotFoundException(file + " does not exist");
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Returns the bytes of a stream.
     *
     * @param name what to call it in the message
     * @param most the size that it may have, in MiB
     * @throws WrongContentException if it has more
     */
    public static byte[] upTo(InputStream in, String name, int most) throws IOException {
        byte[] bytes = bytes(in, most);
        if (bytes == null) {
            throw new WrongContentException(name + " is larger than " + most + " MiB");
        }
        return bytes;
    }

    /** Returns null if there are more. */
    private static byte @Nullable [] bytes(InputStream in, int most) throws IOException {
        byte[] bytes = in.readNBytes(most * 1024 * 1024 + 1);
        return bytes.length > most * 1024 * 1024 ? null : bytes;
    }
}
