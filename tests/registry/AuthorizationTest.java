package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.registry.OddRegistry.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import lib.failure.RegistryException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Reference;
import lib.registry.ListBounds;
import lib.registry.Network;
import lib.registry.Registry;
import lib.registry.Tags;
import lib.registry.Uploads;
import lib.registry.auth.Credential;
import lib.registry.auth.CredentialChain;
import lib.registry.settings.UsernamePassword;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.registry.OddRegistry.Reply;

//SOURCES OddRegistry.java

/** Challenges, and what is done about them, against registries of all habits. */
class AuthorizationTest {
    private static final Reply NO = new Reply(401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"who are you\"}]}");
    private static final String BASIC = "Basic " + Base64.getEncoder().encodeToString("alice:s3cret".getBytes());

    private final OddRegistry registry = new OddRegistry();
    private final List<String> notices = new ArrayList<>();

    @AfterEach
    void stop() {
        registry.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            bearer REALM="%s",Service="a registry, of tests",SCOPE="repository:team/app:pull"      | service=a registry, of tests&scope=repository:team/app:pull
            Bearer realm="%s",service="s",scope="repository:team/app:pull,push"                     | service=s&scope=repository:team/app:pull,push
            Bearer realm="%s",service="s"                                                           | service=s&scope=repository:team/app:pull
            Bearer realm="%s",scope="repository:other/name:pull"                                    | scope=repository:other/name:pull
            Bearer realm="%s?a=b,c",service="",scope=""                                             | a=b,c&scope=repository:team/app:pull
            Bearer realm="%s",scope="repository:team/app:pull repository:b:pull"                    | scope=repository:team/app:pull&scope=repository:b:pull
            Basic realm="x, Bearer y", Bearer realm="%s",service="s"                                | service=s&scope=repository:team/app:pull
            """)
    void should_ask_the_token_server_that_a_challenge_names(String challenge, String query) throws IOException {
        registry.that(asked -> asked.forToken() ? token("t0k") : asked.authorization().equals("Bearer t0k") ? manifest() : no(challenge));
        assertEquals("", pull(null));
        assertEquals(query, registry.asked().get(1).query());
        assertEquals("", registry.asked().get(1).authorization());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TOKEN", "Access_Token"})
    void should_find_the_token_in_any_case_of_its_key_as_go_does(String key) throws IOException {
        registry.that(asked -> asked.forToken() ? new Reply(200, "{\"" + key + "\":\"t0k\"}") : asked.authorization().equals("Bearer t0k") ? manifest() : no(bearer()));
        assertEquals("", pull(null));
    }

    @Test
    void should_read_challenges_in_several_lines() throws IOException {
        registry.that(asked -> asked.forToken() ? token("t0k") : asked.authorization().equals("Bearer t0k") ? manifest()
                : no("Negotiate", "Basic realm=\"x\"", bearer()));
        assertEquals("", pull(alice(true)));
        assertEquals(BASIC, registry.asked().get(1).authorization());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403})
    void should_take_a_challenge_for_one_though_its_status_is_another(int status) throws IOException {
        registry.that(asked -> asked.forToken() ? token("t0k") : asked.authorization().equals("Bearer t0k") ? manifest() : new Reply(status, "", bearer()));
        assertEquals("", pull(null));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void should_look_for_the_challenge_at_the_front_door_where_an_answer_has_none(int status) throws IOException {
        registry.that(asked -> asked.forToken() ? asked.authorization().equals(BASIC) ? token("t0k") : NO
                : asked.path().equals("/v2/") ? no(bearer() + ",scope=\"repository:user/image:pull\"")
                : asked.authorization().equals("Bearer t0k") ? asked.path().endsWith("/list") ? new Reply(200, "{\"tags\":[\"1\"]}") : manifest() : new Reply(status, ""));
        assertEquals("", pull(alice(true)));
        assertEquals("scope=repository:team/app:pull", registry.asked().get(2).query());
        Registry client = client(alice(false));
        assertEquals(List.of("1"), Tags.of(client, Reference.parse(registry.image()), 0, new ListBounds(1)).items());
        assertEquals(status, assertThrows(RegistryException.class, () -> pull(null)).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v2", "/elsewhere/login", "http://%s/v2?x=1"})
    void should_look_for_the_challenge_where_the_front_door_has_moved_on_the_same_host(String location) throws IOException {
        registry.that(asked -> asked.forToken() ? token("t0k") : asked.path().equals("/v2/") ? new Reply(301, location.formatted(registry.host()))
                : asked.path().equals("/v2") || asked.path().startsWith("/elsewhere") ? no(bearer()) : asked.authorization().equals("Bearer t0k") ? manifest() : new Reply(404, ""));
        assertEquals("", pull(null));
        assertEquals("t0k", client(null).tokens().token().path("token").asText());
    }

    @Test
    void should_take_no_challenge_from_another_host_that_the_front_door_leads_to() {
        try (OddRegistry other = new OddRegistry()) {
            other.that(asked -> no(bearer()));
            registry.that(asked -> asked.path().equals("/v2/") ? new Reply(301, "http://" + other.host() + "/v2/") : new Reply(404, ""));
            assertEquals(404, assertThrows(RegistryException.class, () -> pull(null)).status());
            assertEquals(List.of(), other.asked());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer realm=\"http://localhost:1/token\"", "Bearer realm=\"%s\"", "Bearer realm=\"ftp://localhost/\""})
    void should_show_a_password_where_the_registry_takes_one_and_its_token_server_gives_nothing(String bearer) throws IOException {
        registry.that(asked -> asked.forToken() ? new Reply(502, "") : asked.authorization().equals(BASIC) ? manifest()
                : no(bearer.formatted(registry.realm()), "Basic realm=\"x\""));
        assertEquals("", pull(alice(false)));
        assertThrows(RegistryException.class, () -> pull(null));
    }

    @Test
    void should_ask_a_second_token_server_where_the_first_is_not_there() throws IOException {
        registry.that(asked -> asked.forToken() ? token("t0k") : asked.authorization().equals("Bearer t0k") ? manifest()
                : no("Bearer realm=\"http://localhost:1/token\"", bearer()));
        assertEquals("", pull(null));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void should_ask_for_a_token_where_the_token_server_sends_us_on_the_same_host(int status) throws IOException {
        registry.that(asked -> asked.forToken() ? new Reply(status, "/login/token?" + asked.query())
                : asked.path().equals("/login/token") ? asked.authorization().equals(BASIC) && asked.query().contains("scope=") ? token("t0k") : NO
                : asked.authorization().equals("Bearer t0k") ? manifest() : no(bearer()));
        assertEquals("", pull(alice(false)));
    }

    @Test
    void should_show_no_credentials_to_another_host_that_the_token_server_leads_to() throws IOException {
        try (OddRegistry other = new OddRegistry()) {
            other.that(asked -> asked.authorization().isEmpty() ? token("t0k") : NO);
            registry.that(asked -> asked.forToken() ? new Reply(307, other.realm()) : asked.authorization().equals("Bearer t0k") ? manifest() : no(bearer()));
            assertEquals("", pull(alice(false)));
        }
        registry.that(asked -> asked.forToken() ? new Reply(307, "/token") : no(bearer()));
        assertEquals(307, assertThrows(RegistryException.class, () -> pull(null)).status());
        assertEquals(6, registry.tokensAskedFor() - 1);
    }

    @Test
    void should_show_a_password_where_only_the_front_door_asks_for_one() throws IOException {
        registry.that(asked -> asked.authorization().equals(BASIC) ? manifest() : asked.path().equals("/v2/") ? no("Basic realm=\"x\"") : new Reply(404, ""));
        assertEquals("", pull(alice(false)));
        assertEquals(404, assertThrows(RegistryException.class, () -> pull(null)).status());
    }

    @Test
    void should_take_a_token_for_nobody_where_only_the_front_door_names_a_token_server() throws IOException {
        registry.that(asked -> asked.forToken() ? token("t0k") : asked.authorization().equals("Bearer t0k") ? manifest()
                : asked.path().equals("/v2/") ? no(bearer()) : new Reply(403, ""));
        assertEquals("", pull(null));
    }

    @Test
    void should_look_at_an_open_front_door_once_however_much_is_missing() throws IOException {
        registry.that(asked -> asked.path().equals("/v2/") ? new Reply(200, "{}") : new Reply(404, ""));
        Registry client = client(alice(false));
        assertEquals(404, assertThrows(RegistryException.class, client::manifest).status());
        assertEquals(404, assertThrows(RegistryException.class, client::manifest).status());
        assertEquals(1, registry.asked().stream().filter(asked -> asked.path().equals("/v2/")).count());
    }

    @Test
    void should_ask_for_a_token_to_push_where_only_the_front_door_names_a_token_server() throws IOException {
        registry.that(asked -> asked.forToken() ? token("t0k") : asked.authorization().equals("Bearer t0k") ? new Reply(200, "") : asked.path().equals("/v2/") ? no(bearer()) : new Reply(401, ""));
        Descriptor blob = new Descriptor("", Digest.of(new byte[0]), 0, null, null);
        assertTrue(new Uploads(Reference.parse(registry.image()), network(alice(false)), Long.MAX_VALUE).has(blob));
        assertEquals("scope=repository:team/app:pull,push", registry.asked().get(2).query());
    }

    @Test
    void should_show_the_credentials_themselves_to_a_registry_that_knows_no_tokens() throws IOException {
        registry.that(asked -> asked.authorization().equals(BASIC) ? manifest() : no("BASIC realm=\"a, b\""));
        assertEquals("", pull(alice(false)));
        assertEquals(0, registry.tokensAskedFor());
        assertEquals(401, assertThrows(RegistryException.class, () -> pull(null)).status());
    }

    @Test
    void should_show_no_credentials_before_it_is_asked_for_some() throws IOException {
        registry.that(asked -> manifest());
        assertEquals("", pull(alice(false)));
        assertEquals("", registry.asked().get(0).authorization());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'access_token':'t0k'}", "{'token':'','access_token':'t0k'}", "{'token':'t0k','access_token':'other','expires_in':0}",
            "{'token':'t0k','expires_in':-5}", "{'token':'t0k','expires_in':'soon'}", "{'token':'t0k','expires_in':99999999999}"})
    void should_take_the_token_under_either_name_and_use_it_while_it_lasts(String answer) throws IOException {
        registry.that(asked -> asked.forToken() ? new Reply(200, answer.replace('\'', '"'))
                : asked.authorization().equals("Bearer t0k") ? manifest() : no(bearer()));
        Registry client = client(null);
        client.manifest();
        client.manifest();
        assertEquals(1, registry.tokensAskedFor());
    }

    @Test
    void should_fetch_a_new_token_before_it_uses_one_whose_time_is_over() throws Exception {
        registry.that(asked -> asked.forToken() ? new Reply(200, "{\"token\":\"t0k\",\"expires_in\":1}")
                : asked.authorization().equals("Bearer t0k") ? manifest() : no(bearer()));
        Registry client = client(null);
        client.manifest();
        Thread.sleep(1100);
        client.manifest();
        assertEquals(2, registry.tokensAskedFor());
        assertEquals(5, registry.asked().size());
    }

    @ParameterizedTest
    @CsvSource({"401, true", "401, false", "400, true", "400, false"})
    void should_fetch_a_new_token_once_when_one_is_refused_in_the_middle(int status, boolean challenged) throws IOException {
        String[] challenges = challenged ? new String[] {bearer()} : new String[0];
        registry.that(asked -> {
            long tokens = registry.tokensAskedFor();
            boolean outlived = tokens == 1 && registry.asked().size() > 3;
            return asked.forToken() ? token("t0k" + tokens) : asked.authorization().isEmpty() ? no(bearer())
                    : outlived ? new Reply(status, "", challenges) : manifest();
        });
        Registry client = client(null);
        client.manifest();
        client.manifest();
        assertEquals(2, registry.tokensAskedFor());
        assertEquals("Bearer t0k2", registry.asked().get(registry.asked().size() - 1).authorization());
    }

    @Test
    void should_keep_credentials_that_were_good_though_one_thing_is_forbidden() throws IOException {
        registry.that(asked -> asked.forToken() ? token("t0k") : asked.authorization().isEmpty() ? no(bearer())
                : asked.path().endsWith("/forbidden") ? new Reply(403, "") : manifest());
        Registry client = client(alice(true));
        client.manifest();
        assertEquals(403, assertThrows(RegistryException.class, () -> client.manifest("forbidden")).status());
        client.manifest();
        assertEquals(List.of(), notices);
        assertEquals(5, registry.asked().size());
    }

    @Test
    void should_not_go_on_for_ever_with_a_registry_that_takes_no_token() {
        registry.that(asked -> asked.forToken() ? token("t" + registry.tokensAskedFor()) : no(bearer()));
        assertEquals(401, assertThrows(RegistryException.class, () -> pull(null)).status());
        assertEquals(1, registry.tokensAskedFor());
    }

    @Test
    void should_use_the_token_of_an_earlier_stage_and_replace_it_when_it_is_refused() throws IOException {
        registry.that(asked -> asked.forToken() ? token("new") : asked.authorization().equals("Bearer new") ? manifest() : new Reply(401, "",
                asked.authorization().isEmpty() ? new String[] {bearer()} : new String[0]));
        Registry client = client(null);
        client.useToken(Json.newObject().put("token", "old"), null);
        client.manifest();
        assertEquals("Bearer old", registry.asked().get(0).authorization());
    }

    @Test
    void should_ask_for_its_own_scope_where_the_front_door_names_an_example() throws IOException {
        registry.that(asked -> asked.forToken() ? token("t0k") : no("Bearer realm=\"" + registry.realm() + "\",scope=\"repository:user/image:pull\""));
        assertEquals("t0k", client(null).tokens().token().path("token").asText());
        assertEquals("scope=repository:team/app:pull", registry.asked().get(1).query());
    }

    @Test
    void should_give_an_identity_token_to_the_token_server_only() throws IOException {
        registry.that(asked -> asked.forToken() ? new Reply(200, "{\"access_token\":\"t0k\",\"refresh_token\":\"next\"}")
                : asked.authorization().equals("Bearer t0k") ? manifest() : no(bearer() + ",service=\"a b\""));
        assertEquals("", pull(identity("r3fresh+/=")));
        assertEquals("POST", registry.asked().get(1).method());
        assertEquals("grant_type=refresh_token&client_id=dray&scope=repository:team/app:pull&service=a%20b&refresh_token=r3fresh%2B/%3D", registry.asked().get(1).body());
        assertEquals("", registry.asked().get(1).authorization() + registry.asked().get(1).query());
        assertEquals(3, registry.asked().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 405, 400, 401})
    void should_ask_in_the_older_way_where_the_token_server_knows_no_other(int status) throws IOException {
        registry.that(asked -> asked.forToken() ? asked.method().equals("POST") ? new Reply(status, "") : token("t0k")
                : asked.authorization().equals("Bearer t0k") ? manifest() : no(bearer()));
        assertEquals("", pull(identity("r3fresh")));
        String basic = "Basic " + Base64.getEncoder().encodeToString("alice:r3fresh".getBytes());
        assertEquals(basic, registry.asked().get(2).authorization());
    }

    @Test
    void should_not_send_an_identity_token_to_a_registry_that_knows_no_tokens() {
        registry.that(asked -> no("Basic realm=\"x\""));
        assertEquals(401, assertThrows(RegistryException.class, () -> pull(identity("r3fresh"))).status());
        assertTrue(registry.asked().stream().allMatch(asked -> asked.authorization().isEmpty() && asked.body().isEmpty()));
        assertTrue(notices.get(0).contains("takes only a name and a password"), notices.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403})
    void should_go_on_without_stored_credentials_that_the_token_server_refuses(int status) throws IOException {
        registry.that(asked -> asked.forToken() ? asked.authorization().isEmpty() ? token("t0k") : new Reply(status, "")
                : asked.authorization().equals("Bearer t0k") ? manifest() : no(bearer()));
        assertEquals("warning: " + registry.realm() + " refuses the password of alice, from a file; going on without credentials", pull(alice(true)));
        assertEquals(status, assertThrows(RegistryException.class, () -> pull(alice(false))).status());
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void should_go_on_without_stored_credentials_whose_token_the_registry_refuses(int status) throws IOException {
        registry.that(asked -> asked.forToken() ? token(asked.authorization().isEmpty() ? "f0r-all" : "narrow")
                : asked.authorization().equals("Bearer f0r-all") ? manifest() : asked.authorization().isEmpty() ? no(bearer()) : new Reply(status, ""));
        assertEquals("warning: " + registry.host() + " refuses the password of alice, from a file; trying without credentials", pull(alice(true)));
        assertEquals(status, assertThrows(RegistryException.class, () -> pull(alice(false))).status());
    }

    @Test
    void should_go_on_without_a_stored_registry_token_that_has_gone_stale() throws IOException {
        registry.that(asked -> asked.forToken() ? token("f0r-all") : asked.authorization().equals("Bearer f0r-all") ? manifest() : no(bearer()));
        Credential stale = Credential.ofToken("st4le", "a file", true);
        assertEquals("warning: " + registry.host() + " refuses a registry token, from a file; trying without credentials", pull(stale));
        assertEquals("Bearer st4le", registry.asked().get(1).authorization());
    }

    @Test
    void should_say_why_stored_credentials_were_refused_where_there_is_no_way_without() {
        registry.that(asked -> asked.forToken() ? asked.authorization().isEmpty() ? NO : new Reply(401, "{\"details\":\"password expired\"}") : no(bearer()));
        String message = assertThrows(RegistryException.class, () -> pull(alice(true))).getMessage();
        assertTrue(message.contains("with the password of alice, from a file: ") && message.contains("401 password expired"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{'token':'s3cr", "{'token':'s3cr\\u000aet'}", "{'token':'s3cr et'}", "['s3cret']", "<html>s3cret</html>", "{}", "{'token':null}"})
    void should_repeat_nothing_of_an_answer_that_holds_no_token(String answer) {
        registry.that(asked -> asked.forToken() ? new Reply(200, answer.replace('\'', '"')) : no(bearer()));
        RegistryException e = assertThrows(RegistryException.class, () -> pull(null));
        assertEquals(RegistryException.Kind.NOT_A_REGISTRY, e.kind());
        assertTrue(e.getMessage().contains("token server's answer"), e.getMessage());
        assertFalse(e.getMessage().contains("s3c"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://tokens.example/token", "http://192.0.2.1/token"})
    void should_send_no_credentials_to_a_token_server_over_an_open_line(String realm) {
        registry.that(asked -> no("Bearer realm=\"" + realm + "\""));
        RegistryException e = assertThrows(RegistryException.class, () -> pull(alice(true)));
        assertEquals(RegistryException.Kind.NOT_A_REGISTRY, e.kind());
        assertTrue(e.getMessage().contains("plain HTTP, " + realm + ": the password of alice, from a file and a token would go where anybody could listen"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "token", "/token", "ftp://tokens.example/", "https:///token", "http://a b/", "file:///etc/passwd", "https:tokens",
            "https://tokens.example:99999/", "ftp://alice:s3cret@tokens.example/?key=s3cret", "https://under_score/?key=s3cret"})
    void should_refuse_a_token_server_that_is_no_http_address(String realm) {
        registry.that(asked -> no("Bearer realm=\"" + realm + "\""));
        RegistryException e = assertThrows(RegistryException.class, () -> pull(null));
        assertEquals(RegistryException.Kind.NOT_A_REGISTRY, e.kind());
        assertTrue(e.getMessage().contains("is not an http address") && !e.getMessage().contains("s3cret"), e.getMessage());
    }

    private String bearer() {
        return "Bearer realm=\"" + registry.realm() + "\"";
    }

    private Reply no(String... challenges) {
        String[] lines = challenges.clone();
        for (int i = 0; i < lines.length; i++) {
            lines[i] = lines[i].replace("%s", registry.realm());
        }
        return new Reply(401, NO.body(), lines);
    }

    private static Reply token(String token) {
        return new Reply(200, "{\"token\":\"" + token + "\"}");
    }

    private static Credential alice(boolean stored) {
        return Credential.ofPassword("alice", "s3cret", stored ? "a file" : "-u", stored);
    }

    private static Credential identity(String token) {
        return new Credential(new UsernamePassword("alice", ""), token, null, "a file", true);
    }

    private Network network(Credential login) {
        CredentialChain logins = new CredentialChain(login, login == null, Map.of(), notices::add);
        return OddRegistry.network(logins, 10_000, 0, notices::add);
    }

    private Registry client(Credential login) throws IOException {
        return new Registry(Reference.parse(registry.image()), network(login));
    }

    /** Fetches the manifest and returns what was said on the way. */
    private String pull(Credential login) throws IOException {
        notices.clear();
        assertEquals(OddRegistry.MANIFEST, new String(client(login).manifest().bytes()));
        return String.join("\n", notices);
    }
}
