package tests.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import lib.server.Server;
import lib.store.ImageStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.LayoutWriter;
import tests.support.Listener;
import tests.support.Program;

//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Listener.java
//SOURCES ../support/Program.java

/** What the registry of {@code serve} makes of requests and layouts that are up to something. */
class ServeTest {
    private static final int SIZE = 3_000_000;
    private static final String F = "f".repeat(64);

    @TempDir
    Path folder;

    private Path layout;
    private String layer;
    private Server server;

    @BeforeEach
    void serve() throws IOException {
        layout = folder.resolve("app");
        byte[] bytes = new byte[SIZE];
        new Random(3).nextBytes(bytes);
        LayoutWriter writer = new LayoutWriter(layout);
        LayoutWriter.Layer made = writer.layer(bytes, "");
        layer = made.diffId().hex();
        writer.tag("1", writer.image(LayoutWriter.linux("amd64", ""), List.of(made)));
        server = new Server(List.of(ImageStore.open(layout)), 0, Set.of("registry.example"));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(server.address().replaceFirst(".*:", "")));
        socket.setSoTimeout(60_000);
        return socket;
    }

    /** Sends these bytes and returns all that comes back until the other side hangs up. */
    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private String get(String target, String host) throws IOException {
        return ask("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }

    private void answers(String status, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer.substring(0, Math.min(300, answer.length())));
    }

    @Test
    void should_answer_to_the_names_of_this_machine_and_to_those_it_was_given() throws IOException {
        for (String host : List.of("localhost", "localhost:5000", "LOCALHOST:1", "app.localhost", "127.0.0.1", "127.1.2.3:80", "[::1]:5000", "[::1]", "registry.example:443")) {
            answers("200", get("/v2/", host));
        }
        answers("200", ask("GET /v2/ HTTP/1.0\r\n\r\n"));
    }

    @Test
    void should_refuse_other_names() throws IOException {
        for (String host : List.of("attacker.example", "attacker.example:5000", "127.0.0.1.attacker.example", "localhost.attacker.example", "10.0.0.1", "[::2]")) {
            answers("421", get("/v2/app/blobs/sha256:" + layer, host));
        }
        answers("400", get("/v2/", ""));
        answers("400", get("http://attacker.example/v2/", "localhost"));
    }

    @Test
    void should_not_follow_a_link_out_of_the_layout() throws IOException {
        Files.writeString(folder.resolve("id_ed25519"), "PRIVATE KEY");
        Path link = layout.resolve("blobs/sha256").resolve(F);
        for (Path target : List.of(Path.of("../../../id_ed25519"), folder.resolve("id_ed25519"))) {
            Files.deleteIfExists(link);
            Files.createSymbolicLink(link, target);
            String answer = get("/v2/app/blobs/sha256:" + F, "localhost");
            answers("404", answer);
            assertFalse(answer.contains("PRIVATE"), answer);
            answers("404", get("/v2/app/manifests/sha256:" + F, "localhost"));
        }
    }

    @Test
    void should_follow_a_link_within_the_layout() throws IOException {
        Path blobs = layout.resolve("blobs/sha256");
        Files.move(blobs.resolve(layer), layout.resolve("kept"));
        Files.createSymbolicLink(blobs.resolve(layer), Path.of("../../kept"));
        answers("200", get("/v2/app/blobs/sha256:" + layer, "localhost"));
    }

    @Test
    void should_have_no_manifest_of_a_layers_digest() throws IOException {
        answers("404", get("/v2/app/manifests/sha256:" + layer, "localhost"));
    }

    @Test
    void should_answer_requests_that_come_all_at_once_in_their_order() throws IOException {
        String answers = ask("GET /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20) + "GET /v2/none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertEquals(21, answers.split("HTTP/1.1 200 OK").length, answers);
        assertTrue(answers.lastIndexOf("HTTP/1.1 404") > answers.lastIndexOf("HTTP/1.1 200"), answers);
    }

    @Test
    void should_serve_others_while_some_are_slow_or_expect_something() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                Socket socket = connect();
                slow.add(socket);
                String request = switch (i % 3) {
                    case 0 -> "GET /v2/ HTT";
                    case 1 -> "PUT /v2/app/blobs/uploads/ HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n\r\n";
                    default -> "GET /v2/app/blobs/sha256:" + layer + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
                };
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            }
            assertTrue(get("/v2/app/blobs/sha256:" + layer, "localhost").length() > SIZE);
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    /** A client that begins a request has a minute at most; in this test, a second. */
}
