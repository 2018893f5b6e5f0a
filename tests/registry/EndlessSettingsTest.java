package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Certificate;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES ../support/Certificate.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** Settings that lead to devices without an end, or to pipes that nobody writes to. */
@Tag("slow")
class EndlessSettingsTest {
    private static final List<String> FILES = List.of("etc/containers/registries.conf", "etc/docker/daemon.json");

    @TempDir
    Path home;

    @BeforeEach
    void have_the_device() {
        assumeTrue(Files.exists(Path.of("/dev/zero")));
    }

    @Test
    void should_skip_settings_that_lead_to_a_device_without_an_end() throws IOException {
        for (String file : FILES) {
            Files.createDirectories(home.resolve(file).getParent());
            Files.createSymbolicLink(home.resolve(file), Path.of("/dev/zero"));
        }
        Program.Result result = manifest().run().orFail();
        for (String file : FILES) {
            assertTrue(result.stderr().contains("warning: " + home.resolve(file) + " is skipped: it is a pipe or a device, not a file"), result.stderr());
        }
        result = manifest().env("CONTAINERS_REGISTRIES_CONF", "/dev/zero").run().orFail();
        assertTrue(result.stderr().contains("warning: /dev/zero is skipped: it is larger than 1 MiB"), result.stderr());
        assertEquals(1, manifest().env("CONTAINERS_REGISTRIES_CONF", "/dev/null").run().orFail().stderr().lines().count(), "nothing is named there, and nothing is wrong with it");
    }

    @Test
    void should_not_wait_for_a_pipe_in_the_place_of_settings() throws IOException {
        for (String file : List.of("etc/containers/registries.conf", ".docker/config.json")) {
            Files.createDirectories(home.resolve(file).getParent());
            Program.run("mkfifo", home.resolve(file).toString()).orFail();
        }
        Program.Result result = Dray.script(home, "doctor", RealImages.registry().image(RealImages.SMALL)).limit(60).run().orFail();
        assertTrue(result.text().contains(".docker/config.json cannot be read: it is a pipe or a device, not a file"), result.toString());
        assertTrue(result.stderr().contains("registries.conf is skipped: it is a pipe or a device, not a file"), result.toString());
    }

    @Test
    void should_refuse_certificates_and_passwords_without_an_end() {
        try (DebianRegistry signed = DebianRegistry.startWithTls(RealImages.registry().storage(), Certificate.create())) {
            Program.Result trusted = Dray.run("manifest", "--cacert", "/dev/zero", signed.image(RealImages.SMALL));
            assertEquals(2, trusted.exitCode(), trusted.toString());
            assertEquals("manifest: /dev/zero is not read: it is larger than 16 MiB\n", trusted.stderr());
        }
        Program.Result result = manifest("-u", "alice", "--password-stdin").inBash("\"$@\" </dev/zero").run();
        assertEquals(2, result.exitCode(), result.toString());
        assertEquals("manifest: the password is longer than 64 KiB\n", result.stderr());
    }

    private Program manifest(String... options) {
        String[] arguments = Stream.concat(Stream.of(options), Stream.of("--platform", "linux/amd64", RealImages.registry().image(RealImages.SMALL))).toArray(String[]::new);
        return Dray.script(home, "manifest", arguments);
    }
}
