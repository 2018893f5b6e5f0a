package tests.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import lib.image.Digest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Certificate;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Listener;
import tests.support.Program;
import tests.support.Tools;

//SOURCES ../support/Certificate.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Listener.java
//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/** {@code serve --writable} as a process of its own, and real clients. */
@Tag("slow")
class WritableClientsTest {
    @TempDir
    Path folder;

    private byte[] layer;

    @BeforeEach
    void image() {
        layer = new byte[1_000_000];
        new Random(5).nextBytes(layer);
        LayoutWriter layout = new LayoutWriter(folder.resolve("layout"));
        layout.tag("1", layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer(layer, ""))));
    }

    private Listener serve(String... options) {
        return Listener.start(port -> {
            List<String> all = new ArrayList<>(List.of("--writable", "--port", Integer.toString(port)));
            all.addAll(List.of(options));
            all.add("registry");
            return Dray.script("serve", all.toArray(String[]::new)).in(folder);
        });
    }

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run().orFail();
    }

    @Test
    void should_keep_what_was_acknowledged_and_nothing_half_where_it_is_killed() throws IOException, InterruptedException {
        Digest digest;
        try (Listener serving = serve()) {
            digest = Digest.parse(dray("push", "-q", "layout", "localhost:" + serving.port() + "/app:1").text().strip().replaceFirst(".*@", ""));
            try (Socket line = new Socket(InetAddress.getLoopbackAddress(), serving.port())) {
                String promised = "sha256:" + "a".repeat(64);
                line.getOutputStream().write(("POST /v2/app/blobs/uploads/?digest=" + promised + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
                line.getOutputStream().write(layer, 0, 500_000);
                serving.process().process().destroyForcibly().waitFor(30, TimeUnit.SECONDS);
            }
        }
        try (Listener serving = serve()) {
            String name = "localhost:" + serving.port() + "/app:1";
            assertEquals(digest, Digest.of(dray("manifest", "--raw", name).stdout()));
            dray("pull", "-q", "--platform", "linux/amd64", "-o", "back.tar", name);
        }
        try (Stream<Path> blobs = Files.list(folder.resolve("registry/blobs/sha256"))) {
            for (Path blob : blobs.toList()) {
                assertEquals(blob.getFileName().toString(), Digest.of(Files.readAllBytes(blob)).hex());
            }
        }
        assertTrue(dray("check", "registry").text().contains(digest.toString()));
    }

    @Test
    void should_take_what_skopeo_pushes_and_give_it_back_byte_for_byte() throws IOException {
        Tools.assumeInstalled("skopeo");
        try (Listener serving = serve()) {
            String name = "docker://localhost:" + serving.port() + "/deep/er/app:1";
            Program.run("skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false", "--preserve-digests", "oci:" + folder.resolve("layout") + ":1", name).orFail();
            Program.run("skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false", "--preserve-digests", name, "oci:" + folder.resolve("back") + ":1").orFail();
        }
        String blob = "blobs/sha256/" + Digest.of(layer).hex();
        assertArrayEquals(layer, Files.readAllBytes(folder.resolve("registry").resolve(blob)));
        assertArrayEquals(layer, Files.readAllBytes(folder.resolve("back").resolve(blob)));
    }

    @Test
    void should_open_to_other_machines_with_tls_and_a_login_only() throws IOException {
        for (List<String> options : List.of(List.of("--listen", "0.0.0.0"), List.of("--listen", "0.0.0.0", "--logins", "logins"), List.of("--cert", "c"))) {
            List<String> all = new ArrayList<>(List.of("--writable", "registry"));
            all.addAll(options);
            assertEquals(2, Dray.script("serve", all.toArray(String[]::new)).in(folder).run().exitCode(), options.toString());
        }
        Certificate certificate = Certificate.createFor("DNS:localhost");
        Files.writeString(folder.resolve("logins"), "alice:s3cret\n");
        try (Listener serving = serve("--listen", "127.0.0.1", "--cert", certificate.file().toString(), "--key", certificate.key().toString(), "--logins", "logins")) {
            String name = "localhost:" + serving.port() + "/app:1";
            dray("push", "-q", "--cacert", certificate.file().toString(), "-u", "alice:s3cret", "layout", name);
            assertEquals(4, Dray.script("push", "-q", "--cacert", certificate.file().toString(), "-u", "alice:wrong", "layout", name).in(folder).run().exitCode());
            assertFalse(dray("repos", "--cacert", certificate.file().toString(), "-u", "alice:s3cret", "localhost:" + serving.port()).text().isEmpty());
        }
    }

    @Test
    void should_listen_on_the_address_of_loopback_that_is_given_and_on_no_other() throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "elsewhere 127.0.0.2 has to be set up first");
        try (ServerSocket taken = new ServerSocket(Listener.freePort(), 1, InetAddress.getByName("127.0.0.1"));
                Program.Running serving = Dray.script("serve", "--writable", "--port", "" + taken.getLocalPort(), "--listen", "127.0.0.2", "registry").in(folder).start()) {
            String address = address(serving);
            assertEquals("127.0.0.2:" + taken.getLocalPort(), address, "it does not listen, or not there alone, for the other address is taken");
            dray("push", "-q", "layout", address + "/app:1");
            try (Socket line = new Socket("127.0.0.2", taken.getLocalPort())) {
                line.getOutputStream().write("GET /v2/ HTTP/1.1\r\nHost: page.test\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertTrue(new String(line.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).startsWith("HTTP/1.1 421 "));
            }
        }
    }

    private static String address(Program.Running serving) {
        String stdout = "";
        for (int waited = 0; waited < 30_000 && !stdout.endsWith("\n"); waited += 50) {
            Program.pause(50);
            stdout = new String(serving.stdout(), StandardCharsets.UTF_8);
        }
        return stdout.strip();
    }
}
