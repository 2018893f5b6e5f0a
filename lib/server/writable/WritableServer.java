package lib.server.writable;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.file.LockFile;
import lib.image.Digest;
import lib.image.Reference;
import lib.server.Answer;
import lib.server.BlobAnswer;
import lib.server.HostNames;
import lib.server.http.HttpListener;
import lib.store.Layout;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * A registry that takes pushes and keeps them in a layout. What it has answered with 201 is on disk, whatever happens to it or to the machine then.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md">distribution-spec</a>
 */
public final class WritableServer {
    private static final Pattern UPLOAD = Pattern.compile("/v2/(.+)/blobs/uploads/([^/]*)");
    private static final Pattern CONTENT = Pattern.compile("/v2/(.+)/(manifests|blobs|referrers)/([^/]+)");
    private static final Pattern TAGS = Pattern.compile("/v2/(.+)/tags/list");
    private static final String LOCK = ".serve.lock";
    private static final String UPLOADS = ".uploads";

    private final Layout layout;
    private final LockFile lock;
    private final HttpListener http;
    private final String scheme;
    private final Consumer<String> notice;
    private final @Nullable HostNames hosts;
    private final boolean allowDelete;
    private final UploadRequests uploads;
    private final Repositories repositories;
    private final ManifestRequests manifests;

    /**
     * Who may come, and what they may do.
     *
     * @param address     where to listen; null for the usual address of this machine alone
     * @param port        0 for a free one
     * @param certificate the certificate to show, in PEM; null for plain HTTP
     * @param key         the key that goes with it, null if there is none
     * @param logins      a file of lines {@code USER:PASSWORD}; null if nobody has to log in
     * @param names       host names to answer to beside those of this machine, in lower case; where it listens elsewhere, it answers to all
     * @param allowDelete whether manifests, tags and blobs may be deleted
     * @param notice      is told what a person may want to know, a line each
     */
    public record Settings(@Nullable InetAddress address, int port, @Nullable Path certificate, @Nullable Path key, @Nullable Path logins, Set<String> names,
            boolean allowDelete, Consumer<String> notice) { }

    /**
     * Opens the folder, which is made if there is none, and the port; nothing is answered before {@link #start}.
     *
     * @throws IOException              if the port is taken, or the folder cannot be written to
     * @throws IllegalArgumentException if another process serves the folder, it is something else, or a file of the settings cannot be used
     */
    public WritableServer(Path folder, Settings settings) throws IOException {
        layout = Layout.openOrCreate(folder);
        notice = settings.notice;
        lock = LockFile.take(folder.resolve(LOCK), run -> {
            throw new IllegalArgumentException("another process" + run + " serves " + folder + " already");
        }, notice);
        try {
            InetSocketAddress at = new InetSocketAddress(settings.address == null ? InetAddress.getLoopbackAddress() : settings.address, settings.port);
            scheme = settings.certificate == null ? "http" : "https";
            SSLContext tls = settings.certificate == null || settings.key == null ? null : ServerKey.tls(settings.certificate, settings.key);
            PasswordDoor door = settings.logins == null ? null : new PasswordDoor(settings.logins);
            http = new HttpListener(at, tls, HttpListener.SILENT_MILLIS, door == null ? this::handle : door.before(this::handle));
            hosts = at.getAddress().isLoopbackAddress() ? new HostNames(settings.names) : null;
            allowDelete = settings.allowDelete;
            uploads = new UploadRequests(layout, folder.resolve(UPLOADS));
            repositories = new Repositories(layout, address());
            manifests = new ManifestRequests(repositories, allowDelete);
        } catch (IOException | RuntimeException e) {
            lock.delete();
            throw e;
        }
    }

    /** Begins to answer. */
    public void start() {
        http.start();
    }

    /** Stops at once; requests that are being answered end where they are. Throws IOException if the folder cannot be let go of. */
    public void stop() throws IOException {
        http.close();
        lock.delete();
    }

    /** Returns the host and port that references begin with: {@code localhost:5000}. */
    public String address() {
        InetAddress address = http.address().getAddress();
        boolean isUsual = address.equals(InetAddress.getLoopbackAddress()) || address.isAnyLocalAddress();
        String host = isUsual ? "localhost" : address.isLoopbackAddress() && address instanceof Inet6Address ? "::1" : address.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + http.address().getPort();
    }

    /** Returns the address with its scheme. */
    public String url() {
        return scheme + "://" + address();
    }

