package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.registry.OddRegistry.Reply;
import tests.support.Dray;
import tests.support.Program;

//SOURCES OddRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java

/** Registries that have nothing of their own: registry.k8s.io answers every request, for a manifest too, with the address of another registry. */
class RedirectedTest {
    private static final String TAGS = "{\"name\":\"elsewhere/app\",\"tags\":[\"1\",\"2\"]}";

    @ParameterizedTest
    @ValueSource(ints = {302, 307})
    void should_ask_for_manifests_and_tags_where_the_registry_sends_us_and_show_nobody_there_a_token(int status) {
        try (OddRegistry registry = new OddRegistry(); OddRegistry other = new OddRegistry()) {
            registry.that(asked -> asked.forToken() ? new Reply(200, "{\"token\":\"t0k\"}") : asked.authorization().isEmpty()
                    ? new Reply(401, "", "Bearer realm=\"" + registry.realm() + "\"")
                    : new Reply(status, "http://" + other.host() + asked.path().replace("/team/", "/elsewhere/") + "?rid=7"));
            other.that(asked -> asked.path().startsWith("/v2/elsewhere/app/manifests/") ? OddRegistry.manifest() : new Reply(200, TAGS));
            String manifest = Dray.run("manifest", "--raw", registry.image()).orFail().text();
            assertEquals(OddRegistry.MANIFEST, manifest);
            Program.Result stage = Dray.run("manifest", registry.image()).orFail();
            assertTrue(stage.text().contains("\"endpoint\":\"http://" + registry.host() + "\""), stage.text());
            assertTrue(Dray.run("tags", registry.image()).orFail().text().contains("\"tags\":[\"1\",\"2\"]"));
            assertTrue(Dray.run("manifest", "--head", registry.image()).orFail().text().contains("\"size\":" + manifest.length()));
            assertTrue(other.asked().stream().allMatch(asked -> asked.authorization().isEmpty()), other.asked().toString());
        }
    }

    @Test
    void should_not_follow_for_ever() {
        try (OddRegistry registry = new OddRegistry()) {
            registry.that(asked -> new Reply(307, "http://" + registry.host() + asked.path()));
            for (String script : List.of("manifest", "tags", "referrers")) {
                Program.Result result = Dray.run(script, registry.image());
                assertEquals(6, result.exitCode(), result.toString());
                assertTrue(result.stderr().contains("it redirects more than 5 times"), result.stderr());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "ftp://localhost/", "http://under_score/", "http://localhost:99999/", "http://a b/"})
    void should_go_to_no_address_that_is_none(String location) {
        try (OddRegistry registry = new OddRegistry().that(asked -> new Reply(307, location))) {
            Program.Result result = Dray.run("manifest", registry.image());
            assertEquals(6, result.exitCode(), result.toString());
            assertTrue(result.stderr().contains("it redirects to no safe address"), result.stderr());
        }
    }

    @Test
    void should_ask_for_the_manifest_where_head_names_no_digest() {
        try (OddRegistry registry = new OddRegistry().that(asked -> OddRegistry.manifest())) {
            Program.Result result = Dray.run("manifest", "--head", registry.image()).orFail();
            assertTrue(result.text().contains("\"size\":" + OddRegistry.MANIFEST.length()), result.text());
            assertEquals(List.of("HEAD", "GET"), registry.asked().stream().map(OddRegistry.Asked::method).toList());
        }
    }
}
