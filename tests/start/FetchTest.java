package tests.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.support.Program;

//SOURCES Machine.java
//SOURCES WebServer.java

/** Where JBang comes from when none is on the PATH. */
@Tag("slow")
class FetchTest {
    private static final List<String> THE_JAR = List.of("jbang-cli-0.132.1-all.jar");
    private static final String SAYS_WHAT_IT_RUNS = "#!/usr/bin/env bash\necho \"unpacked jbang: $*\"\n";

    private final Machine machine = Machine.withOneScript();

    @Test
    void should_fetch_the_pinned_jar_with_maven_once() {
        machine.withJava().with("mvn");
        assertTrue(machine.jbang("--version").run().orFail().stderr().endsWith("once\n0.132.1\n"));
        assertEquals(THE_JAR, machine.kept());
        assertEquals("0.132.1\n", machine.jbang("--version").run().orFail().stderr());
    }

    @Test
    void should_refuse_a_jar_with_another_checksum() {
        Path wrong = machine.elsewhere.resolve("wrong.jar");
        Machine.write(wrong, "not JBang");
        machine.withJava().withMavenThatBrings(wrong);
        Program.Result result = machine.jbang("greet").run();
        assertEquals(5, result.exitCode());
        assertTrue(result.stderr().matches("(?s).*\njbang: refused JBang's jar as Maven brought it: its SHA-256 is [0-9a-f]{64}, not f977[0-9a-f]{60}\n"), result.stderr());
        assertEquals(List.of(), machine.kept());
    }

    @Test
    void should_try_curl_when_maven_fails() throws Exception {
        machine.withJava().with("curl").withProgram("mvn", "echo '[ERROR] Could not transfer artifact'; exit 1\n");
        try (WebServer site = new WebServer(machine.elsewhere)) {
            tarOfJBang();
            Program.Result result = machine.jbang("version").env("JBANG_DOWNLOAD_URL", site.address("jbang.tar")).run().orFail();
            assertEquals("unpacked jbang: version\n", result.text());
            assertTrue(result.stderr().contains("Maven did not bring JBang: Could not transfer artifact\n"), result.stderr());
        }
    }

    @Test
    void should_fetch_an_archive_with_curl_once_and_let_it_bring_its_own_java() throws Exception {
        machine.with("curl");
        try (WebServer site = new WebServer(machine.elsewhere)) {
            Path archive = tarOfJBang();
            Machine.write(machine.elsewhere.resolve("jbang.tar.sha256"), sha256(archive));
            for (int i = 0; i < 2; i++) {
                Program.Result result = machine.jbang("version").env("JBANG_DOWNLOAD_URL", site.address("jbang.tar")).run().orFail();
                assertEquals("unpacked jbang: version\n", result.text());
            }
            assertEquals(List.of("/jbang.tar", "/jbang.tar.sha256"), site.asked());
        }
    }

    @Test
    void should_unpack_a_zip_without_unzip() throws Exception {
        machine.withJava().with("curl");
        try (WebServer site = new WebServer(machine.elsewhere)) {
            Machine.executable(machine.elsewhere.resolve("jbang-1/bin/jbang"), SAYS_WHAT_IT_RUNS);
            machine.program(List.of("jar", "-cMf", "jbang.zip", "jbang-1")).in(machine.elsewhere).run().orFail();
            Program.Result result = machine.jbang("version").env("JBANG_DOWNLOAD_URL", site.address("jbang.zip")).run().orFail();
            assertEquals("unpacked jbang: version\n", result.text());
            assertTrue(result.stderr().contains("this JBang is not checked"), result.stderr());
        }
    }

    @Test
    void should_refuse_the_pinned_archive_with_another_checksum_from_a_mirror() throws Exception {
        machine.withJava().with("curl");
        try (WebServer mirror = new WebServer(machine.elsewhere)) {
            Machine.write(machine.elsewhere.resolve("download/v0.132.1/jbang-0.132.1.zip"), "not JBang");
            Program.Result result = machine.jbang("greet").env("JBANG_DOWNLOAD_BASEURL", mirror.address("")).run();
            assertEquals(5, result.exitCode());
            assertTrue(result.stderr().contains("jbang: refused " + mirror.address("")), result.stderr());
            assertEquals(List.of(), machine.kept());
        }
    }

    @Test
    void should_say_what_cannot_be_fetched() throws Exception {
        machine.with("curl");
        try (WebServer mirror = new WebServer(machine.elsewhere)) {
            Program.Result result = machine.jbang("greet").env("JBANG_DOWNLOAD_BASEURL", mirror.address("mirror")).run();
            assertEquals(6, result.exitCode());
            String sentence = "jbang: could not fetch JBang from " + mirror.address("mirror/download/v0.132.1/jbang-0.132.1.zip") + ", and Java is missing; install JBang: ";
            assertTrue(result.stderr().contains(sentence), result.stderr());
            assertEquals(List.of(), machine.kept());
        }
    }

    @Test
    void should_say_in_one_line_that_nothing_can_bring_jbang() {
        Program.Result result = machine.withJava().jbang("greet").run();
        assertEquals(1, result.exitCode());
        assertEquals("jbang: neither jbang nor Maven (mvn) nor curl is on the PATH; install one of them, best JBang: https://www.jbang.dev/download/ says how\n",
                result.stderr());
    }

    @Test
    void should_say_in_one_line_that_java_is_missing() {
        Program.Result result = machine.withMavenThatBrings(machine.elsewhere).jbang("greet").run();
        assertEquals(1, result.exitCode());
        assertTrue(result.stderr().startsWith("jbang: Java is missing, and neither jbang nor curl is there to bring it; install a JDK, 17 or newer"), result.stderr());
        assertEquals(1, result.stderr().lines().count());
    }

    @Test
    void should_use_the_java_of_java_home() {
        machine.withMavenThatBrings(Machine.pinnedJar());
        assertTrue(machine.jbang("--version").env("JAVA_HOME", System.getProperty("java.home")).run().orFail().stderr().endsWith("\n0.132.1\n"));
    }

    @Test
    void should_find_another_place_where_nothing_can_be_written() throws IOException {
        machine.withJavaAndJar();
        Machine.write(machine.jbangDir, "a file where the folder should be");
        Path spare = machine.elsewhere.resolve("dray-" + Files.getAttribute(machine.elsewhere, "unix:uid"));
        assertEquals("hello there\n", machine.jbang("greet", "there").env("TMPDIR", machine.elsewhere.toString()).run().orFail().text());
        assertTrue(Files.isRegularFile(spare.resolve("cache/dray/jbang-cli-0.132.1-all.jar")), "no jar in " + spare);
    }

    private Path tarOfJBang() {
        Machine.executable(machine.elsewhere.resolve("jbang/bin/jbang"), SAYS_WHAT_IT_RUNS);
        machine.program(List.of("tar", "-cf", "jbang.tar", "jbang")).in(machine.elsewhere).run().orFail();
        return machine.elsewhere.resolve("jbang.tar");
    }

    private static String sha256(Path file) throws IOException, GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
