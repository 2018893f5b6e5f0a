package tests.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import lib.image.Digest;
import lib.server.writable.WritableServer;
import lib.store.ImageStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Certificate;

/** What {@code serve --writable} makes of each request, and what is on disk then. */
class WritableTest {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String INDEX = "application/vnd.oci.image.index.v1+json";

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private Path registry;
    private WritableServer server;

    @BeforeEach
    void serve() throws IOException {
        registry = folder.resolve("registry");
        server = server(true, null);
    }

    private WritableServer server(boolean allowDelete, Path logins) throws IOException {
        WritableServer made = new WritableServer(registry, new WritableServer.Settings(null, 0, null, null, logins, Set.of(), allowDelete, line -> { }));
        made.start();
        return made;
    }

    @AfterEach
    void stop() throws IOException {
        server.stop();
    }

    private HttpResponse<byte[]> ask(String method, String path, byte[] body, String... headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url()).resolve(path)).method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private HttpResponse<byte[]> answers(int status, HttpResponse<byte[]> answer) {
        assertEquals(status, answer.statusCode(), () -> answer.request().method() + " " + answer.uri() + ": " + new String(answer.body(), StandardCharsets.UTF_8));
        return answer;
    }

    private HttpResponse<byte[]> refuses(int status, String code, HttpResponse<byte[]> answer) {
        answers(status, answer);
        assertTrue(new String(answer.body(), StandardCharsets.UTF_8).contains("\"code\":\"" + code + "\""), () -> new String(answer.body(), StandardCharsets.UTF_8));
        return answer;
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Digest blob(byte[] bytes) throws IOException {
        Digest digest = Digest.of(bytes);
        answers(201, ask("POST", "/v2/app/blobs/uploads/?digest=" + digest, bytes));
        return digest;
    }

    private byte[] manifest(String more) throws IOException {
        Digest config = blob(bytes("{}"));
        return bytes("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"" + config + "\",\"size\":2},\"layers\":[]" + more + "}");
    }

    private HttpResponse<byte[]> put(String name, byte[] manifest) throws IOException {
        return ask("PUT", "/v2/app/manifests/" + name, manifest, "Content-Type", MANIFEST);
    }

    @Test
    void should_take_a_blob_in_chunks_and_go_on_where_it_broke_even_after_a_restart() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        String upload = header(answers(202, ask("POST", "/v2/app/blobs/uploads/", null)), "Location");
        answers(202, ask("PATCH", upload, Arrays.copyOf(bytes, 100_000), "Content-Range", "0-99999"));
        assertEquals("0-99999", header(refuses(416, "BLOB_UPLOAD_INVALID", ask("PATCH", upload, new byte[10], "Content-Range", "200000-200009")), "Range"));
        try (Socket line = new Socket(InetAddress.getLoopbackAddress(), URI.create(server.url()).getPort())) { // it breaks in the middle of a chunk
            line.getOutputStream().write(bytes("PATCH " + upload + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n"));
            line.getOutputStream().write(bytes, 100_000, 50_000);
        }
        server.stop();
        server = server(true, null);
        int came = Integer.parseInt(header(answers(204, ask("GET", upload, null)), "Range").replaceFirst("0-", "")) + 1;
        assertTrue(came >= 100_000 && came <= 150_000, came + " bytes came");
        answers(201, ask("PUT", upload + "?digest=" + Digest.of(bytes), Arrays.copyOfRange(bytes, came, bytes.length)));
        assertArrayEquals(bytes, answers(200, ask("GET", "/v2/app/blobs/" + Digest.of(bytes), null)).body());
        refuses(404, "BLOB_UPLOAD_UNKNOWN", ask("GET", upload, null));
    }

    @Test
    void should_keep_nothing_that_has_another_digest() throws IOException {
        Digest other = Digest.of(bytes("other"));
        refuses(400, "DIGEST_INVALID", ask("POST", "/v2/app/blobs/uploads/?digest=" + other, bytes("these")));
        refuses(404, "BLOB_UNKNOWN", ask("GET", "/v2/app/blobs/" + other, null));
        byte[] manifest = manifest("");
        refuses(400, "DIGEST_INVALID", put(other.toString(), manifest));
        refuses(400, "MANIFEST_INVALID", put("1", bytes("{not json")));
        refuses(400, "MANIFEST_INVALID", ask("PUT", "/v2/app/manifests/1", manifest, "Content-Type", INDEX));
        refuses(404, "MANIFEST_BLOB_UNKNOWN", put("1", bytes(new String(manifest, StandardCharsets.UTF_8).replace(Digest.of(bytes("{}")).hex(), other.hex()))));
        try (Stream<Path> left = Files.list(registry.resolve(".uploads"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void should_mount_what_is_here_and_begin_an_upload_of_what_is_not() throws IOException {
        Digest blob = blob(bytes("layer"));
        answers(201, ask("POST", "/v2/other/blobs/uploads/?mount=" + blob + "&from=app", null));
        answers(202, ask("POST", "/v2/other/blobs/uploads/?mount=" + Digest.of(bytes("none")) + "&from=app", null));
    }

    @Test
    void should_list_tags_repositories_and_referrers_in_a_layout_that_others_read() throws IOException {
        byte[] image = manifest("");
        Digest digest = Digest.of(image);
        answers(201, put("1", image));
        answers(201, put("2", image));
        byte[] signature = manifest(",\"artifactType\":\"test/signature\",\"subject\":{\"mediaType\":\"" + MANIFEST + "\",\"digest\":\"" + digest + "\",\"size\":" + image.length + "}");
        assertEquals(digest.toString(), header(answers(201, put(Digest.of(signature).toString(), signature)), "OCI-Subject"));
        byte[] index = bytes("{\"schemaVersion\":2,\"mediaType\":\"" + INDEX + "\",\"manifests\":[{\"mediaType\":\"" + MANIFEST + "\",\"digest\":\"" + digest + "\",\"size\":" + image.length + "}]}");
        answers(201, ask("PUT", "/v2/app/manifests/all", index, "Content-Type", INDEX));
        assertEquals("{\"name\":\"app\",\"tags\":[\"1\",\"2\",\"all\"]}", new String(ask("GET", "/v2/app/tags/list", null).body(), StandardCharsets.UTF_8).strip());
        assertEquals("</v2/app/tags/list?n=2&last=2>; rel=\"next\"", header(ask("GET", "/v2/app/tags/list?n=2", null), "Link"));
        assertTrue(new String(ask("GET", "/v2/_catalog", null).body(), StandardCharsets.UTF_8).contains("[\"app\"]"));
        String referrers = "/v2/app/referrers/" + digest;
        assertTrue(new String(ask("GET", referrers + "?artifactType=test/signature", null).body(), StandardCharsets.UTF_8).contains(Digest.of(signature).toString()));
        assertFalse(new String(ask("GET", referrers + "?artifactType=other", null).body(), StandardCharsets.UTF_8).contains(Digest.of(signature).toString()));
        assertArrayEquals(image, answers(200, ask("GET", "/v2/app/manifests/1", null)).body());
        ImageStore layout = ImageStore.open(registry, null);
        assertEquals(3, layout.images().images().size(), "the tags; the signature is no image");
        assertEquals(Set.of(digest), layout.referrers().subjects());
    }

    @Test
    void should_delete_only_what_nothing_needs() throws IOException {
        byte[] image = manifest("");
        Digest digest = Digest.of(image);
        Digest config = Digest.of(bytes("{}"));
        answers(201, put("1", image));
        refuses(405, "DENIED", ask("DELETE", "/v2/app/blobs/" + config, null));
        answers(202, ask("DELETE", "/v2/app/manifests/1", null));
        answers(200, ask("GET", "/v2/app/manifests/" + digest, null));
        answers(202, ask("DELETE", "/v2/app/manifests/" + digest, null));
        refuses(404, "MANIFEST_UNKNOWN", ask("GET", "/v2/app/manifests/" + digest, null));
        answers(202, ask("DELETE", "/v2/app/blobs/" + config, null));
        server.stop();
        server = server(false, null);
        answers(201, put("1", manifest("")));
        refuses(405, "UNSUPPORTED", ask("DELETE", "/v2/app/manifests/1", null));
        refuses(405, "UNSUPPORTED", ask("DELETE", "/v2/app/blobs/" + config, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2/../../etc/blobs/uploads/", "/v2/a/%2e%2e/%2e%2e/b/blobs/uploads/", "/v2/App/blobs/uploads/", "/v2/a//b/blobs/uploads/"})
    void should_refuse_names_that_are_none(String path) throws IOException {
        try (Socket line = new Socket(InetAddress.getLoopbackAddress(), URI.create(server.url()).getPort())) {
            line.getOutputStream().write(bytes("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            String answer = new String(line.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(answer.startsWith("HTTP/1.1 4"), answer);
        }
    }

    @Test
    void should_refuse_strangers_web_pages_and_other_hosts() throws IOException {
        assertEquals(403, ask("POST", "/v2/app/blobs/uploads/", null, "Origin", "https://evil.example").statusCode());
        server.stop();
        server = server(false, Files.writeString(folder.resolve("logins"), "# ours\nalice:s3cret:x\n"));
        assertTrue(header(refuses(401, "UNAUTHORIZED", ask("GET", "/v2/", null)), "WWW-Authenticate").startsWith("Basic "));
        refuses(401, "UNAUTHORIZED", ask("GET", "/v2/", null, "Authorization", "Basic " + base64("alice:wrong")));
        answers(200, ask("GET", "/v2/", null, "Authorization", "Basic " + base64("alice:s3cret:x")));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(bytes(text));
    }

    @Test
    void should_let_no_second_process_have_the_folder_and_remove_what_is_stale() throws IOException {
        String upload = header(ask("POST", "/v2/app/blobs/uploads/", null), "Location");
        Path file = registry.resolve(".uploads").resolve(upload.replaceFirst(".*/", ""));
        assertThrows(IllegalArgumentException.class, () -> server(false, null));
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(100_000)));
        server.stop();
        server = server(false, null);
        assertFalse(Files.exists(file), "a stale upload");
    }

    @Test
    void should_finish_an_upload_once_however_many_requests_ask_for_it() throws Exception {
        byte[] bytes = new byte[8 << 20];
        new Random(3).nextBytes(bytes);
        Digest digest = Digest.of("sha512", MessageDigest.getInstance("SHA-512").digest(bytes)); // hashed only at the end, which takes a while
        String place = header(answers(202, ask("POST", "/v2/app/blobs/uploads/", new byte[0])), "Location");
        answers(202, ask("PATCH", place, bytes));
        List<CompletableFuture<Integer>> asked = Stream.generate(() -> CompletableFuture.supplyAsync(() -> status("PUT", place + "?digest=" + digest))).limit(4).toList();
        assertEquals(List.of(201, 404, 404, 404), asked.stream().map(CompletableFuture::join).sorted().toList());
        assertArrayEquals(bytes, answers(200, ask("GET", "/v2/app/blobs/" + digest, null)).body());
    }

    private int status(String method, String path) {
        try {
            return ask(method, path, new byte[0]).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void should_serve_no_link_that_leads_out_of_the_folder() throws IOException {
        Digest secret = Digest.of(bytes("secret"));
        Path file = registry.resolve("blobs/sha256").resolve(secret.hex());
        Files.createDirectories(file.getParent());
        Files.createSymbolicLink(file, Files.write(folder.resolve("secret"), bytes("secret")));
        refuses(404, "BLOB_UNKNOWN", ask("GET", "/v2/app/blobs/" + secret, null));
        answers(202, ask("POST", "/v2/app/blobs/uploads/?mount=" + secret + "&from=other", new byte[0]));
        blob(bytes("secret"));
        assertFalse(Files.isSymbolicLink(file));
        answers(200, ask("GET", "/v2/app/blobs/" + secret, null));
    }

    @Test
    void should_say_that_a_malformed_manifest_is_the_clients_fault() throws IOException {
        byte[] malformed = bytes("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":5,\"layers\":[]}");
        refuses(400, "MANIFEST_INVALID", put("1", malformed));
    }

    @Test
    void should_refuse_a_key_that_is_not_the_certificates() throws Exception {
        Certificate one = Certificate.createFor("DNS:localhost");
        Path other = Certificate.createFor("DNS:localhost").key();
        WritableServer.Settings settings = new WritableServer.Settings(null, 0, one.file(), other, null, Set.of(), false, line -> { });
        assertThrows(IllegalArgumentException.class, () -> new WritableServer(folder.resolve("secure"), settings));
    }
}
