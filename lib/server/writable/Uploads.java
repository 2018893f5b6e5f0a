package lib.server.writable;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** All blobs on their way in, each a file of a folder beside the blobs. What nobody has gone on with for a day is removed. */
final class Uploads {
    private static final int MOST = 1000;
    private static final int STALE_HOURS = 24;
    /** A request waits so long for an earlier one, of a line that broke perhaps, to let go of the same upload. */
    private static final int PATIENCE_SECONDS = 5;
    private static final String ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final Path folder;
    private final Map<String, Upload> known = new ConcurrentHashMap<>();

    Uploads(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        removeStale();
    }

    /** Begins one, and holds it for this thread; throws RefusedException if there are too many. */
    Upload begin() throws IOException {
        if (removeStale() >= MOST) {
            throw new RefusedException(429, "TOOMANYREQUESTS", "more than " + MOST + " uploads are under way");
        }
        String id = UUID.randomUUID().toString();
        Upload upload = new Upload(id, folder.resolve(id));
        upload.lock();
        known.put(id, upload);
        return upload;
    }

    /** Returns one, held for this thread; throws RefusedException if there is none of that name, or another request keeps it. */
    Upload take(String id) throws IOException {
        Upload upload = id.matches(ID) ? known.get(id) : null;
        if (upload == null && id.matches(ID) && Files.exists(folder.resolve(id))) {
            Upload left = new Upload(id, folder.resolve(id));
            upload = known.putIfAbsent(id, left);
            upload = upload == null ? left : upload;
        }
        if (upload == null) {
            throw new RefusedException(404, "BLOB_UPLOAD_UNKNOWN", "there is no such upload: begin anew");
        }
        try {
            if (!upload.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new RefusedException(503, "BLOB_UPLOAD_INVALID", "another request is sending to this upload");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (known.get(id) != upload) {
            upload.unlock();
            throw new RefusedException(404, "BLOB_UPLOAD_UNKNOWN", "this upload has ended");
        }
        return upload;
    }

    /** Forgets one that has become a blob, or was given up. */
    void forget(Upload upload) {
        known.remove(upload.id());
    }

    /** Returns how many there are that are not stale. */
    private int removeStale() throws IOException {
        FileTime oldest = FileTime.from(Instant.now().minus(STALE_HOURS, ChronoUnit.HOURS));
        int left = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Upload upload = known.get(file.getFileName().toString());
                if ((upload == null || !upload.isLocked()) && Files.exists(file) && Files.getLastModifiedTime(file).compareTo(oldest) < 0) {
                    known.remove(file.getFileName().toString());
                    Files.deleteIfExists(file);
                } else {
                    left++;
                }
            }
        }
        return left;
    }
}
