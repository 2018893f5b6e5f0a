package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.DebianRegistry;
import tests.support.DockerEngine;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Reply;
import tests.support.TokenServer;
import tests.support.Tools;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/DockerEngine.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Reply.java
//SOURCES ../support/TokenServer.java
//SOURCES ../support/Tools.java

/** The script that {@code pull --as-curl} prints does what pull does, without any of Dray. */
@Tag("slow")
class AsCurlTest {
    @TempDir
    Path folder;

    @BeforeEach
    void needs_what_the_script_needs() {
        Tools.assumeInstalled("curl", "jq");
    }

    @Test
    void should_pull_from_an_open_registry_what_docker_loads() throws IOException {
        DebianRegistry registry = RealImages.registry();
        String image = registry.image(RealImages.REAL);
        runsLikePull(registry, image, null);
        assertFalse(run(null).stderr().contains("fetching"), "it fetched again what it had");
        DockerEngine engine = DockerEngine.shared();
        engine.load(folder.resolve("curl.tar")).orFail();
        assertEquals(0, engine.run("image", "inspect", image).exitCode());
    }

    @Test
    void should_fetch_only_what_is_missing_and_refetch_what_is_wrong() throws IOException {
        DebianRegistry registry = RealImages.registry();
        runsLikePull(registry, registry.image(RealImages.REAL), null);
        List<Path> blobs = blobs();
        try (FileChannel first = FileChannel.open(blobs.get(0), StandardOpenOption.WRITE)) {
            first.truncate(first.size() / 2);
        }
        byte[] wrong = Files.readAllBytes(blobs.get(1));
        wrong[wrong.length / 2] ^= 1;
        Files.write(blobs.get(1), wrong);
        List<String> fetched = run(null).stderr().lines().filter(line -> line.startsWith("fetching")).toList();
        assertEquals(2, fetched.size(), fetched.toString());
    }

    @Test
    void should_pull_with_a_password() throws IOException {
        try (DebianRegistry registry = DebianRegistry.startWithPassword(RealImages.registry().storage(), "alice", "Tr0ub:4dor")) {
            runsLikePull(registry, registry.image(RealImages.DOCKER), "alice:Tr0ub:4dor");
        }
    }

    @Test
    void should_pull_with_tokens() throws IOException {
        try (TokenServer tokens = new TokenServer("alice:Tr0ub4dor", 60); DebianRegistry registry = DebianRegistry.startWithTokens(RealImages.registry().storage(), tokens)) {
            runsLikePull(registry, registry.image(RealImages.SMALL), "alice:Tr0ub4dor");
        }
    }

    @Test
    void should_pull_what_an_index_in_an_index_leads_to_and_layers_of_zstd() throws IOException {
        DebianRegistry registry = RealImages.registry();
        runsLikePull(registry, registry.image(RealImages.NESTED), null);
        runsLikePull(registry, registry.image(RealImages.ZSTD), null);
    }

    @Test
    void should_write_an_archive_whose_name_the_shell_would_take_for_more() throws IOException {
        String name = "it's \"$HOME\" $(touch ran) `touch ran`\n; touch ran.tar";
        DebianRegistry registry = RealImages.registry();
        Files.writeString(folder.resolve("script.sh"), pull(List.of(), "--platform", "linux/amd64", "--as-curl", "-o", name, registry.image(RealImages.SMALL)).text());
        run(null);
        assertTrue(Files.exists(folder.resolve(name)));
        assertFalse(Files.exists(folder.resolve("ran")));
    }

