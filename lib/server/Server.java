package lib.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.server.http.HttpListener;
import lib.store.ImageStore;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * A read-only registry over layouts and archives, for this machine alone.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull">distribution-spec, Pull</a>
 */
public final class Server {
    private static final Pattern CONTENT = Pattern.compile("/v2/(.+)/(manifests|blobs)/([^/]+)");
    private static final Pattern TAGS = Pattern.compile("/v2/(.+)/tags/list");
    private static final Pattern REFERRERS = Pattern.compile("/v2/(.+)/referrers/([^/]+)");

    private final Shelf shelf;
    private final HostNames hosts;
    private final HttpListener http;
    private @Nullable TokenDoor door;

    /**
     * Opens the port, or a free one where it is 0; nothing is answered before {@link #start}.
     *
     * @throws IOException           if the port is taken, or a store cannot be read
     * @throws WrongContentException if a store is damaged
     */
    public Server(List<ImageStore> stores, int port) throws IOException {
        this(stores, port, Set.of());
    }

    /**
     * @param names host names to answer to beside those of this machine, in lower case
     * @throws IOException           if the port is taken, or a store cannot be read
     * @throws WrongContentException if a store is damaged
     */
    public Server(List<ImageStore> stores, int port, Set<String> names) throws IOException {
        hosts = new HostNames(names);
        shelf = new Shelf(stores);
        http = new HttpListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), null, HttpListener.SILENT_MILLIS, this::admit);
    }

    /** Opens to those only who show a token, which everybody gets. */
    public void wantTokens() {
        door = new TokenDoor(address());
    }

    private void admit(HttpExchange exchange) throws IOException {
        if (door == null || door.isOpenTo(exchange)) {
            handle(exchange);
        }
    }

    /** Begins to answer. */
    public void start() {
        http.start();
    }

    /** Stops at once; requests that are being answered end where they are. */
    public void stop() {
        http.close();
    }

    /** Returns the host and port that references begin with: {@code localhost:5000}. */
    public String address() {
        return "localhost:" + http.address().getPort();
    }

    /** Returns what can be pulled, such as {@code localhost:5000/library/nginx:alpine}. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        shelf.tags().forEach((repository, tags) -> tags.keySet().forEach(tag -> names.add(address() + "/" + repository + ":" + tag)));
        shelf.untagged().forEach((repository, digests) -> digests.forEach(digest -> names.add(address() + "/" + repository + "@" + digest)));
        return names;
    }

    /** Returns, in words, the images that can only be pulled by their digest, as others come first that have the same name, and those that are not served. */
    public List<String> notes() {
        return shelf.notes();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                answer(exchange, String.valueOf(exchange.getRequestURI().getPath()));
            } catch (UnknownNameException e) {
                Answer.error(exchange, 404, "NAME_UNKNOWN", e.getMessage());
            } catch (NotFoundException e) {
                Answer.error(exchange, 404, exchange.getRequestURI().getPath().contains("/blobs/") ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN", e.getMessage());
            } catch (IllegalArgumentException e) {
                Answer.error(exchange, 400, "DIGEST_INVALID", e.getMessage());
            } catch (WrongContentException e) {
                Answer.error(exchange, 500, "UNKNOWN", e.getMessage());
            }
        }
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        Matcher content = CONTENT.matcher(path);
        Matcher tags = TAGS.matcher(path);
        Matcher referrers = REFERRERS.matcher(path);
        exchange.getResponseHeaders().set("Docker-Distribution-Api-Version", "registry/2.0");
        if (!hosts.include(exchange.getRequestURI(), exchange.getRequestHeaders().get("Host"))) {
            Answer.error(exchange, 421, "DENIED", "this registry answers requests for localhost only, not for the host that was asked for");
        } else if (!List.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
            Answer.error(exchange, 405, "UNSUPPORTED", "this registry is read-only");
        } else if (path.equals("/v2/") || path.equals("/v2")) {
            Answer.json(exchange, 200, Json.newObject());
        } else if (path.equals("/v2/_catalog")) {
            catalog(exchange);
        } else if (tags.matches()) {
            tags(exchange, tags.group(1));
        } else if (referrers.matches()) {
            referrers(exchange, referrers.group(1), Digest.parse(referrers.group(2)));
        } else if (content.matches() && content.group(2).equals("manifests")) {
            manifest(exchange, content.group(1), content.group(3));
        } else if (content.matches()) {
            Shelf.Item item = shelf.find(content.group(1), Digest.parse(content.group(3)));
            BlobAnswer.send(exchange, item.descriptor(), () -> item.store().file(ImageStore.path(item.descriptor().digest())));
        } else {
            Answer.error(exchange, 404, "UNSUPPORTED", "no such address: " + path);
        }
    }

    private void manifest(HttpExchange exchange, String repository, String reference) throws IOException {
        Shelf.Item item = reference.contains(":") ? shelf.find(repository, Digest.parse(reference)) : shelf.tagged(repository, reference);
        Manifest manifest = manifest(item);
        exchange.getResponseHeaders().set("Content-Type", manifest.mediaType());
        exchange.getResponseHeaders().set("Docker-Content-Digest", manifest.digest().toString());
        Answer.send(exchange, 200, manifest.bytes());
    }

    /** Reads a manifest; throws NotFoundException for a blob that is none, such as a layer, and WrongContentException for damaged bytes. */
    private static Manifest manifest(Shelf.Item item) throws IOException {
        Descriptor descriptor = item.descriptor();
        NotFoundException none = new NotFoundException(descriptor.digest() + " is not a manifest");
        if (descriptor.size() > Manifest.LONGEST) {
            throw none;
        }
        try (InputStream in = item.store().blob(descriptor)) {
            byte[] bytes = in.readAllBytes();
            return parsed(descriptor, bytes, none);
        }
    }

    private static Manifest parsed(Descriptor descriptor, byte[] bytes, NotFoundException none) throws NotFoundException {
        try {
            return Manifest.parse(descriptor.digest(), bytes, descriptor.mediaType());
        } catch (WrongContentException e) {
            throw none;
        }
    }

    /** Lists what refers to a manifest, of one artifact type where the client says so (distribution-spec, Listing Referrers). */
    private void referrers(HttpExchange exchange, String repository, Digest subject) throws IOException {
        String type = Page.parameter(exchange, "artifactType");
        String wanted = type == null ? "" : type;
        if (!wanted.isEmpty()) {
            exchange.getResponseHeaders().set("OCI-Filters-Applied", "artifactType");
        }
        exchange.getResponseHeaders().set("Content-Type", MediaType.OCI_INDEX);
        Answer.send(exchange, 200, Json.bytes(shelf.referrers(repository, subject, wanted)));
    }

    /** Lists tags in lexical order (distribution-spec, Listing tags). */
    private void tags(HttpExchange exchange, String repository) throws IOException {
        ObjectNode answer = Json.newObject().put("name", repository);
        Page.of(List.copyOf(shelf.tags(repository).keySet()), exchange).forEach(answer.putArray("tags")::add);
        Answer.json(exchange, 200, answer);
    }

    /** Lists repositories in lexical order (distribution, Listing Repositories). */
    private void catalog(HttpExchange exchange) throws IOException {
        ObjectNode answer = Json.newObject();
        Page.of(List.copyOf(shelf.tags().keySet()), exchange).forEach(answer.putArray("repositories")::add);
        Answer.json(exchange, 200, answer);
    }
}
