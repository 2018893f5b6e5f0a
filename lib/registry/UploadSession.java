package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.image.Descriptor;

//SOURCES Access.java
//SOURCES Answer.java
//SOURCES Endpoint.java
//SOURCES Loopback.java
//SOURCES RegistryException.java
//SOURCES Upload.java
//SOURCES Uploads.java
//SOURCES ../image/Descriptor.java

/**
 * One blob on its way to a registry, which names the address to send it to. Each answer may name another one.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-blobs">distribution-spec, Pushing blobs</a>
 */
final class UploadSession {
    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-([0-9]{1,18})");

    private final Access access;
    private final Endpoint place;
    private final Descriptor blob;
    private URI address;
    private long at;

    /** @param begun the answer that names the address; it is closed */
    UploadSession(Access access, Endpoint place, Descriptor blob, Answer begun) throws IOException {
        this.access = access;
        this.place = place;
        this.blob = blob;
        try (begun) {
            this.address = address(begun);
        }
    }

    /** Returns how many bytes of the blob the registry has, as far as is known. */
    long at() {
        return at;
    }

    /**
     * Sends what is missing of the blob, as the last chunk of it: a PUT with a body, which may be all there is.
     * (A PATCH for each of many chunks would do the same; HttpURLConnection knows no PATCH, and what a chunk spares, {@link #ask} does.)
     */
    void put(Uploads.Source source) throws IOException {
        String why = "Send the blob " + blob.digest().shortHex() + (at == 0 ? "" : ", the rest of it from byte " + at + " on");
        URI uri = URI.create(address + (address.getRawQuery() == null ? "?" : "&") + "digest=" + blob.digest());
        Map<String, String> headers = at == 0 || at == blob.size()
                ? Map.of("Content-Type", "application/octet-stream")
                : Map.of("Content-Type", "application/octet-stream", "Content-Range", at + "-" + (blob.size() - 1));
        long from = at;
        Upload rest = new Upload(blob.size() - from, () -> {
            var in = source.open();
            in.skipNBytes(from); // read, for only the whole can be checked
            return in;
        });
        try (Answer answer = access.send("PUT", place, why, uri, headers, rest, "")) {
            if (answer.status() != 201 && answer.status() != 204) {
                throw RegistryException.of(answer, "the blob " + blob.digest() + " was not taken");
            }
        }
    }

    /** Asks how much has come, and tells whether the session can go on. GET on its address, whose answer has it in the Range header. */
    boolean ask() throws IOException {
        String why = "Ask how much of the blob " + blob.digest().shortHex() + " has come";
        try (Answer answer = access.send("GET", place, why, address, Map.of())) {
            if (answer.status() >= 500) {
                throw RegistryException.of(answer, "it is not known how much of the blob " + blob.digest() + " has come");
            }
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
        try (Answer answer = access.send("DELETE", place, "Give up: nothing more of the blob " + blob.digest().shortHex() + " will come", address, Map.of())) {
            answer.status(); // registries forget a session after a while, too
        } catch (IOException e) {
            // what made us give up is what is to be told
        }
    }

    /** Credentials go along with each request of a session: it must lie with the registry that was asked for it. */
    private URI address(Answer answer) throws IOException {
        URI asked = address == null ? answer.uri() : address;
        try {
            URI uri = asked.resolve(URI.create(String.valueOf(answer.header("Location"))));
            if (place.isHostOf(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // falls through to the same answer
        }
        throw RegistryException.notARegistry(answer.uri(), "it names no address of its own to send the blob to");
    }
}