    @Test
    void should_begin_a_blob_again_where_the_registry_sends_no_parts() throws IOException {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            registry.behave(request -> Reply.ignoringRange());
            Files.writeString(folder.resolve("script.sh"), pull(List.of(), "--platform", "linux/amd64", "--as-curl", "-o", "curl.tar", registry.image("1", new long[] {1}, 5_000_000)).text());
            run(null);
            try (FileChannel layer = FileChannel.open(blobs().get(0), StandardOpenOption.WRITE)) {
                layer.truncate(layer.size() / 2);
            }
            assertEquals(2, run(null).stderr().lines().filter(line -> line.startsWith("fetching")).count());
        }
    }

    @Test
    void should_say_what_is_missing() throws IOException {
        try (DebianRegistry registry = DebianRegistry.startWithPassword(RealImages.registry().storage(), "alice", "Tr0ub:4dor")) {
            String script = pull(List.of("-u", "alice:Tr0ub:4dor", "--cacert", registry.ca().toString(), "--platform", "linux/amd64"), "--as-curl", registry.image(RealImages.SMALL)).text();
            Files.writeString(folder.resolve("script.sh"), script);
            Program.Result result = new Program("bash", "script.sh").in(folder).env("CURL_CA_BUNDLE", registry.ca().toString()).run();
            assertEquals("https://" + registry.host() + " requires a login: set REGISTRY_USER and REGISTRY_PASSWORD\n", result.stderr());
            assertEquals(4, result.exitCode());
            result = new Program("/bin/bash", "script.sh").in(folder).env("PATH", folder.toString()).run();
            assertEquals("this script needs curl\n", result.stderr());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-KFILE", "--output FILE", "@FILE", "file://FILE", "gopher://HOST/x", "dict://HOST/x", "ftp://HOST/x", "HOST/token", "http://a:b@HOST/token", "http://HOST/token x", "",
            "http://HOST/token"})
    void should_ask_no_token_server_but_on_the_web_and_send_no_header_that_one_makes_up(String realm) throws IOException {
        Path secret = Files.writeString(folder.resolve("secret.json"), "{\"token\":\"of-this-machine\"}");
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String host = "127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            boolean token = exchange.getRequestURI().getPath().contains("token");
            byte[] body = (token ? "{\"token\":\"abc\\nX-Made-Up: yes\"}" : "{}").getBytes();
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"" + realm.replace("FILE", secret.toString()).replace("HOST", host) + "\",service=\"@" + secret + "\"");
            exchange.sendResponseHeaders(token ? 200 : 401, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String script = pull(List.of(), "--platform", "linux/amd64", "--as-curl", "-o", "curl.tar", registry.image("1", new long[] {1}, 5_000)).text();
            Files.writeString(folder.resolve("script.sh"), script.replace(registry.host(), host));
            Program.Result result = new Program("bash", "script.sh").in(folder).run();
            assertEquals(6, result.exitCode(), result.toString());
            assertTrue(result.stderr().matches("http://" + host + " names (a|no) token server [^\n]*\n"), result.stderr());
            assertEquals(List.of("/v2/"), asked.stream().filter(path -> !path.contains("token")).toList());
            assertEquals(realm.startsWith("http://HOST/") && !realm.contains(" ") ? 1 : 0, asked.stream().filter(path -> path.contains("token")).count(), asked.toString());
            assertEquals("{\"token\":\"of-this-machine\"}", Files.readString(secret));
        } finally {
            server.stop(0);
        }
    }

    @Test
    void should_put_values_in_as_they_are_though_they_look_like_places_of_the_template() throws IOException {
        DebianRegistry registry = RealImages.registry();
        Files.writeString(folder.resolve("script.sh"), pull(List.of(), "--platform", "linux/amd64", "--as-curl", "-o", "-{blobs}:{digest}.tar", registry.image(RealImages.SMALL)).text());
        run(null);
        assertTrue(Files.exists(folder.resolve("-{blobs}:{digest}.tar")));
    }

    @Test
    void should_be_for_one_image_and_one_archive() {
        assertEquals(2, Dray.run("pull", "--as-curl", "a", "b").exitCode());
        assertEquals(2, Dray.run("pull", "--as-curl", "-o", "-", "a").exitCode());
    }

    private void runsLikePull(DebianRegistry registry, String image, String login) throws IOException {
        List<String> how = Stream.of(List.of("--platform", "linux/amd64"), login == null ? List.<String>of() : List.of("-u", login),
                registry.ca() == null ? List.<String>of() : List.of("--cacert", registry.ca().toString())).flatMap(List::stream).toList();
        String script = pull(how, "--as-curl", "-o", "curl.tar", image).text();
        assertTrue(login == null || !script.contains("4dor"), "a secret is in the script");
        Files.writeString(folder.resolve("script.sh"), script);
        run(registry.ca(), login);
        pull(how, "-q", "-o", "pull.tar", image);
        assertEquals(files("pull.tar"), files("curl.tar"));
    }

    private Program.Result pull(List<String> how, String... more) {
        return Dray.script("pull", Stream.concat(how.stream(), Stream.of(more)).toArray(String[]::new)).in(folder).run().orFail();
    }

    private Program.Result run(Path ca, String... login) {
        Program bash = new Program("bash", "script.sh").in(folder);
        if (ca != null) {
            bash.env("CURL_CA_BUNDLE", ca.toString());
        }
        if (login.length > 0 && login[0] != null) {
            bash.env("REGISTRY_USER", login[0].replaceFirst(":.*", "")).env("REGISTRY_PASSWORD", login[0].replaceFirst("[^:]*:", ""));
        }
        return bash.run().orFail();
    }

    /** Returns the archive's files; those under blobs are named by their digests, and the script has checked them. */
    private List<String> files(String archive) {
        return Program.run("tar", "-tf", folder.resolve(archive).toString()).orFail().text().lines().filter(name -> !name.endsWith("/")).sorted().toList();
    }

    private List<Path> blobs() throws IOException {
        try (Stream<Path> blobs = Files.walk(folder.resolve("curl.oci/blobs"))) {
            return blobs.filter(Files::isRegularFile).filter(file -> file.toFile().length() > 1_000_000).sorted().toList();
        }
    }
}
