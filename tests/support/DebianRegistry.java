package tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

//SOURCES Certificate.java
//SOURCES Listener.java
//SOURCES Program.java
//SOURCES Scratch.java
//SOURCES TokenServer.java
//SOURCES Tools.java

/**
 * Debian's docker-registry (distribution 2.8) on a free port of loopback.
 * Several of them may serve one storage folder, so that an image is pushed once and then guarded in different ways.
 *
 * @param host    where it listens, such as {@code localhost:40123}
 * @param storage the folder with its blobs, for tests that damage them
 * @param ca      the certificate authority to trust, null if it speaks plain HTTP
 */
public record DebianRegistry(String host, Path storage, Path ca, Program.Running process) implements AutoCloseable {
    /** Starts one with plain HTTP that everybody may read and write. The test is skipped where it is not installed. */
    public static DebianRegistry start(Path storage) {
        return start(storage, null, "");
    }

    /** Starts one with plain HTTP that takes manifests with layers that are kept elsewhere. */
    public static DebianRegistry startForForeignLayers(Path storage) {
        return start(storage, null, "validation: {manifests: {urls: {allow: ['.*']}}}\n");
    }

    /** Starts one with plain HTTP that takes manifests of schema 1. */
    public static DebianRegistry startForSchema1(Path storage) {
        return start(storage, null, "compatibility: {schema1: {enabled: true}}\n");
    }

    /** Starts one with TLS that asks for this name and password, by Basic authentication. */
    public static DebianRegistry startWithPassword(Path storage, String user, String password) {
        Tools.assumeInstalled("htpasswd", "openssl");
        Path passwords = Scratch.folder("htpasswd").resolve("htpasswd");
        Program.run("htpasswd", "-Bbc", passwords.toString(), user, password).orFail();
        return start(storage, Certificate.create(), """
                auth:
                  htpasswd:
                    realm: dray-tests
                    path: %s
                """.formatted(passwords));
    }

    /** Starts one with plain HTTP that asks for a token of this server. */
    public static DebianRegistry startWithTokens(Path storage, TokenServer tokens) {
        return startWithTokens(storage, tokens, tokens.realm(), null);
    }

    /** Starts one with TLS that asks for a token of this server, and names this address for it. */
    public static DebianRegistry startWithTokensAt(Path storage, TokenServer tokens, String realm) {
        return startWithTokensAt(storage, tokens, realm, Certificate.create());
    }

    /** Starts the same, which shows this certificate. */
    public static DebianRegistry startWithTokensAt(Path storage, TokenServer tokens, String realm, Certificate certificate) {
        return startWithTokens(storage, tokens, realm, certificate);
    }

    /** Starts one with plain HTTP that asks for a token of this address, and has blobs fetched under another one, by their path in the storage folder. */
    public static DebianRegistry startRedirecting(Path storage, TokenServer tokens, String realm, String blobs) {
        return start(storage, null, tokenAuth(tokens, realm) + """
                middleware:
                  storage:
                    - name: redirect
                      options: {baseurl: %s}
                """.formatted(blobs));
    }

    /** Starts one with TLS that everybody may read and write, and shows this certificate. */
    public static DebianRegistry startWithTls(Path storage, Certificate certificate) {
        return start(storage, certificate, "");
    }

    /** Starts one with plain HTTP that fetches from this plain registry whatever it is asked for and does not have yet. */
    public static DebianRegistry startMirrorOf(DebianRegistry origin) {
        return start(Scratch.folder("mirror"), null, "proxy: {remoteurl: \"http://" + origin.host() + "\"}\n");
    }

    /** Starts one with TLS that only those may read who show a certificate which this authority signed. */
    public static DebianRegistry startForHoldersOf(Path storage, Certificate certificate, Path authority) {
        return start(storage, certificate, "", ", clientcas: [" + authority + "]");
    }

    private static DebianRegistry startWithTokens(Path storage, TokenServer tokens, String realm, Certificate certificate) {
        return start(storage, certificate, tokenAuth(tokens, realm));
    }

    private static String tokenAuth(TokenServer tokens, String realm) {
        return """
                auth:
                  token:
                    realm: %s
                    service: %s
                    issuer: %s
                    rootcertbundle: %s
                """.formatted(realm, TokenServer.SERVICE, TokenServer.ISSUER, tokens.certificate().file());
    }

    private static DebianRegistry start(Path storage, Certificate certificate, String settings) {
        return start(storage, certificate, settings, "");
    }

    private static DebianRegistry start(Path storage, Certificate certificate, String settings, String moreOfTls) {
        Tools.assumeInstalled("docker-registry");
        String tls = certificate == null ? "" : "  tls: {certificate: %s, key: %s%s}\n".formatted(certificate.file(), certificate.key(), moreOfTls);
        Listener listener = Listener.start(port -> new Program("docker-registry", "serve", config(storage, port, tls, settings).toString()));
        return new DebianRegistry("localhost:" + listener.port(), storage, certificate == null ? null : certificate.file(), listener.process());
    }

    private static Path config(Path storage, int port, String tls, String settings) {
        try {
            return Files.writeString(Scratch.folder("registry").resolve("config.yml"), """
                    version: 0.1
                    log: {level: warn, accesslog: {disabled: true}}
                    storage:
                      filesystem: {rootdirectory: %s}
                      delete: {enabled: true}
                    http:
                      addr: 127.0.0.1:%d
                      secret: dray-tests
                    """.formatted(storage, port) + tls + settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the name of an image here, such as {@code localhost:40123/test/real:1}. */
    public String image(String name) {
        return host + "/" + name;
    }

    /** Puts a manifest or an index under a tag of a repository of this plain registry, where no program would: nested indexes, say. */
    public void put(String repository, String tag, String mediaType, byte[] manifest) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host + "/v2/" + repository + "/manifests/" + tag))
                .timeout(Duration.ofSeconds(30)).header("Content-Type", mediaType)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(manifest)).build();
        try {
            HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 201) {
                throw new AssertionError(response + " " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while putting a manifest", e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
