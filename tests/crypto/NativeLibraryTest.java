package tests.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;

//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java

/** Where the native library is kept, whose it may be, and what is done without it. */
@Tag("slow")
class NativeLibraryTest {
    private static final String NATIVE = "TLS and SHA-256 by BoringSSL (Conscrypt ";
    private static final String JAVA = "TLS and SHA-256 by Java, as ";

    @TempDir
    Path home;

    private Path cache;
    private Path kept;

    @BeforeEach
    void make_jbangs_cache() throws IOException {
        cache = Files.createDirectories(home.resolve(".jbang/cache"));
        kept = cache.resolve("dray/native");
    }

    @Test
    void should_keep_it_in_jbangs_cache_where_nobody_else_may_write() throws IOException {
        assertSays(NATIVE, ls());
        Path file = onlyFile();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        Object inode = Files.getAttribute(file, "unix:ino");
        assertSays(NATIVE, ls());
        assertEquals(inode, Files.getAttribute(onlyFile(), "unix:ino"));
    }

    @Test
    void should_keep_nothing_where_jbang_keeps_nothing() throws IOException {
        Files.delete(cache);
        assertSays(NATIVE, ls());
        assertFalse(Files.exists(cache));
    }

    @Test
    void should_load_nothing_that_others_may_have_written() throws IOException {
        assertSays(NATIVE, ls());
        Path file = onlyFile();
        byte[] others = "not ours".getBytes();
        Files.write(file, others);
        for (String rights : List.of("rw-rw-rw-", "rw-rw----")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
            assertSays(NATIVE, ls());
            assertArrayEquals(others, Files.readAllBytes(file));
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertSays(NATIVE, ls());
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwx------"));
        if (Files.getAttribute(file, "unix:uid").equals(0)) {
            Files.setAttribute(file, "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);
            assertSays(NATIVE, ls());
        }
        Files.delete(file);
        Files.createSymbolicLink(file, Files.write(home.resolve("elsewhere"), others));
        assertSays(NATIVE, ls());
    }

    @Test
    void should_replace_one_that_is_damaged_and_those_of_other_versions() throws IOException {
        assertSays(NATIVE, ls());
        Path file = onlyFile();
        long size = Files.size(file);
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 300_000)); // to load this one would end Java
        assertSays(NATIVE, ls());
        assertEquals(size, Files.size(onlyFile()));
        Files.writeString(file, "damaged");
        Files.writeString(kept.resolve("conscrypt-0.1-some.so"), "old");
        assertSays(NATIVE, ls());
        assertSays(NATIVE, ls());
        assertEquals(size, Files.size(onlyFile()));
    }

    @Test
    void should_be_kept_by_several_starts_at_once() throws IOException {
        List<Program.Running> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(ls().start());
        }
        for (Program.Running each : all) {
            assertSays(NATIVE, each.finish());
        }
        onlyFile();
    }

    @Test
    void should_leave_it_to_java_where_the_library_does_not_load() throws IOException {
        Files.delete(cache);
        assertSays(JAVA + "BoringSSL (Conscrypt 2.9.0) does not load: there is no libconscrypt_openjdk_jni-linux-s390x.so in it", java("-Dos.arch=s390x"));
        assertSays(JAVA + "BoringSSL (Conscrypt 2.9.0) does not load: it cannot be unpacked: ", java("-Djava.io.tmpdir=/proc"));
    }

    @Test
    void should_leave_it_to_java_where_the_variable_says_so() {
        assertSays(JAVA + "DRAY_TLS says", ls().env("DRAY_TLS", "jdk"));
        Program.Result result = ls().env("DRAY_TLS", "fast").run();
        assertEquals(2, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("DRAY_TLS is 'fast', but only jdk means something there"), result.toString());
    }

    @Test
    void should_say_nothing_of_it_without_being_asked() {
        assertFalse(Dray.script(home, "ls", "none.tar").run().stderr().contains("SHA-256"));
    }

    @Test
    void should_not_be_loaded_for_a_few_bytes() {
        Program.Result result = Dray.script(home, "ls", "--debug", image(100_000)).run().orFail();
        assertFalse(result.stderr().contains("SHA-256"), result.toString());
        assertFalse(Files.exists(kept));
    }

    private Program ls() {
        return Dray.script(home, "ls", "--debug", image(5_000_000));
    }

    /** Returns a layout with an image of one layer of this size, in which there is nothing. */
    private String image(int size) {
        Path folder = home.resolve("layout-" + size);
        if (!Files.exists(folder)) {
            LayoutWriter layout = new LayoutWriter(folder);
            layout.tag("1", layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer(new byte[size / 512 * 512], ""))));
        }
        return folder.toString();
    }

    private Program java(String option) {
        return ls().env("JAVA_TOOL_OPTIONS", option);
    }

    private static void assertSays(String how, Program program) {
        assertSays(how, program.run());
    }

    private static void assertSays(String how, Program.Result result) {
        assertTrue(result.stderr().lines().anyMatch(line -> line.startsWith(how)) && !result.stderr().contains("WARNING"), result.toString());
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(kept)) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all.toString());
            return all.get(0);
        }
    }
}
