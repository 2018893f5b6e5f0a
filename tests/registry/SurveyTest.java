package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.image.Digest;
import lib.image.MediaType;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.auth.Credential;
import lib.registry.auth.CredentialChain;
import lib.registry.mirrors.MirrorSurvey;
import lib.registry.mirrors.State;
import lib.registry.mirrors.Survey;
import lib.registry.mirrors.SurveyedEndpoint;
import lib.registry.mirrors.SurveyedEndpoint.Access;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Certificate;
import tests.support.DebianRegistry;
import tests.support.FlakyRegistry;
import tests.support.Listener;
import tests.support.Reply;

//SOURCES OddRegistry.java
//SOURCES RawServer.java
//SOURCES ../support/Certificate.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Listener.java
//SOURCES ../support/Reply.java

/** What a survey of mirrors finds out about each of them, and which it calls usable. */
class SurveyTest {
    private static final int LAYER = 200_000;
    /** More than twice as long as the pauses of the slowest that is still usable. */
    private static final int MILLIS = 5_000;

    private final List<FlakyRegistry> started = new ArrayList<>();
    private final FlakyRegistry registry = registry(1);

    @AfterEach
    void stop() {
        started.forEach(FlakyRegistry::close);
    }

    /** Starts one that has an image under the tag, which is made from a seed. */
    private FlakyRegistry registry(long seed) {
        FlakyRegistry flaky = new FlakyRegistry();
        flaky.image("1", new long[] {seed, seed + 100}, 1_000, LAYER);
        started.add(flaky);
        return flaky;
    }

    private static String url(FlakyRegistry flaky) {
        return "http://" + flaky.host();
    }

    private Survey survey(String... mirrors) throws IOException {
        return survey(registry.host() + "/app:1", new CredentialChain(null, true, Map.of(), line -> { }), mirrors);
    }

    private static Survey survey(String image, CredentialChain logins, String... mirrors) throws IOException {
        Network network = OddRegistry.network(logins, 30_000, 5, line -> { });
        List<URI> list = List.of(mirrors).stream().map(URI::create).toList();
        return MirrorSurvey.of(Reference.parse(image), Platform.parse("linux/amd64"), list, "a list", network, new MirrorSurvey.Bounds(100_000, MILLIS)).run();
    }

    private static SurveyedEndpoint at(String url, Survey survey) {
        return survey.places().stream().filter(place -> place.endpoint().base().toString().equals(url)).findFirst().orElseThrow();
    }

    @Test
    void should_tell_usable_mirrors_from_all_others() throws IOException {
        FlakyRegistry good = registry(1);
        FlakyRegistry withoutRanges = registry(1);
        withoutRanges.behave(request -> Reply.ignoringRange());
        FlakyRegistry withToken = registry(1);
        withToken.gate(authorization -> authorization == null ? 401 : 200);
        FlakyRegistry other = registry(2);
        FlakyRegistry stalling = registry(1);
        stalling.behave(request -> request.to() - request.from() > 1_000 ? Reply.stallingAfter(10) : Reply.RIGHT);
        FlakyRegistry lying = registry(1);
        lying.behave(request -> request.to() > 10_000 ? Reply.flippingAt(5_000) : Reply.RIGHT);
        FlakyRegistry failing = registry(1);
        failing.behave(request -> Reply.status(503, null));
        FlakyRegistry empty = new FlakyRegistry();
        started.add(empty);
        String dead = "http://localhost:" + Listener.freePort();
        try (OddRegistry limited = new OddRegistry().that(asked -> new OddRegistry.Reply(429, "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"enough for today\"}]}",
                     "Retry-After: 90", "RateLimit-Limit: 100;w=21600", "RateLimit-Remaining: 0;w=21600"));
                OddRegistry forMembers = new OddRegistry().that(asked -> new OddRegistry.Reply(401, "{}", "Basic realm=\"members\""));
                OddRegistry page = new OddRegistry().that(asked -> new OddRegistry.Reply(200, "<html>Log in first</html>"))) {
            String refused = "http://" + limited.host();
            Survey survey = survey(url(good), url(withoutRanges), url(withToken), url(other), url(stalling), url(lying), url(failing), url(empty), dead, refused,
                    "http://" + forMembers.host(), "http://" + page.host());
            assertEquals(List.of(State.OK, State.OK, State.OK, State.OK), survey.places().subList(0, 4).stream().map(SurveyedEndpoint::state).toList());
            assertTrue(survey.registry().isOk() && !survey.isByMost());
            assertTrue(at(url(good), survey).sample().isPart() && at(url(good), survey).sample().bytes() == 100_000 && at(url(good), survey).latencyMillis() >= 0);
            assertFalse(at(url(withoutRanges), survey).sample().isPart());
            assertEquals(List.of(Access.OPEN, Access.TOKEN), List.of(at(url(good), survey).access(), at(url(withToken), survey).access()));
            assertEquals(3, survey.usableMirrors().size());
            assertEquals(State.ANOTHER_IMAGE, at(url(other), survey).state());
            assertEquals(State.FAILS, at(url(stalling), survey).state());
            assertTrue(at(url(stalling), survey).failure().getMessage().contains("stalled"));
            assertEquals(State.WRONG_CONTENT, at(url(lying), survey).state());
            assertTrue(at(url(lying), survey).failure().getMessage().contains("at the registry itself"));
            assertEquals(State.FAILS, at(url(failing), survey).state());
            assertEquals(State.NO_SUCH_IMAGE, at(url(empty), survey).state());
            assertEquals(State.NO_ANSWER, at(dead, survey).state());
            assertEquals(State.RATE_LIMIT, at(refused, survey).state());
            assertTrue(at(refused, survey).failure().getMessage().contains("enough for today"));
            assertEquals("0 of 100 pulls left (per 6 hours)", at(refused, survey).limit().inWords());
            assertEquals(State.NOT_ALLOWED, at("http://" + forMembers.host(), survey).state());
            assertEquals(Access.REFUSED, at("http://" + forMembers.host(), survey).access());
            assertEquals(State.NO_REGISTRY, at("http://" + page.host(), survey).state());
        }
    }

