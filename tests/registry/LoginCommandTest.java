package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import lib.registry.auth.CredentialStore;
import lib.registry.settings.UsernamePassword;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.TokenServer;
import tests.support.Tools;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/TokenServer.java
//SOURCES ../support/Tools.java

/** The commands login and logout: docker's registry with a password, another with a token server, docker's file, and a helper. */
@Tag("slow")
class LoginCommandTest {
    private static final String USER = "alice";
    private static final String PASSWORD = "s3cret:with, \"signs\"";
    /** Keeps what it is given, in a file. */
    private static final String HELPER = """
            #!/bin/sh
            echo "$@" >> "$HOME/arguments"
            case $1 in
                store) cat > "$HOME/kept";;
                get) cat "$HOME/kept" 2> /dev/null || { echo 'credentials not found in native keychain'; exit 1; };;
                erase) cat > "$HOME/erased"; rm "$HOME/kept";;
            esac
            """;

    private static DebianRegistry basic;
    private static TokenServer tokens;
    private static DebianRegistry bearer;

    @TempDir
    Path home;

    @BeforeAll
    static void start() {
        Path storage = RealImages.registry().storage();
        basic = DebianRegistry.startWithPassword(storage, USER, PASSWORD);
        tokens = new TokenServer(USER + ":" + PASSWORD, 300);
        bearer = DebianRegistry.startWithTokens(storage, tokens);
    }

    @AfterAll
    static void stop() {
        basic.close();
        bearer.close();
        tokens.close();
    }

