package lib.store.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import lib.file.TemporaryPath;

/** The contents of some files of an image, kept on the disk until it is sure that they are what they should be. */
final class Spool implements Closeable {
    private final Map<FileNode.Content, Piece> pieces = new HashMap<>();
    private final FileChannel file;

    private record Piece(long offset, long length) { }

    /** Writes the content of one file. */
    interface Writer {
        void write(WritableByteChannel out) throws IOException;
    }

    /** Takes a temporary file, which goes when this is closed or, where the system can do that, is without a name from the start. */
    Spool() throws IOException {
        Path path = TemporaryPath.file();
        file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    boolean has(FileNode.Content content) {
        return pieces.containsKey(content);
    }

    void clear() throws IOException {
        pieces.clear();
        file.truncate(0);
    }

    /** Keeps a content; one that fails half-way is none. */
    void add(FileNode.Content content, Writer writer) throws IOException {
        long offset = file.size();
        file.position(offset);
        writer.write(file);
        pieces.put(content, new Piece(offset, file.position() - offset));
    }

    void writeTo(OutputStream out, FileNode.Content content) throws IOException {
        Piece piece = pieces.get(content);
        WritableByteChannel channel = Channels.newChannel(out);
        for (long at = 0; at < piece.length; ) {
            at += file.transferTo(piece.offset + at, piece.length - at, channel);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
