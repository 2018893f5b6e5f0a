package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Program;
import tests.support.Tools;

//SOURCES OddRegistry.java
//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/** A password typed on a terminal, which {@code script} makes, while stdout goes into a file. */
class PasswordTest {
    private static final String BASIC = "Basic " + Base64.getEncoder().encodeToString("alice:s3cret".getBytes());

    private final OddRegistry registry = new OddRegistry();

    @TempDir
    Path folder;

    @BeforeEach
    void want_a_password() {
        Tools.assumeInstalled("script");
        registry.that(asked -> asked.authorization().equals(BASIC) ? OddRegistry.manifest() : new OddRegistry.Reply(401, "", "Basic realm=\"x\""));
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void should_ask_for_the_password_on_the_terminal_and_show_nothing_of_it() throws IOException {
        Program.Result result = onTerminal(manifest() + " > out.json; stty -a").orFail();
        String seen = Files.readString(folder.resolve("seen"));
        assertTrue(Files.readString(folder.resolve("out.json")).startsWith("{\"schemaVersion\":2"), seen);
        assertTrue(seen.contains("password of alice: "), seen);
        assertFalse((seen + result.text() + result.stderr()).contains("s3cret"), seen);
        assertTrue(seen.contains(" echo "), "the terminal shows again what is typed: " + seen);
    }

    @Test
    void should_ask_for_the_user_and_the_password_of_a_login() throws IOException {
        String login = manifest().replace("scripts.manifest", "scripts.login").replaceFirst("'-u' 'alice' '([^/]*)[^']*'", "'$1'");
        new Program("bash", "-c", """
                { for word in user password; do for i in {1..300}; do grep -qs "$word .*: " seen && break; sleep 0.1; done
                  [ $word = user ] && printf 'alice\\n' || printf 's3cret\\n'; done; sleep 1; } | DOCKER_CONFIG=docker script -qefc "$1" seen > /dev/null
                """, "bash", login).in(folder).run();
        String seen = Files.readString(folder.resolve("seen"));
        assertTrue(seen.contains("user name for " + registry.image().replaceFirst("/.*", "") + ": ") && seen.contains("Login succeeded: alice at "), seen);
        assertFalse(seen.contains("s3cret"), seen);
        assertTrue(Files.readString(folder.resolve("docker/config.json")).contains(BASIC.substring("Basic ".length())));
    }

    @Test
    void should_show_again_what_is_typed_when_somebody_gives_up() throws IOException {
        Program.Result result = onTerminal("trap : INT; " + manifest() + "; stty -a", "\\003");
        String seen = Files.readString(folder.resolve("seen"));
        assertTrue(seen.contains("password of alice: "), seen + result);
        assertTrue(seen.contains(" echo "), seen);
        assertEquals(List.of(), registry.asked());
    }

    @Test
    void should_say_what_to_do_where_there_is_nobody_to_ask() {
        Program.Result result = new Program("setsid", "-w", "sh", "-c", manifest()).in(folder).run();
        assertEquals(2, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("no terminal to ask for it: pipe it in with --password-stdin"), result.stderr());
        assertEquals(1, result.stderr().lines().count(), result.stderr());
    }

    private String manifest() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return "'" + String.join("' '", List.of(java, "-cp", System.getProperty("java.class.path"), "scripts.manifest", "-u", "alice", registry.image())) + "'";
    }

    private Program.Result onTerminal(String command) {
        return onTerminal(command, "s3cret\\n");
    }

    /** Types only after the question: what is typed before, a terminal would show. */
    private Program.Result onTerminal(String command, String typed) {
        return new Program("bash", "-c", """
                { for i in {1..300}; do grep -qs 'password of' seen && break; sleep 0.1; done; printf "$2"; sleep 1; } |
                    script -qefc "$1" seen > /dev/null
                """, "bash", command, typed).in(folder).run();
    }
}
