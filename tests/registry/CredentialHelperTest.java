package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** Programs named docker-credential-* on the PATH, some of them hostile, and a registry that wants a password. */
@Tag("slow")
class CredentialHelperTest {
    private static final String GOOD = "echo '{\"ServerURL\":\"x\",\"Username\":\"alice\",\"Secret\":\"s3cret\"}'";

    private static DebianRegistry registry;

    @TempDir
    Path home;

    @BeforeAll
    static void start() {
        registry = DebianRegistry.startWithPassword(RealImages.registry().storage(), "alice", "s3cret");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void should_ask_the_helper_for_the_host_by_its_stdin() {
        config("{'credHelpers':{'" + registry.host() + "':'good','ghcr.io':'other'},'credsStore':'other','auths':{'" + registry.host() + "':{}}}");
        helper("good", "echo \"$@\" > \"$HOME/arguments\"; cat > \"$HOME/stdin\"; env > \"$HOME/environment\"; " + GOOD);
        helper("other", "exit 7");
        assertEquals("", pull().orFail().stderr());
        assertEquals("get\n", read("arguments"));
        assertEquals(registry.host() + "\n", read("stdin"));
        assertFalse(read("environment").contains("s3cret"));
    }

    @Test
    void should_ask_the_store_for_all_other_hosts() {
        config("{'credHelpers':{'ghcr.io':'other'},'credsStore':'store'}");
        helper("store", "cat > \"$HOME/stdin\"; " + GOOD);
        assertEquals("", pull().orFail().stderr());
        assertEquals(registry.host() + "\n", read("stdin"));
    }

    @Test
    void should_ask_a_helper_once_for_several_images() {
        config("{'credsStore':'store'}");
        helper("store", "echo asked >> \"$HOME/asked\"; " + GOOD);
        String[] images = {registry.image(RealImages.SMALL), registry.image("test/nested/index:1")};
        Program.Result result = script("pull", "-q", "-o", home.resolve("two.tar").toString(), images[0], images[1]).run().orFail();
        assertEquals("", result.stderr());
        assertEquals("asked\n", read("asked"));
    }

    @Test
    void should_look_into_the_file_where_the_helper_has_nothing() {
        config("{'credsStore':'empty','auths':{'" + registry.host() + "':{'auth':'" + base64("alice:s3cret") + "'}}}");
        helper("empty", "echo 'credentials not found in native keychain'; exit 1");
        assertEquals("", pull().orFail().stderr());
    }

    @Test
    void should_look_on_where_the_helper_does_not_work_and_say_so_in_one_line() {
        config("{'credsStore':'locked','auths':{'" + registry.host() + "':{'auth':'" + base64("alice:s3cret") + "'}}}");
        helper("locked", "echo 'the key store s3cret is locked'; echo 's3cret' >&2; exit 3");
        String said = pull().orFail().stderr();
        assertEquals("warning: docker-credential-locked, named in " + home.resolve(".docker/config.json") + ": it ended with exit code 3\n", said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "echo s3cret", "echo '{\"Username\":\"alice\",\"Secret\":\"s3cret\"'", "echo '[\"s3cret\"]'", "yes s3cret", "printf '\\377\\376s3cret\\000'", "kill -9 $$"})
    void should_warn_of_a_helper_that_prints_nonsense(String script) {
        config("{'credsStore':'mad'}");
        helper("mad", script);
        assertWarns(pull(), "warning: docker-credential-mad, named in " + home.resolve(".docker/config.json") + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo '{}'", "echo '{\"Username\":\"\",\"Secret\":\"\"}'", "echo '{\"Username\":7,\"Secret\":null}'"})
    void should_take_an_answer_without_a_secret_for_none(String script) {
        config("{'credsStore':'poor'}");
        helper("poor", script);
        Program.Result result = pull();
        assertEquals(4, result.exitCode(), result.toString());
        assertFalse(result.stderr().contains("warning"), result.stderr());
    }

    @Test
    void should_warn_of_a_helper_that_is_missing_or_cannot_be_run() throws IOException {
        config("{'credsStore':'missing'}");
        assertWarns(pull(), "docker-credential-missing, named in " + home.resolve(".docker/config.json") + ": it is not on the PATH, or cannot be run");
        Files.writeString(Files.createDirectories(home.resolve("bin")).resolve("docker-credential-missing"), "no program");
        assertWarns(pull(), "it is not on the PATH, or cannot be run");
    }

    @Test
    void should_not_wait_for_ever_for_a_helper_and_leave_none_behind() {
        config("{'credsStore':'slow'}");
        helper("slow", "echo $$ > \"$HOME/pid\"; exec sleep 120");
        assertWarns(script("manifest", registry.image(RealImages.SMALL)).limit(60).run(), "it did not end within 10 seconds");
        long pid = Long.parseLong(read("pid").strip());
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false), "the helper still runs");
    }

    @Test
    void should_use_an_identity_token_that_a_helper_keeps_for_tokens_only() {
        config("{'credsStore':'cloud'}");
        helper("cloud", "echo '{\"Username\":\"<token>\",\"Secret\":\"s3cret\"}'");
        assertWarns(pull(), "warning: an identity token, from docker-credential-cloud, named in " + home.resolve(".docker/config.json")
                + ", cannot be used: " + registry.host() + " takes only a name and a password");
    }

    private void assertWarns(Program.Result result, String expected) {
        assertEquals(4, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains(expected), result.stderr());
        assertEquals(1, result.stderr().lines().filter(line -> line.startsWith("warning: ")).count(), result.stderr());
        assertFalse(result.stderr().contains("s3cret"), result.stderr());
        assertEquals("", result.text());
    }

    private Program.Result pull() {
        return script("manifest", "--debug", registry.image(RealImages.SMALL)).run();
    }

    private Program script(String name, String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        all[0] = "--cacert";
        all[1] = registry.ca().toString();
        return Dray.script(home, name, all).env("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
    }

    private void config(String text) {
        write(home.resolve(".docker/config.json"), text.replace('\'', '"'));
    }

    private void helper(String name, String script) {
        Path file = home.resolve("bin/docker-credential-" + name);
        write(file, "#!/bin/sh\n" + script + "\n");
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String read(String name) {
        try {
            return Files.readString(home.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes());
    }
}