    @Test
    void should_tell_how_tls_fails(@TempDir Path storage) throws IOException {
        try (DebianRegistry secure = DebianRegistry.startWithTls(storage, Certificate.createFor("DNS:other.example")); RawServer plain = new RawServer((asked, out) -> { })) {
            Survey survey = survey("https://" + secure.host(), "https://" + plain.host());
            assertEquals(List.of(State.OK, State.TLS_FAILS, State.TLS_FAILS), survey.places().stream().map(SurveyedEndpoint::state).toList());
            assertTrue(at("https://" + secure.host(), survey).failure().getMessage().contains("its certificate is signed by itself"));
            assertTrue(at("https://" + plain.host(), survey).failure().getMessage().contains("it speaks plain HTTP"));
        }
    }

    @Test
    void should_compare_with_most_where_the_registry_does_not_answer() throws IOException {
        FlakyRegistry one = registry(1);
        FlakyRegistry other = registry(2);
        FlakyRegistry lying = registry(1);
        lying.behave(request -> request.to() > 10_000 ? Reply.flippingAt(5_000) : Reply.RIGHT);
        CredentialChain nobody = new CredentialChain(null, true, Map.of(), line -> { });
        Survey survey = survey("localhost:" + Listener.freePort() + "/app:1", nobody, url(one), url(registry), url(other), url(lying));
        assertTrue(survey.isByMost());
        assertEquals(State.NO_ANSWER, survey.registry().state());
        assertEquals(List.of(State.OK, State.OK, State.ANOTHER_IMAGE, State.WRONG_CONTENT),
                List.of(at(url(one), survey).state(), at(url(registry), survey).state(), at(url(other), survey).state(), at(url(lying), survey).state()));
        assertTrue(at(url(lying), survey).failure().getMessage().contains("at most other places"));
        assertNull(survey("localhost:" + Listener.freePort() + "/app:1", nobody, "http://localhost:" + Listener.freePort()).digest());
    }

    /** Settings may name another path of the registry's host as a mirror, which then gets the same credentials. */
    @Test
    void should_tell_the_registry_from_a_mirror_on_its_host() throws IOException {
        Survey survey = survey(url(registry) + "/path", url(registry) + "/");
        assertEquals(2, survey.places().size());
        assertEquals(url(registry), survey.registry().endpoint().base().toString());
        assertEquals(List.of(url(registry) + "/path"), survey.usableMirrors().stream().map(mirror -> mirror.base().toString()).toList());
    }

    @Test
    void should_compare_with_the_digest_where_the_name_has_one() throws IOException {
        FlakyRegistry same = registry(1);
        FlakyRegistry other = registry(2);
        String digest = survey().digest().toString();
        Survey survey = survey(registry.host() + "/app:1@" + digest, new CredentialChain(null, true, Map.of(), line -> { }), url(same), url(other));
        assertEquals(List.of(State.OK, State.NO_SUCH_IMAGE), List.of(at(url(same), survey).state(), at(url(other), survey).state()));
    }

