package lib.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.function.Consumer;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.store.layer.BlobSource;
import lib.store.layer.VerifiedStream;
import org.jspecify.annotations.Nullable;

/**
 * Blobs that commands share, in a layout of their own: see the variable {@code DRAY_CACHE}. Each is checked when it is stored and when it is used,
 * and each use renews the time of its file, so that unused ones can be told by their age. Nothing is ever removed but what is damaged.
 */
public final class BlobCache {
    private static final String VARIABLE = "DRAY_CACHE";

    private final Layout layout;
    private final Consumer<String> notice;

    private BlobCache(Layout layout, Consumer<String> notice) {
        this.layout = layout;
        this.notice = notice;
    }

    /**
     * Opens the cache that the environment names, and makes it if there is none; returns null if it names none, or one that cannot be made.
     *
     * @param notice is told, a line each, what could not be made or stored
     * @throws IllegalArgumentException when there is something else in the folder
     */
    public static @Nullable BlobCache of(Map<String, String> environment, Consumer<String> notice) {
        String folder = environment.getOrDefault(VARIABLE, "");
        if (folder.isBlank()) {
            return null;
        }
        try {
            return new BlobCache(Layout.openOrCreate(Path.of(folder)), notice);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(VARIABLE + ": " + e.getMessage(), e);
        } catch (IOException e) {
            notice.accept("warning: going on without a cache: " + folder + ", named by " + VARIABLE + ", cannot be made or opened" + why(e));
            return null;
        }
    }

    private static String why(IOException e) {
        if (e instanceof AccessDeniedException) {
            return ": access is denied";
        }
        String reason = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return reason == null ? "" : ": " + reason; // else the message is only the name
    }

    /** Returns the layout that the blobs are in. */
    public Layout layout() {
        return layout;
    }

    /** Returns whether a blob is there and right. One that is damaged is removed. */
    public boolean has(Descriptor blob) {
        if (!layout.has(blob)) {
            return false;
        }
        try (InputStream in = layout.blob(blob)) {
            in.transferTo(OutputStream.nullOutputStream());
            used(blob);
            return true;
        } catch (WrongContentException e) {
            remove(blob);
            return false;
        } catch (IOException e) {
            return false; // somebody has just removed it, or it cannot be read
        }
    }

    /** Notes that a blob was of use. */
    public void used(Descriptor blob) {
        try {
            Files.setLastModifiedTime(layout.blobPath(blob.digest()), FileTime.fromMillis(System.currentTimeMillis()));
        } catch (IOException e) {
            // a cache that can only be read serves as well
        }
    }

    /** Removes a blob that has proved wrong. */
    public void remove(Descriptor blob) {
        try {
            Files.deleteIfExists(layout.blobPath(blob.digest()));
        } catch (IOException e) {
            // the next reader finds it wrong, too
        }
    }

    /** Stores a blob that is not there yet, if its bytes are right. */
    public void store(Descriptor blob, BlobSource source) {
        if (layout.has(blob)) {
            return;
        }
        try (InputStream in = VerifiedStream.ofBlob(source.open(blob), blob, "the file that was pulled")) {
            layout.store(blob.digest(), in);
        } catch (IOException e) {
            notStored(e);
        }
    }

    /** Returns a source that takes blobs from here, and stores those that are read to their end from the other one. */
    public BlobSource before(BlobSource source) {
        KeptBlobs kept = new KeptBlobs(layout, source, this::notStored);
        return blob -> has(blob) ? layout.blob(blob) : kept.open(blob);
    }

    private void notStored(IOException why) {
        notice.accept("not stored in " + layout.path() + ", which " + VARIABLE + " names: " + why.getMessage());
    }
}
