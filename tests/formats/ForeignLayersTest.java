package tests.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.store.TarMaker;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Reply;
import tests.support.Scratch;
import tests.support.TokenServer;
import tests.support.Tools;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/TokenServer.java
//SOURCES ../support/Tools.java

/** Images as Windows has them: an index with a version of the system an entry, and a base layer that the registry does not have. */
@Tag("slow")
class ForeignLayersTest {
    private static final String FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
    private static final String OLD = "10.0.17763.6054";
    private static final String NEW = "10.0.20348.2655";

    private final Path storage = Scratch.folder("foreign");
    private final DebianRegistry registry = DebianRegistry.startForForeignLayers(storage);
    private final FlakyRegistry elsewhere = new FlakyRegistry();
    private final byte[] base = new TarMaker().file("Windows/base", noise()).end();
    private final String image = registry.image("windows/app:1");
    private String baseDigest;

    @TempDir
    Path folder;

    private static String noise() {
        StringBuilder text = new StringBuilder();
        new Random(1).ints(3_000_000, 'a', 'z').forEach(letter -> text.append((char) letter));
        return text.toString();
    }

    @AfterEach
    void close() {
        registry.close();
        elsewhere.close();
    }

    @BeforeEach
    void push() throws IOException {
        LayoutWriter layout = new LayoutWriter(folder.resolve("windows.oci"));
        layout.tag("1", layout.index(List.of(image(layout, OLD), image(layout, NEW))));
        Files.delete(folder.resolve("windows.oci/blobs").resolve(baseDigest.replace(':', '/')));
        dray("push", "windows.oci", image).orFail();
    }

    /** The first address of the base layer is a file, the second a dead host, the third is right. */
    private ObjectNode image(LayoutWriter layout, String version) {
        LayoutWriter.Layer foreign = layout.layer(base, "gzip");
        baseDigest = foreign.descriptor().path("digest").asText();
        elsewhere.image(version, List.of(new Program("gzip", "-nc").stdin(base).run().orFail().stdout()));
        foreign.descriptor().put("mediaType", FOREIGN).putArray("urls").add("file:///etc/passwd").add("http://127.0.0.1:1/base")
                .add("http://" + elsewhere.host() + "/blobs/" + baseDigest);
        LayoutWriter.Layer own = layout.layer(new TarMaker().file("version", version).end(), "gzip");
        return layout.image(LayoutWriter.linux("amd64", "").put("os", "windows").put("os.version", version), List.of(foreign, own));
    }

    private Program.Result dray(String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).run();
    }

    private Program.Result pull(String version, String name, String... arguments) {
        return dray("pull", Stream.concat(Stream.of("--platform", "windows(" + version + ")/amd64", name), Stream.of(arguments)).toArray(String[]::new));
    }

    private boolean hasBase(String archive) {
        return new Program(List.of("tar", "-tf", archive)).in(folder).run().orFail().text().contains(baseDigest.replace("sha256:", "blobs/sha256/"));
    }

    @Test
    void should_fetch_them_from_where_they_are_without_the_token() throws IOException {
        try (TokenServer tokens = new TokenServer("alice:Tr0ub4dor", 60); DebianRegistry guarded = DebianRegistry.startWithTokens(storage, tokens)) {
            pull("10.0.20348", guarded.image("windows/app:1"), "-u", "alice:Tr0ub4dor", "-o", "app.tar").orFail();
        }
        assertTrue(hasBase("app.tar"));
        assertEquals(NEW, dray("cat", "app.tar", "version").orFail().text());
        assertTrue(elsewhere.requests().stream().map(FlakyRegistry.Request::authorization).allMatch(Objects::isNull));
        assertFalse(elsewhere.requests().isEmpty());
        ObjectNode config = Json.object(dray("inspect", "app.tar").orFail().stdout(), "inspect");
        assertEquals(NEW, config.path("os.version").asText());
    }

    @Test
    void should_take_parts_of_them_up_where_a_line_broke() {
        elsewhere.behave(request -> request.number() == 1 ? Reply.closingAfter(1_000_000) : Reply.RIGHT);
        pull(OLD, image, "--connections", "1", "-o", "app.tar").orFail();
        assertEquals(OLD, dray("cat", "app.tar", "version").orFail().text());
        assertTrue(elsewhere.sent() < base.length + 100_000, elsewhere.sent() + " bytes were sent");
    }

    @Test
    void should_read_files_of_them_straight_from_there() {
        assertEquals(OLD, dray("cat", "--platform", "windows/amd64", image, "version").orFail().text());
        dray("extract", "--platform", "windows/amd64", image, "Windows", "-C", "root").orFail();
        assertTrue(Files.exists(folder.resolve("root/Windows/base")));
    }

    @Test
    void should_leave_them_out_when_told() {
        pull(OLD, image, "--skip-foreign", "-o", "without.tar").orFail();
        assertFalse(hasBase("without.tar"));
        assertTrue(elsewhere.requests().isEmpty());
        Program.Result incomplete = dray("assemble", "without.tar", "-o", "again.tar");
        assertEquals(5, incomplete.exitCode(), incomplete.toString());
        assertTrue(incomplete.stderr().contains(baseDigest) && incomplete.stderr().contains("--skip-foreign"), incomplete.stderr());
        dray("assemble", "--skip-foreign", "without.tar", "-o", "again.tar").orFail();
        assertEquals(2, dray("assemble", "--skip-foreign", "--format", "rootfs", "without.tar", "-o", "files.tar").exitCode());
        byte[] manifest = dray("manifest", "--platform", "windows/amd64", image).orFail().stdout();
        Dray.script("blob", "--skip-foreign", "--to", "layout").in(folder).stdin(manifest).run().orFail();
        assertFalse(Files.exists(folder.resolve("layout/blobs").resolve(baseDigest.replace(':', '/'))));
        assertEquals(0, elsewhere.requests().size());
    }

    @Test
    void should_say_what_is_missing_where_nobody_has_them() {
        elsewhere.behave(request -> Reply.status(404, null));
        Program.Result result = pull(OLD, image, "-o", "app.tar");
        assertEquals(3, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(baseDigest) && result.stderr().contains(elsewhere.host()), result.stderr());
    }

    @Test
    void should_be_fetched_by_curl_too() throws IOException {
        Tools.assumeInstalled("bash", "curl", "jq");
        Files.write(folder.resolve("pull.sh"), pull(OLD, image, "--as-curl").orFail().stdout());
        new Program(List.of("bash", "pull.sh")).in(folder).run().orFail();
        assertTrue(hasBase("windows_app_1.tar"));
    }
}
