package lib.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.nio.file.Path;
import java.util.List;
import lib.cli.terminal.Terminal;
import org.apache.commons.io.input.CloseShieldInputStream;
import org.jspecify.annotations.Nullable;

/** What comes on stdin, where both are taken: the JSON of stages, or an archive. Its first byte tells, for JSON begins with a brace or white space. */
public final class PipedInput implements AutoCloseable {
    private List<Stage> stages = List.of();
    private @Nullable PipedArchive archive;

    /** Reads stdin to its end; throws IllegalArgumentException if nothing comes, or JSON that no stage printed. */
    public PipedInput() throws IOException {
        if (Terminal.is(Terminal.IN)) {
            throw new IllegalArgumentException("pipe an archive in, as with docker save IMAGE | …, or what 'manifest' prints; or name an image or a file");
        }
        // not closed: where there is no stdin, its number is that of a file which Java has open
        try (PushbackInputStream in = new PushbackInputStream(CloseShieldInputStream.wrap(new FileInputStream(FileDescriptor.in)))) {
            int first = in.read();
            if (first >= 0) {
                in.unread(first);
            }
            if ("{ \t\r\n".indexOf(first) >= 0) {
                stages = Stage.all(in);
            } else {
                archive = new PipedArchive(in);
            }
        }
    }

    /** Returns the stages; none for an archive. */
    public List<Stage> stages() {
        return stages;
    }

    /** Returns where the archive is until this is closed; null for stages. */
    public @Nullable Path archive() {
        return archive == null ? null : archive.file();
    }

    @Override
    public void close() {
        if (archive != null) {
            archive.close();
        }
    }
}
