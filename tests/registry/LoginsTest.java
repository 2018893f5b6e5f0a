package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.registry.auth.Credential;
import lib.registry.auth.CredentialChain;
import lib.registry.auth.CredentialSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which credentials apply to an image, and what is said about the places where they may be. */
class LoginsTest {
    private static final String SECRET = "s3cret";

    @TempDir
    Path home;

    private final Map<String, String> variables = new HashMap<>();
    private final List<String> notices = new ArrayList<>();
    private Path docker;

    @BeforeEach
    void have_a_home_of_its_own() {
        variables.put("HOME", home.toString());
        variables.put("XDG_RUNTIME_DIR", home.resolve("run").toString());
        docker = home.resolve(".docker/config.json");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # key                           | image                            | whether it applies
            ghcr.io                         | ghcr.io/org/app                  | yes
            ghcr.io                         | ghcr.io.example/org/app          | no
            ghcr.io                         | other.example/ghcr.io/app        | no
            GHCR.io                         | ghcr.io/org/app                  | yes
            https://ghcr.io                 | ghcr.io/org/app                  | yes
            http://ghcr.io/                 | ghcr.io/org/app                  | yes
            https://ghcr.io/v2/             | ghcr.io/org/app                  | yes
            ghcr.io/v1/                     | ghcr.io/org/app                  | yes
            ghcr.io/org                     | ghcr.io/org/app                  | yes
            ghcr.io/org/                    | ghcr.io/org/app                  | yes
            ghcr.io/org/app                 | ghcr.io/org/app                  | yes
            ghcr.io/org/ap                  | ghcr.io/org/app                  | no
            ghcr.io/org/app/part            | ghcr.io/org/app                  | no
            ghcr.io:443                     | ghcr.io/org/app                  | yes
            localhost:5000                  | localhost:5000/app               | yes
            localhost                       | localhost:5000/app               | no
            https://index.docker.io/v1/     | docker.io/library/nginx          | yes
            index.docker.io                 | docker.io/library/nginx          | yes
            registry-1.docker.io            | docker.io/library/nginx          | yes
            docker.io                       | docker.io/library/nginx          | yes
            docker.io/library               | docker.io/library/nginx          | yes
            docker.io/other                 | docker.io/library/nginx          | no
            https://index.docker.io/v1/     | ghcr.io/org/app                  | no
            """)
    void should_know_which_keys_are_meant_for_an_image(String key, String image, String applies) throws IOException {
        config("{'auths':{'" + key + "':{'auth':'" + base64("alice:" + SECRET) + "'}}}");
        Credential login = last(image).login();
        assertEquals(applies, login == null ? "no" : "yes");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            # entry                                                                    | what it is
            'auth':'YWxpY2U6czNjcmV0'                                                  | the password of alice
            'auth':'YWxpY2U6\\nczNj\\r\\ncmV0\\n'                                      | the password of alice
            'auth':'YWxpY2U6czNjcmV0OndpdGg6Y29sb25z'                                  | the password of alice
            'auth':'YWxpY2U6czNjcmV0AAAA'                                              | the password of alice
            'username':'bob','password':'s3cret'                                       | the password of bob
            'auth':'YWxpY2U6czNjcmV0','username':'bob','password':'other'              | the password of alice
            'auth':'YWxpY2U6','identitytoken':'s3cret'                                 | an identity token of alice
            'identitytoken':'s3cret'                                                   | an identity token
            'username':'<token>','password':'s3cret'                                   | an identity token
            'auth':'PHRva2VuPjpzM2NyZXQ='                                              | an identity token
            'registrytoken':'s3cret'                                                   | a registry token
            'registrytoken':'s3cret','auth':'YWxpY2U6czNjcmV0'                         | a registry token
            'auth':'YWxpY2U6czNjcmV0','email':'a@example.com','new':{'a':[1]}          | the password of alice
            """)
    void should_read_every_kind_of_entry(String entry, String expected) throws IOException {
        config("{'auths':{'ghcr.io':{" + entry + "}}}");
        CredentialSource place = last("ghcr.io/org/app");
        assertEquals("has " + expected + " for ghcr.io", place.says());
        assertEquals(docker.toString(), place.name());
        assertEquals(expected + ", from " + docker, place.login().toString());
        assertTrue(place.login().stored());
    }