    /** So does a registry that serves an archive, which holds one platform of the image. */
    @Test
    void should_take_the_manifest_for_the_platform_for_the_same_as_the_index() throws IOException {
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        byte[] manifest = manifestOf(registry);
        index.putArray("manifests").add(Json.newObject().put("mediaType", MediaType.OCI_MANIFEST).put("digest", Digest.of(manifest).toString()).put("size", manifest.length)
                .set("platform", Json.newObject().put("os", "linux").put("architecture", "amd64")));
        FlakyRegistry alone = registry(1);
        registry.manifest("1", MediaType.OCI_INDEX, Json.bytes(index));
        Survey survey = survey(url(alone));
        assertEquals(Digest.of(Json.bytes(index)), survey.digest());
        assertTrue(at(url(alone), survey).isOk() && !at(url(alone), survey).digest().equals(survey.digest()));
    }

    private static byte[] manifestOf(FlakyRegistry flaky) throws IOException {
        return URI.create(url(flaky) + "/v2/app/manifests/1").toURL().openStream().readAllBytes();
    }

    @Test
    void should_make_no_pull_where_pulls_are_counted() throws IOException {
        byte[] manifest = manifestOf(registry);
        String[] headers = {"Docker-Content-Digest: " + Digest.of(manifest), "RateLimit-Limit: 100;w=21600", "RateLimit-Remaining: 7;w=21600", "Content-Type: " + MediaType.OCI_MANIFEST};
        try (OddRegistry counting = new OddRegistry().that(asked -> asked.path().contains("/blobs/") ? new OddRegistry.Reply(307, url(registry) + asked.path().replace("/team/", "/"))
                : new OddRegistry.Reply(200, new String(manifest, StandardCharsets.UTF_8), headers))) {
            CredentialChain nobody = new CredentialChain(null, true, Map.of(), line -> { });
            Survey alone = survey(counting.host() + "/app:1", nobody);
            assertTrue(alone.registry().isOk() && alone.registry().sample() == null);
            Survey survey = survey(counting.host() + "/app:1", nobody, url(registry));
            assertEquals(100_000, survey.registry().sample().bytes());
            assertTrue(counting.asked().stream().filter(asked -> asked.path().contains("/manifests/")).allMatch(asked -> asked.method().equals("HEAD")), counting.asked().toString());
        }
    }

    @Test
    void should_give_a_mirror_no_credentials_of_the_registry() throws IOException {
        List<String> shown = new CopyOnWriteArrayList<>();
        FlakyRegistry asking = registry(1);
        asking.gate(authorization -> {
            shown.add(String.valueOf(authorization));
            return 401;
        });
        Survey survey = survey(registry.host() + "/app:1", new CredentialChain(Credential.ofPassword("alice", "s3cret", "-u", false), false, Map.of(), line -> { }), url(asking));
        assertEquals(State.NOT_ALLOWED, at(url(asking), survey).state());
        assertTrue(shown.stream().noneMatch(header -> header.startsWith("Basic")), shown.toString());
    }

    @Test
    void should_leave_behind_who_takes_too_long() throws IOException {
        FlakyRegistry good = registry(1);
        FlakyRegistry crawling = registry(1);
        crawling.behave(request -> request.to() - request.from() > 1_000 ? Reply.RIGHT.at(8 * 1024) : Reply.RIGHT);
        try (RawServer trickling = new RawServer((asked, out) -> trickle(out)); RawServer endless = new RawServer(SurveyTest::endless)) {
            Survey survey = survey(url(good), url(crawling), "http://" + trickling.host(), "http://" + endless.host());
            assertTrue(at(url(good), survey).isOk());
            assertTrue(at(url(crawling), survey).isOk() && at(url(crawling), survey).sample().bytes() < 100_000);
            assertEquals(State.NO_ANSWER, at("http://" + trickling.host(), survey).state());
            assertTrue(List.of(State.WRONG_CONTENT, State.NO_REGISTRY).contains(at("http://" + endless.host(), survey).state()), at("http://" + endless.host(), survey).toString());
        }
    }

    /** A byte of the status line now and then. */
    private static void trickle(OutputStream out) throws IOException {
        for (int i = 0; i < 150; i++) {
            out.write(i < 9 ? "HTTP/1.1 ".charAt(i) : '2');
            out.flush();
            tests.support.Program.pause(200);
        }
    }

    /** A manifest that has no end. */
    private static void endless(String asked, OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < 1000; i++) {
            out.write(chunk);
        }
    }
}
