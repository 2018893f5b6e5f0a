package lib.server.writable;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.failure.NotFoundException;
import lib.image.Digest;
import lib.server.Answer;
import lib.server.Page;
import lib.store.Layout;

/**
 * Requests that bring blobs, in one piece or in chunks, or have one that is here already belong to another repository, too.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-blobs">distribution-spec, Pushing blobs</a>
 */
final class UploadRequests {
    private static final Pattern CONTENT_RANGE = Pattern.compile("(?:bytes[ =])?([0-9]{1,18})-([0-9]{1,18})(?:/.*)?");

    private final Layout layout;
    private final Uploads uploads;

    /** @param folder where blobs are until they are whole */
    UploadRequests(Layout layout, Path folder) throws IOException {
        this.layout = layout;
        this.uploads = new Uploads(folder);
    }

    /** POST /v2/NAME/blobs/uploads/: 201 where the blob is here already or comes with the request, else 202. */
    void begin(HttpExchange exchange, String repository) throws IOException {
        String mounted = Page.parameter(exchange, "mount");
        String digest = Page.parameter(exchange, "digest");
        if (mounted != null && has(Digest.parse(mounted))) {
            created(exchange, repository, Digest.parse(mounted));
            return;
        }
        Digest promised = digest == null ? null : Digest.parse(digest);
        Upload upload = uploads.begin();
        try {
            if (promised == null) {
                state(exchange, 202, repository, upload);
            } else {
                append(exchange, upload);
                finish(exchange, repository, upload, promised);
            }
        } finally {
            upload.unlock();
        }
    }

    private boolean has(Digest digest) throws IOException {
        try {
            ServedBlob.in(layout, digest);
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** GET, PATCH, PUT and DELETE /v2/NAME/blobs/uploads/ID: 204, 202, 201, 204. */
    void goOn(HttpExchange exchange, String repository, String id) throws IOException {
        Upload upload = uploads.take(id);
        try {
            switch (exchange.getRequestMethod()) {
                case "GET", "HEAD" -> state(exchange, 204, repository, upload);
                case "PATCH" -> {
                    append(exchange, repository, upload);
                    state(exchange, 202, repository, upload);
                }
                case "PUT" -> {
                    String digest = Page.parameter(exchange, "digest");
                    if (digest == null) {
                        throw new RefusedException(400, "DIGEST_INVALID", "the last request of an upload says ?digest=");
                    }
                    Digest promised = Digest.parse(digest);
                    append(exchange, repository, upload);
                    finish(exchange, repository, upload, promised);
                }
                case "DELETE" -> {
                    upload.delete();
                    uploads.forget(upload);
                    Answer.send(exchange, 204, new byte[0]);
                }
                default -> throw new RefusedException(405, "UNSUPPORTED", "an upload is not asked for by " + exchange.getRequestMethod());
            }
        } finally {
            upload.unlock();
        }
    }

    /** Takes the body; one that does not begin where the bytes so far end is refused with 416, and the answer says where that is. */
    private void append(HttpExchange exchange, String repository, Upload upload) throws IOException {
        String header = exchange.getRequestHeaders().getFirst("Content-Range");
        if (header != null) {
            Matcher range = CONTENT_RANGE.matcher(header.strip());
            boolean isNext = range.matches() && Long.parseLong(range.group(1)) == upload.size();
            String length = exchange.getRequestHeaders().getFirst("Content-Length");
            boolean isSoLong = isNext && (length == null || Long.parseLong(range.group(2)) - Long.parseLong(range.group(1)) + 1 == Long.parseLong(length));
            if (!isSoLong) {
                headers(exchange, repository, upload);
                throw new RefusedException(416, "BLOB_UPLOAD_INVALID", "the upload goes on at byte " + upload.size() + ", with as many bytes as Content-Range and Content-Length say");
            }
        }
        append(exchange, upload);
    }

    /** An upload that fills the disk is given up, or nobody could push anything until it is stale. */
    private void append(HttpExchange exchange, Upload upload) throws IOException {
        try {
            upload.append(exchange.getRequestBody());
        } catch (IOException e) {
            if (RefusedException.isOfFullDisk(e, layout.path())) {
                upload.delete();
                uploads.forget(upload);
                throw RefusedException.ofFullDisk();
            }
            throw e;
        }
    }

    /** The upload is known until its file is gone, or a second request would take it up by that file, and write to what is a blob already. */
    private void finish(HttpExchange exchange, String repository, Upload upload, Digest promised) throws IOException {
        try {
            upload.become(promised, layout.blobPath(promised));
        } finally {
            uploads.forget(upload);
        }
        created(exchange, repository, promised);
    }

    private static void created(HttpExchange exchange, String repository, Digest digest) throws IOException {
        exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/blobs/" + digest);
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest.toString());
        Answer.send(exchange, 201, new byte[0]);
    }

    private static void state(HttpExchange exchange, int status, String repository, Upload upload) throws IOException {
        headers(exchange, repository, upload);
        Answer.send(exchange, status, new byte[0]);
    }

    private static void headers(HttpExchange exchange, String repository, Upload upload) {
        exchange.getResponseHeaders().set("Location", "/v2/" + repository + "/blobs/uploads/" + upload.id());
        exchange.getResponseHeaders().set("Docker-Upload-UUID", upload.id());
        exchange.getResponseHeaders().set("Range", "0-" + Math.max(0, upload.size() - 1));
    }
}