    @Test
    void should_know_a_password_with_colons_and_letters_of_all_kinds() throws IOException {
        config("{'auths':{'ghcr.io':{'auth':'" + Base64.getEncoder().encodeToString("zoë:pä:ß".getBytes(StandardCharsets.UTF_8)) + "'}}}");
        assertEquals("zoë pä:ß", last("ghcr.io/a").login().credentials().user() + " " + last("ghcr.io/a").login().credentials().password());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "{}", "{'auths':{}}", "{'auths':{'ghcr.io':{}}}", "{'auths':{'ghcr.io':null}}", "{'auths':{'ghcr.io':{'auth':''}}}",
            "{'auths':{'ghcr.io':{'username':'alice'}}}", "{'auths':[]}", "{'auths':null}", "{'auths':'ghcr.io'}", "{'credHelpers':[],'credsStore':''}",
            "{'credHelpers':{'ghcr.io':''},'credsStore':'x'}", "{'auths':{'other.example':{'auth':'!'}}}"})
    void should_find_nothing_and_warn_of_nothing_in_a_file_that_has_nothing_for_the_image(String text) throws IOException {
        config(text);
        for (CredentialSource place : logins(null, false).sources("ghcr.io/org/app")) {
            assertNull(place.login());
            assertFalse(place.found() == CredentialSource.Found.TROUBLE, place.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'auths':{'ghcr.io':{'auth':'s3cret!'}}}                       | the entry for ghcr.io is damaged
            {'auths':{'ghcr.io':{'auth':'czNjcmV0'}}}                      | the entry for ghcr.io is damaged
            {'auths':{'ghcr.io':{'registrytoken':'s3 cret'}}}              | the entry for ghcr.io is damaged
            {'auths':{'ghcr.io':{'auth':'s3cret                            | is not a JSON object
            's3cret'                                                       | is not a JSON object
            {'credsStore':'there-is-none'}                                 | it is not on the PATH, or cannot be run
            {'credHelpers':{'ghcr.io':'../s3cret'}}                        | its name is not that of a program
            """)
    void should_say_what_is_wrong_with_a_file_and_repeat_nothing_of_it(String text, String expected) throws IOException {
        config(text);
        List<CredentialSource> trouble = logins(null, false).sources("ghcr.io/org/app").stream().filter(place -> place.found() == CredentialSource.Found.TROUBLE).toList();
        assertEquals(List.of(expected), trouble.stream().map(CredentialSource::says).toList());
        assertTrue(trouble.get(0).name().endsWith(docker.toString()), trouble.toString());
        assertFalse(trouble.get(0).says().contains("cret"), trouble.toString());
    }

    @Test
    void should_go_on_where_the_first_file_is_damaged() throws IOException {
        config("{");
        write(home.resolve(".config/containers/auth.json"), "{'auths':{'ghcr.io/org':{'auth':'" + base64("bob:" + SECRET) + "'}}}");
        assertEquals("has the password of bob for ghcr.io/org", last("ghcr.io/org/app").says());
    }

    @Test
    void should_name_all_places_up_to_the_one_that_decides() throws IOException {
        write(home.resolve(".config/containers/auth.json"), "{'auths':{'ghcr.io':{'auth':'" + base64("bob:" + SECRET) + "'}}}");
        List<String> places = logins(null, false).sources("ghcr.io/org/app").stream().map(place -> place.name() + " " + place.says()).toList();
        assertEquals(List.of(
                "the environment has neither DRAY_TOKEN nor DRAY_USERNAME",
                docker + " does not exist",
                home.resolve("run/containers/auth.json") + " does not exist",
                home.resolve(".config/containers/auth.json") + " has the password of bob for ghcr.io"), places);
    }

    @Test
    void should_ask_nobody_else_when_something_was_given() throws IOException {
        config("{'credsStore':'there-is-none'}");
        Credential given = Credential.ofPassword("carol", SECRET, "-u", false);
        assertEquals("[CredentialSource[name=-u, says=gives the password of carol, found=LOGIN, login=the password of carol, from -u]]",
                logins(given, false).sources("ghcr.io/org/app").toString());
        assertEquals("says that no credentials are to be used", logins(null, true).sources("ghcr.io/org/app").get(0).says());
        assertEquals(1, logins(null, true).sources("ghcr.io/org/app").size());
    }

    @Test
    void should_read_the_environment_before_any_file() throws IOException {
        config("{'auths':{'ghcr.io':{'auth':'" + base64("alice:" + SECRET) + "'}}}");
        variables.put("DRAY_USERNAME", "dave");
        CredentialSource half = logins(null, false).sources("ghcr.io/a").get(0);
        assertTrue(half.found() == CredentialSource.Found.TROUBLE && half.login() == null, half.toString());
        assertEquals("the password of alice, from " + docker, last("ghcr.io/a").login().toString());
        variables.put("DRAY_PASSWORD", SECRET);
        assertEquals("the password of dave, from DRAY_USERNAME and DRAY_PASSWORD", last("ghcr.io/a").login().toString());
        variables.put("DRAY_TOKEN", SECRET + "\n");
        assertEquals("a registry token, from DRAY_TOKEN", last("ghcr.io/a").login().toString());
        variables.put("DRAY_TOKEN", SECRET + "\nmore");
        String message = assertThrows(IllegalArgumentException.class, () -> last("ghcr.io/a")).getMessage();
        assertFalse(message.contains(SECRET), message);
    }

    @Test
    void should_say_when_the_file_that_a_variable_names_is_not_there() throws IOException {
        variables.put("REGISTRY_AUTH_FILE", home.resolve("mistyped.json").toString());
        CredentialSource place = last("ghcr.io/a");
        assertTrue(place.found() == CredentialSource.Found.TROUBLE, place.toString());
        assertEquals(home.resolve("mistyped.json") + " does not exist, though REGISTRY_AUTH_FILE names it", place.name() + " " + place.says());
    }

    private CredentialChain logins(Credential given, boolean anonymous) {
        return new CredentialChain(given, anonymous, variables, notices::add);
    }

    private CredentialSource last(String image) throws IOException {
        List<CredentialSource> places = logins(null, false).sources(image);
        for (CredentialSource place : places) {
            assertFalse(place.toString().contains(SECRET), place.toString());
        }
        return places.stream().filter(place -> place.login() != null).findFirst().orElse(places.get(places.size() - 1));
    }

    private void config(String text) throws IOException {
        write(docker, text);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text.replace('\'', '"'));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes());
    }
}