    @Test
    void should_store_what_the_registry_takes_where_other_commands_find_it() throws IOException {
        Program.Result first = login(basic, PASSWORD).orFail();
        String file = home.resolve(".docker/config.json").toString();
        assertEquals("warning: the password is stored unencrypted in " + file + "; to avoid that, name a credential helper there (credsStore)\n"
                + "Login succeeded: alice at " + basic.host() + "\n", first.stderr());
        assertEquals("", first.text());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(".docker/config.json"))));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(".docker"))));
        login(bearer, PASSWORD).orFail();
        for (DebianRegistry registry : new DebianRegistry[] {basic, bearer}) {
            assertTrue(script(registry, "tags", registry.image(RealImages.SMALL)).run().orFail().text().contains("\"tags\":[\"1\"]"));
        }
        String image = bearer.image(RealImages.SMALL);
        if (Tools.isInstalled("skopeo")) {
            new Program("skopeo", "inspect", "--tls-verify=false", "--raw", "docker://" + image).env("REGISTRY_AUTH_FILE", file).run().orFail();
        }
        assertTrue(script(bearer, "logout", bearer.host()).run().orFail().stderr().contains("Logged out of " + bearer.host() + ": removed from " + file));
        assertEquals(4, script(bearer, "tags", image).run().exitCode());
        assertEquals("Not logged in to " + bearer.host() + "\n", script(bearer, "logout", bearer.host()).run().orFail().stderr());
    }

    @Test
    void should_warn_of_a_login_that_stays_after_logout() throws IOException {
        config("{'auths':{'" + bearer.host() + "':{'auth':'eDp5'}}}");
        Path other = Files.writeString(home.resolve("podman.json"), "{\"auths\":{\"" + bearer.host() + "\":{\"auth\":\"eDp5\"}}}");
        Program.Result result = script(bearer, "logout", bearer.host()).env("REGISTRY_AUTH_FILE", other.toString()).run().orFail();
        List<String> said = result.stderr().lines().toList();
        assertTrue(said.get(0).startsWith("Logged out of " + bearer.host() + ": removed from "), result.stderr());
        assertTrue(said.get(1).startsWith("warning: " + other + " still ") && !said.get(1).contains("eDp5"), result.stderr());
        assertEquals(2, said.size(), result.stderr());
    }

    @Test
    void should_store_nothing_that_is_refused_or_that_nobody_could_check() {
        for (DebianRegistry registry : new DebianRegistry[] {basic, bearer}) {
            Program.Result result = login(registry, "wrong-one");
            assertEquals(4, result.exitCode(), result.toString());
            assertTrue(result.stderr().matches("login: .* answered 401 .*; nothing was stored\n") && !result.stderr().contains("wrong-one"), result.stderr());
        }
        Program.Result nobody = script(bearer, "login", "-u", USER, "--password-stdin", "127.0.0.1:1").stdin(PASSWORD).run();
        assertEquals(6, nobody.exitCode(), nobody.toString());
        assertFalse(Files.exists(home.resolve(".docker")));
    }

    @Test
    void should_hand_the_login_to_the_helper_and_have_it_erased() throws IOException {
        Path helper = Files.writeString(Files.createDirectories(home.resolve("bin")).resolve("docker-credential-fake"), HELPER);
        Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
        config("{'credsStore':'fake','auths':{'" + bearer.host() + "':{'auth':'eDp5','email':'a@example.com'}}}");
        assertEquals("Login succeeded: alice at " + bearer.host() + ", stored by docker-credential-fake\n", login(bearer, PASSWORD).orFail().stderr());
        assertEquals("{\"ServerURL\":\"" + bearer.host() + "\",\"Username\":\"alice\",\"Secret\":\"s3cret:with, \\\"signs\\\"\"}", Files.readString(home.resolve("kept")));
        assertEquals("{'credsStore':'fake','auths':{'" + bearer.host() + "':{'email':'a@example.com'}}}", config());
        script(bearer, "tags", bearer.image(RealImages.SMALL)).run().orFail();
        assertTrue(script(bearer, "logout", bearer.host()).run().orFail().stderr().endsWith(": removed from docker-credential-fake\n"));
        assertEquals("store\nget\nget\nerase\nget\n", Files.readString(home.resolve("arguments")));
        assertEquals(bearer.host() + "\n", Files.readString(home.resolve("erased")));
        Files.writeString(helper, "#!/bin/sh\ncat; exit 3\n");
        Program.Result broken = login(bearer, PASSWORD);
        assertEquals(1, broken.exitCode(), broken.toString());
        assertTrue(broken.stderr().contains("store ended with exit code 3; docker-credential-fake list may say why") && !broken.stderr().contains("s3cret"), broken.stderr());
    }

    @Test
    void should_keep_everything_else_in_the_file_also_behind_a_link() throws IOException {
        config("{'HttpHeaders':{'a':'b'},'auths':{'https://ghcr.io/v1/':{'auth':'eDp5'},'ghcr.io/org':{'auth':'eDp5'},'quay.io':{'auth':'eDp5'}},'more':1.50}");
        Path link = Files.createSymbolicLink(home.resolve("link"), home.resolve(".docker/config.json"));
        CredentialStore store = new CredentialStore(link);
        store.store("ghcr.io", new UsernamePassword("a", "b"));
        assertEquals("{'HttpHeaders':{'a':'b'},'auths':{'ghcr.io/org':{'auth':'eDp5'},'quay.io':{'auth':'eDp5'},'ghcr.io':{'auth':'YTpi'}},'more':1.50}", config());
        assertEquals(List.of(link.toString()), store.remove("ghcr.io"));
        assertEquals(List.of(), store.remove("ghcr.io"));
        assertEquals("{'HttpHeaders':{'a':'b'},'auths':{'ghcr.io/org':{'auth':'eDp5'},'quay.io':{'auth':'eDp5'}},'more':1.50}", config());
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void should_know_docker_hub_by_dockers_name_for_it() throws IOException {
        CredentialStore store = new CredentialStore(home.resolve(".docker/config.json"));
        store.store("docker.io", new UsernamePassword("a", "b"));
        assertEquals("{'auths':{'https://index.docker.io/v1/':{'auth':'YTpi'}}}", config());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'auths':", "[]", "{'auths':{'a':{},'a':{}}}"})
    void should_leave_a_damaged_file_as_it_is(String text) throws IOException {
        config(text);
        CredentialStore store = new CredentialStore(home.resolve(".docker/config.json"));
        assertThrows(FileSystemException.class, () -> store.store("ghcr.io", new UsernamePassword("a", "b")));
        assertThrows(FileSystemException.class, () -> store.remove("ghcr.io"));
        assertEquals(text.replace('\'', '"'), Files.readString(store.file()));
    }

    @ParameterizedTest
    @CsvSource({"docker.io,docker.io", "https://index.docker.io/v1/,docker.io", "GHCR.io,ghcr.io", "https://ghcr.io/,ghcr.io", "localhost:5000,localhost:5000", "[::1]:5000,[::1]:5000"})
    void should_take_the_host_as_people_write_it(String written, String host) {
        assertEquals(host, CredentialStore.host(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "ghcr.io/org", "", "a b.c", "registry:99999"})
    void should_refuse_what_is_not_a_host(String text) {
        assertThrows(IllegalArgumentException.class, () -> CredentialStore.host(text));
    }

    private Program.Result login(DebianRegistry registry, String password) {
        return script(registry, "login", "-u", USER, "--password-stdin", registry.host()).stdin(password + "\n").run();
    }

    private Program script(DebianRegistry registry, String name, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        if (registry.ca() != null && !name.equals("logout")) {
            all.addAll(List.of("--cacert", registry.ca().toString()));
        }
        return Dray.script(home, name, all.toArray(String[]::new)).env("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
    }

    private void config(String text) throws IOException {
        Files.writeString(Files.createDirectories(home.resolve(".docker")).resolve("config.json"), text.replace('\'', '"'));
    }

    /** Returns the file without the space between its parts. */
    private String config() throws IOException {
        return Files.readString(home.resolve(".docker/config.json")).replaceAll("\\s", "").replace('"', '\'');
    }
}