    /** Returns what can be pulled now, such as {@code localhost:5000/nginx:alpine}; throws IOException if the folder cannot be read. */
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (String repository : repositories.names()) {
            repositories.tags(repository).keySet().forEach(tag -> names.add(address() + "/" + repository + ":" + tag));
        }
        return names;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Docker-Distribution-Api-Version", "registry/2.0");
            try {
                answer(exchange, String.valueOf(exchange.getRequestURI().getPath()));
            } catch (RefusedException e) {
                refuse(exchange, e);
            } catch (NotFoundException e) {
                Answer.error(exchange, 404, "BLOB_UNKNOWN", e.getMessage());
            } catch (WrongContentException e) {
                Answer.error(exchange, 500, "UNKNOWN", e.getMessage());
            } catch (IllegalArgumentException e) {
                Answer.error(exchange, 400, "DIGEST_INVALID", e.getMessage());
            } catch (IOException e) {
                failed(exchange, e);
            }
        }
    }

    /** The disk is full, or the client is gone: then nobody hears the answer. */
    private void failed(HttpExchange exchange, IOException failure) throws IOException {
        if (exchange.getResponseCode() >= 0) {
            throw failure; // its headers are sent
        }
        if (RefusedException.isOfFullDisk(failure, layout.path())) {
            refuse(exchange, RefusedException.ofFullDisk());
        } else {
            Answer.error(exchange, 500, "UNKNOWN", "this registry failed: " + failure.getMessage());
        }
    }

    private void refuse(HttpExchange exchange, RefusedException refused) throws IOException {
        if (refused.status() == 507) {
            notice.accept("the disk is full: " + exchange.getRequestURI().getPath() + " was refused");
        }
        Answer.error(exchange, refused.status(), refused.code(), refused.getMessage());
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        Matcher upload = UPLOAD.matcher(path);
        Matcher content = CONTENT.matcher(path);
        Matcher tags = TAGS.matcher(path);
        boolean isRead = List.of("GET", "HEAD").contains(exchange.getRequestMethod());
        if (hosts != null && !hosts.include(exchange.getRequestURI(), exchange.getRequestHeaders().get("Host"))) {
            throw new RefusedException(421, "DENIED", "this registry answers requests for localhost only, not for the host that was asked for");
        }
        if (!isRead && exchange.getRequestHeaders().containsKey("Origin")) {
            throw new RefusedException(403, "DENIED", "a web page may not write here");
        }
        if (path.equals("/v2/") || path.equals("/v2")) {
            Answer.json(exchange, 200, Json.newObject());
        } else if (path.equals("/v2/_catalog") && isRead) {
            manifests.catalog(exchange);
        } else if (upload.matches()) {
            upload(exchange, named(upload.group(1)), upload.group(2));
        } else if (tags.matches() && isRead) {
            manifests.tags(exchange, named(tags.group(1)));
        } else if (content.matches()) {
            content(exchange, content.group(2), named(content.group(1)), content.group(3));
        } else {
            throw new RefusedException(404, "UNSUPPORTED", "no such address: " + path);
        }
    }

    /** Returns a repository's name, which is one that the grammar knows: none that climbs. */
    private static String named(String repository) throws RefusedException {
        try {
            return Reference.parse("localhost/" + repository).repository();
        } catch (IllegalArgumentException e) {
            throw new RefusedException(400, "NAME_INVALID", e.getMessage());
        }
    }

    private void upload(HttpExchange exchange, String repository, String id) throws IOException {
        if (!id.isEmpty()) {
            uploads.goOn(exchange, repository, id);
        } else if (exchange.getRequestMethod().equals("POST")) {
            uploads.begin(exchange, repository);
        } else {
            throw new RefusedException(405, "UNSUPPORTED", "an upload begins with POST");
        }
    }

    private void content(HttpExchange exchange, String kind, String repository, String reference) throws IOException {
        boolean isRead = List.of("GET", "HEAD").contains(exchange.getRequestMethod());
        if (kind.equals("manifests")) {
            manifests.handle(exchange, repository, reference);
        } else if (kind.equals("referrers") && isRead) {
            manifests.referrers(exchange, repository, Digest.parse(reference));
        } else if (kind.equals("blobs") && isRead) {
            Digest digest = Digest.parse(reference);
            BlobAnswer.send(exchange, ServedBlob.in(layout, digest), () -> Files.newInputStream(layout.blobPath(digest)));
        } else if (kind.equals("blobs") && exchange.getRequestMethod().equals("DELETE") && allowDelete) {
            repositories.deleteBlob(Digest.parse(reference));
            Answer.send(exchange, 202, new byte[0]);
        } else {
            throw new RefusedException(405, "UNSUPPORTED", exchange.getRequestMethod() + " is not answered here");
        }
    }
}
