package tests.bench;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.image.Digest;
import lib.image.MediaType;
import org.jspecify.annotations.Nullable;
import tests.support.Certificate;
import tests.support.Listener;

//SOURCES ../support/Certificate.java
//SOURCES ../support/Listener.java

/** Debian's docker-registry on a free port of loopback, with its blobs in a folder. Its log tells when the first request came. */
record BenchRegistry(String host, Path log, Process process, HttpClient http, @Nullable Certificate certificate) implements AutoCloseable {
    private static final int START_MILLIS = 15_000;
    private static final Pattern REQUEST = Pattern.compile("\"http.response.duration\":\"([0-9.]+)(µs|ms|s)\".*\"time\":\"([^\"]+)\"");

    static BenchRegistry start(Path folder) throws IOException, InterruptedException {
        return start(folder, folder.resolve("storage"), null);
    }

    /** Starts one that speaks TLS, with the blobs of this one. */
    BenchRegistry overTls(Path folder) throws IOException, InterruptedException {
        return start(folder, log.resolveSibling("storage"), Certificate.create());
    }

    private static BenchRegistry start(Path folder, Path storage, @Nullable Certificate certificate) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        String tls = certificate == null ? "" : ", tls: {certificate: %s, key: %s}".formatted(certificate.file(), certificate.key());
        int port = Listener.freePort();
        Path config = Files.writeString(folder.resolve("config.yml"), """
                version: 0.1
                log: {level: info, formatter: json, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:%d", secret: bench%s}
                """.formatted(storage, port, tls));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder("docker-registry", "serve", config.toString()).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        for (int waited = 0; waited < START_MILLIS && process.isAlive(); waited += 50) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return new BenchRegistry("localhost:" + port, log, process, HttpClient.newHttpClient(), certificate);
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        process.destroyForcibly();
        throw new IOException("docker-registry does not start: " + Files.readString(log));
    }

    /** Returns what programs need in their environment to trust it, where it speaks TLS. */
    Map<String, String> trust() {
        return certificate == null ? Map.of() : Map.of("SSL_CERT_FILE", certificate.file().toString(), "CURL_CA_BUNDLE", certificate.file().toString());
    }

    /** Pushes a blob in one request: distribution-spec, "Pushing a blob monolithically", POST then PUT. */
    void putBlob(String repository, Digest digest, Path file) throws IOException {
        HttpResponse<String> begun = send(request("/v2/" + repository + "/blobs/uploads/").POST(HttpRequest.BodyPublishers.noBody()), 202);
        String location = begun.headers().firstValue("Location").orElseThrow();
        URI upload = URI.create("http://" + host).resolve(location + (location.contains("?") ? "&" : "?") + "digest=" + digest);
        send(HttpRequest.newBuilder(upload).PUT(HttpRequest.BodyPublishers.ofFile(file)), 201);
    }

    void putManifest(String repository, String tag, byte[] manifest) throws IOException {
        send(request("/v2/" + repository + "/manifests/" + tag).header("Content-Type", MediaType.OCI_MANIFEST)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(manifest)), 201);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://" + host + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request, int expected) throws IOException {
        try {
            HttpResponse<String> response = http.send(request.timeout(Duration.ofMinutes(5)).build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != expected) {
                throw new IOException(response + " " + response.body());
            }
            return response;
        } catch (InterruptedException e) {
            throw new IOException("interrupted while pushing", e);
        }
    }

    /** Returns when the first request came of those that were logged after so many bytes of the log; null if there was none. */
    Instant firstRequest(long logSize) throws IOException {
        byte[] bytes = Files.readAllBytes(log);
        String added = new String(bytes, (int) logSize, (int) (bytes.length - logSize), StandardCharsets.UTF_8);
        return added.lines().map(BenchRegistry::began).filter(time -> time != null).min(Instant::compareTo).orElse(null);
    }

    private static Instant began(String line) {
        Matcher request = REQUEST.matcher(line);
        if (!request.find()) {
            return null;
        }
        double nanosAUnit = switch (request.group(2)) {
            case "s" -> 1e9;
            case "ms" -> 1e6;
            default -> 1e3;
        };
        return Instant.parse(request.group(3)).minusNanos((long) (Double.parseDouble(request.group(1)) * nanosAUnit));
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
