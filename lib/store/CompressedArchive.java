package lib.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import lib.failure.WrongContentException;
import lib.file.TemporaryPath;
import lib.store.layer.Compression;
import lib.store.layer.LayerStream;
import lib.store.layer.UnpackLimit;
import lib.text.Sizes;
import org.jspecify.annotations.Nullable;

/**
 * An archive that was compressed as a whole, as {@code docker save | gzip} does it. Blobs are read where they stand, in any order, so such an archive
 * is unpacked into a temporary file first, which is deleted when the program ends.
 */
final class CompressedArchive {
    /** More bytes than this take a noticeable time, and room: that is said. */
    private static final long NOTICEABLE = 256L << 20;
    private static final int BUFFER = 1 << 16;

    private CompressedArchive() { }

    /** Returns whether a file is compressed, by its first bytes. */
    static boolean isOne(Path path) throws IOException {
        return isOne(Files.newInputStream(path));
    }

    /** Does the same for a stream, and closes it. */
    static boolean isOne(InputStream archive) throws IOException {
        try (BufferedInputStream in = new BufferedInputStream(archive)) {
            return Compression.of(in) != Compression.NONE;
        }
    }

    /**
     * Unpacks an archive and returns where to.
     *
     * @param most   how many bytes it may unpack to if that is more than the usual limit; null for that limit
     * @param notice is told where to, if it is large
     * @throws WrongContentException if it cannot be decompressed, or unpacks to more bytes
     */
    static Path unpack(Path path, @Nullable Long most, Consumer<String> notice) throws IOException {
        long usual = UnpackLimit.usual(Files.size(path));
        UnpackLimit limit = new UnpackLimit(most == null ? usual : Math.max(usual, most));
        Path folder = TemporaryPath.folder();
        TemporaryPath temporary = new TemporaryPath(folder);
        Path tar = folder.resolve("unpacked.tar");
        try (InputStream in = limit.on(LayerStream.openAny(Files.newInputStream(path))); OutputStream out = Files.newOutputStream(tar)) {
            if (copy(in, out, NOTICEABLE)) {
                notice.accept(path + " (" + Sizes.of(Files.size(path)) + ") is compressed as a whole, so it is unpacked into " + tar + " first");
                copy(in, out, Long.MAX_VALUE);
            }
            return tar;
        } catch (WrongContentException e) {
            temporary.close();
            throw new WrongContentException(path + ": " + e.getMessage(), e);
        } catch (IOException e) {
            temporary.close();
            throw TemporaryPath.withoutRoom(path.toString(), folder, e);
        }
    }

    /** Copies so many bytes, or some more; returns whether there may be others behind them. */
    private static boolean copy(InputStream in, OutputStream out, long most) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long copied = 0;
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
            out.write(buffer, 0, length);
            copied += length;
            if (copied > most) {
                return true;
            }
        }
        return false;
    }
}
