package lib.transfer.packed;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import lib.failure.WrongContentException;
import lib.file.AtomicFile;
import lib.file.LockFile;
import lib.store.format.Recompression.Form;
import lib.store.layer.Compression;
import lib.store.layer.LayerStream;
import lib.store.volume.VolumeChoice;
import lib.text.Sizes;
import lib.transfer.Pull;
import lib.transfer.Settings;
import org.jspecify.annotations.Nullable;

/**
 * An archive that is compressed as a whole, by the ending of its name. The parts of blobs come in any order, which no compression takes: so the plain
 * archive is pulled into a file beside, as any other, and the compressed one is made of it in one pass. What a run leaves undone, the next one goes on with.
 */
public final class CompressedPull {
    /** More bytes than this take some seconds to compress: that is said. */
    private static final long NOTICEABLE = 256L << 20;

    private CompressedPull() { }

    /** Returns where the plain archive is as long as the compressed one is not made: the target itself, if that is to be plain. */
    public static Path plain(Path target) {
        return isPlain(target) ? target : target.resolveSibling(target.getFileName() + ".uncompressed");
    }

    /** Returns whether an archive of this name is not compressed. */
    public static boolean isPlain(Path target) {
        return Form.ofFile(target) == Form.NONE;
    }

    /** Returns these settings, by which blobs are taken from a compressed archive that is to be replaced, too. */
    public static Settings reusing(Settings settings, Path target) {
        boolean isReplaced = !isPlain(target) && Files.isRegularFile(target);
        return isReplaced ? settings.reusing(Stream.concat(settings.reuse().stream(), Stream.of(target)).toList()) : settings;
    }

    /**
     * Pulls an archive, and compresses it if its name says so; returns at once when it is complete already. The same archive is compressed to the same bytes.
     *
     * @param volumes how to cut a plain archive; null for one file
     * @param notice  is told what takes long, a line each
     * @throws lib.failure.RegistryException if the registry does not give a blob: what came is kept for the next run
     * @throws WrongContentException         if a blob is not what its digest says
     * @throws IOException                   if the archive cannot be written
     */
    public static Pull.Result into(Path target, @Nullable VolumeChoice volumes, Pull pull, Consumer<String> notice) throws IOException {
        Form form = Form.ofFile(target);
        if (form == Form.NONE) {
            return pull.into(target, volumes);
        }
        LockFile lock = LockFile.take(target.resolveSibling(target.getFileName() + ".part.lock"),
                run -> notice.accept("another run" + run + " is writing " + target + "; waiting for it to end"), notice);
        try {
            if (isComplete(target, form, pull)) {
                return new Pull.Result(target, Files.size(target), 0, true, 0, 0);
            }
            Path plain = plain(target);
            Pull.Result result = pull.into(plain);
            if (result.size() > NOTICEABLE) {
                notice.accept("compressing " + plain + " (" + Sizes.of(result.size()) + ")");
            }
            AtomicFile.removeLeftoversOf(target);
            AtomicFile.write(target, out -> compress(plain, form, out));
            Files.delete(plain);
            return new Pull.Result(target, Files.size(target), result.fetched(), false, 0, 0);
        } finally {
            lock.delete();
        }
    }

    private static void compress(Path plain, Form form, OutputStream out) throws IOException {
        try (InputStream in = Files.newInputStream(plain); OutputStream compressed = form.on(out)) {
            in.transferTo(compressed);
        }
    }

    /** Returns whether the archive is there, compressed in this way, and every byte of it is right. */
    private static boolean isComplete(Path target, Form form, Pull pull) throws IOException {
        if (!Files.isRegularFile(target)) {
            return false;
        }
        try (BufferedInputStream in = new BufferedInputStream(Files.newInputStream(target))) {
            return Compression.of(in).toString().equals(form.toString()) && pull.isWrittenIn(LayerStream.openAny(in));
        } catch (WrongContentException e) {
            return false; // it is cut, say, or something else
        }
    }
}
