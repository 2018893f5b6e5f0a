package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.image.Descriptor;
import lib.registry.api.Api;
import lib.registry.api.Body;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import lib.registry.settings.WebAddress;

/**
 * One blob on its way to a registry, which names the address to send it to. Each answer may name another one.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-blobs">distribution-spec, Pushing blobs</a>
 */
final class UploadSession {
    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

    private final Client client;
    private final Descriptor blob;
    private final long shortestChunk;
    private URI address;
    private long at;

    /** @param begun the answer that names the address; it is closed */
    UploadSession(Client client, Descriptor blob, Response begun) throws IOException {
        this.client = client;
        this.blob = blob;
        try (begun) {
            this.address = address(begun);
            String shortest = String.valueOf(begun.header("OCI-Chunk-Min-Length")).strip();
            this.shortestChunk = shortest.matches("[0-9]{1,18}") ? Long.parseLong(shortest) : 0;
        }
    }

    /** Returns how many bytes of the blob the registry has, as far as is known. */
    long at() {
        return at;
    }

    /** Returns how many bytes a chunk has at least, but for the last one, as the registry says: the OCI-Chunk-Min-Length header. */
    long shortestChunk() {
        return shortestChunk;
    }

    /** Sends what is missing of the blob, as the last chunk of it: a PUT with a body, which may be all there is. */
    void put(Uploads.Source source) throws IOException {
        String why = "Send the blob " + blob.digest().shortHex() + (at == 0 ? "" : ", the rest of it from byte " + at + " on");
        long from = at;
        close(why, new Body(blob.size() - from, () -> source.open(from)));
    }

    /**
     * Sends what is missing of the blob in chunks, each by a PATCH, and ends the session (distribution-spec, Pushing a blob in chunks).
     *
     * @param length how many bytes a chunk has, but for the last one
     */
    void patch(Uploads.Source source, long length) throws IOException {
        try (BlobChunks chunks = new BlobChunks(source, blob.size())) {
            while (at < blob.size()) {
                long end = Math.min(blob.size(), at + length);
                patch(chunks.body(at, end), end);
            }
        }
        close("Say that the blob " + blob.digest().shortHex() + " is complete", Body.NOTHING);
    }

    private void patch(Body chunk, long end) throws IOException {
        try (Response answer = client.send(Api.uploadChunk(address, blob.digest(), chunk, at, end)).answer()) {
            address = answer.header("Location") == null ? address : address(answer);
            at = taken(answer, end);
        }
    }

    /**
     * Returns how many bytes the registry has then: all that were sent, or fewer where its Range says so. Some registries say nonsense there,
     * which is harmless: if they do not have that much, they refuse the next chunk with 416, and are asked.
     */
    private long taken(Response answer, long end) {
        Matcher range = RANGE.matcher(String.valueOf(answer.header("Range")).strip());
        long last = range.matches() ? Long.parseLong(range.group(1)) : 0;
        return last > 0 && last >= at && last < end ? last + 1 : end; // 0-0 means one byte or none
    }

    private void close(String why, Body rest) throws IOException {
        client.send(Api.endUpload(address, blob, rest, at).because(why)).answer().close();
    }

    /** Asks how much has come, and returns whether the session can go on. GET on its address, whose answer has it in the Range header. */
    boolean ask() throws IOException {
        try (Response answer = client.send(Api.uploadStatus(address, blob.digest())).answer()) {
            Matcher range = RANGE.matcher(String.valueOf(answer.header("Range")).strip());
            boolean isKnown = answer.status() == 204 && answer.header("Location") != null && range.matches();
            if (!isKnown) {
                return false;
            }
            address = address(answer);
            long last = Long.parseLong(range.group(1));
            at = last == 0 ? 0 : last + 1;
            return last > 0 && at <= blob.size(); // 0-0 means one byte or none: begin anew
        }
    }

    /** Ends the session where nothing comes of it, if the registry can be reached. */
    void giveUp() {
        try (Response answer = client.send(Api.cancelUpload(address, blob.digest())).answer()) {
            answer.status(); // registries forget a session after a while, too
        } catch (IOException e) {
            // what made us give up is what is to be told
        }
    }

    /** Credentials go along with each request of a session: it must lie with the registry that was asked for it. */
    private URI address(Response answer) throws IOException {
        String location = answer.header("Location");
        if (location == null || location.isBlank()) {
            throw RequestFailure.notARegistry(answer.uri(), "it answered " + answer.status() + " without a Location to send the blob to");
        }
        try {
            URI uri = WebAddress.resolve(address == null ? answer.uri() : address, location);
            if (uri.getRawAuthority() != null && client.origin().isHostOf(uri)) {
                return URI.create(uri.toString().replaceFirst("#.*", ""));
            }
        } catch (IllegalArgumentException e) {
            // falls through to the same answer
        }
        throw RequestFailure.notARegistry(answer.uri(), "its Location to send the blob to is on another host, or malformed");
    }
}
