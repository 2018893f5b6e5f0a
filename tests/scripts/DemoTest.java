package tests.scripts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Checkout;
import tests.support.Dray;
import tests.support.Program;
import tests.support.Tools;

//SOURCES ../support/Checkout.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/** The README's first command. */
@Tag("slow")
class DemoTest {
    @TempDir
    Path folder;

    @Test
    void should_show_each_step_without_a_network_and_leave_nothing() throws IOException {
        Program.Result shown = Dray.script("demo").in(folder).env("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + folder)
                .env("http_proxy", "http://127.0.0.1:1").env("https_proxy", "http://127.0.0.1:1").env("DRAY_STARTED_AS", "./jbang").run().orFail();
        for (String stage : new String[] {"token", "manifest", "blob", "assemble", "extract", "pull"}) {
            assertTrue(shown.text().contains("./jbang " + stage + " "), stage + " is not shown");
        }
        assertTrue(shown.text().contains("\nThe two archives are the same to the byte.\n"), shown.text());
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count(), "the demo left something behind");
        }
    }

    @Test
    void should_keep_an_image_of_two_platforms_and_two_archives_that_are_the_same() throws IOException {
        Tools.assumeInstalled("skopeo");
        Path kept = folder.resolve("kept");
        Dray.script("demo", "--step", "--keep", "kept").in(folder).stdin("\n\n").run().orFail();
        assertArrayEquals(Files.readAllBytes(kept.resolve("by-hand.tar")), Files.readAllBytes(kept.resolve("by-pull.tar")));
        assertEquals(Files.readString(Checkout.root().resolve("README.md")), Files.readString(kept.resolve("rootfs/doc/README.md")));
        assertTrue(Files.notExists(kept.resolve("rootfs/doc/LICENSE")), "the whiteout hides nothing");
        for (String architecture : new String[] {"amd64", "arm64"}) {
            Program.Result inspected = Program.run("skopeo", "--override-os", "linux", "--override-arch", architecture, "inspect", "--config", "oci:" + kept.resolve("registry.oci")).orFail();
            assertTrue(inspected.text().contains("\"architecture\": \"" + architecture + "\"") || inspected.text().contains("\"architecture\":\"" + architecture + "\""), inspected.text());
        }
        Program.Result again = Dray.script("demo", "--keep", "kept").in(folder).run();
        assertEquals(2, again.exitCode(), again.toString());
        assertTrue(again.stderr().contains("--keep kept is not an empty folder"), again.stderr());
    }
}
