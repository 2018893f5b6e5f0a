package lib.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import lib.cli.terminal.Terminal;
import lib.file.TrustedFile;
import org.jspecify.annotations.Nullable;

/**
 * Where {@code -o} leads: to a file, which is to take its name when all of it is right, or to what can only be written in order:
 * stdout, a named pipe, a device. Those cannot be replaced by another file.
 *
 * @param path     what was named, null for {@code -}
 * @param isStream whether it is to be written in order
 */
public record Target(@Nullable Path path, boolean isStream) {

    /**
     * Returns what a name leads to.
     *
     * @throws IllegalArgumentException            for a folder, and for a terminal, which would take archives for control sequences
     * @throws NoSuchFileException                 if the folder to put it into is missing; NotDirectoryException where that is a file
     * @throws java.nio.file.FileSystemException   for a link of another user's
     */
    public static Target of(String output) throws IOException {
        if (output.equals("-") && Terminal.is(Terminal.OUT)) {
            throw new IllegalArgumentException("stdout is a terminal, and this is binary: use -o FILE, or pipe stdout into a command or a file");
        }
        return ofAnything(output);
    }

    /**
     * As {@link #of}, for what may be text: a terminal is allowed.
     *
     * @throws IllegalArgumentException          for a folder, or an empty name
     * @throws java.nio.file.FileSystemException if there is no folder to put the file into, or the name is a link of another user's
     */
    public static Target ofAnything(String output) throws IOException {
        if (output.equals("-")) {
            return new Target(null, true);
        }
        if (output.endsWith("/")) {
            throw new IllegalArgumentException("-o " + output + " is a folder: name a file in it");
        }
        if (output.isEmpty()) {
            throw new IllegalArgumentException("-o needs the name of a file, or - for stdout");
        }
        Path path = Path.of(output);
        if (Files.isSymbolicLink(path)) {
            TrustedFile.check(path);
        }
        if (Files.isDirectory(path)) {
            throw new IllegalArgumentException("-o " + output + " is a folder: name a file in it");
        }
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            return new Target(path, true);
        }
        Path folder = path.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw Files.exists(folder) ? new NotDirectoryException(folder.toString()) : new NoSuchFileException(folder.toString());
        }
        // the file behind a link, such as /dev/stdout is one, gets the content, and the link stays
        return new Target(Files.isSymbolicLink(path) && Files.exists(path) ? path.toRealPath() : path, false);
    }

    /**
     * Opens what is written in order.
     *
     * @throws IOException if it cannot be opened
     */
    public OutputStream stream() throws IOException {
        return path == null ? Stage.stdout() : Files.newOutputStream(path, StandardOpenOption.WRITE);
    }
}
