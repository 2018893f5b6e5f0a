package lib.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import lib.failure.WrongContentException;
import lib.file.TemporaryPath;
import lib.store.layer.Compression;
import lib.store.layer.LayerStream;
import lib.store.layer.UnpackLimit;
import org.jspecify.annotations.Nullable;

/**
 * An archive that was compressed as a whole, as {@code docker save | gzip} does it. Blobs are read where they stand, in any order, so such an archive
 * is unpacked into a temporary file first, which is deleted when the program ends.
 */
final class CompressedArchive {
    private CompressedArchive() { }

    /** Returns whether a file is compressed, by its first bytes. */
    static boolean isOne(Path path) throws IOException {
        try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            return Compression.of(in) != Compression.NONE;
        }
    }

    /**
     * Unpacks an archive and returns where to.
     *
     * @param most how many bytes it may unpack to if that is more than the usual limit; null for that limit
     * @throws WrongContentException if it cannot be decompressed, or unpacks to more bytes
     */
    static Path unpack(Path path, @Nullable Long most) throws IOException {
        long usual = UnpackLimit.usual(Files.size(path));
        UnpackLimit limit = new UnpackLimit(most == null ? usual : Math.max(usual, most));
        Path folder = TemporaryPath.folder();
        TemporaryPath temporary = new TemporaryPath(folder);
        Path tar = folder.resolve("unpacked.tar");
        try (InputStream in = limit.on(LayerStream.openAny(Files.newInputStream(path)))) {
            Files.copy(in, tar);
            return tar;
        } catch (WrongContentException e) {
            temporary.close();
            throw new WrongContentException(path + ": " + e.getMessage(), e);
        } catch (IOException e) {
            temporary.close();
            throw e;
        }
    }
}
