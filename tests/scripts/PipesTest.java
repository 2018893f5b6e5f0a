package tests.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.image.Digest;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.CountingProxy;
import tests.support.DebianRegistry;
import tests.support.DockerEngine;
import tests.support.Dray;
import tests.support.PodmanStore;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.TokenServer;
import tests.support.Tools;

//SOURCES ../support/CountingProxy.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/DockerEngine.java
//SOURCES ../support/Dray.java
//SOURCES ../support/PodmanStore.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/TokenServer.java
//SOURCES ../support/Tools.java

/** What goes through the pipes between the stages, and what the registry is asked for on the way. */
@Tag("slow")
class PipesTest {
    private static final String[] AMD64 = {"--platform", "linux/amd64"};
    private final DebianRegistry registry = RealImages.registry();
    private final String image = registry.image(RealImages.REAL);

    @TempDir
    Path folder;

    private byte[] run(byte[] stdin, String name, String... arguments) {
        return Dray.script(name, arguments).in(folder).stdin(stdin).run().orFail().stdout();
    }

    /** What a real jq makes of it, in its usual form of many lines. */
    private static byte[] jq(byte[] json, String... arguments) {
        List<String> command = new ArrayList<>(List.of("jq"));
        command.addAll(List.of(arguments));
        return new Program(command).stdin(json).run().orFail().stdout();
    }

    private byte[] manifest() {
        return run(new byte[0], "manifest", AMD64[0], AMD64[1], image);
    }

    private static ObjectNode json(byte[] bytes) throws IOException {
        return Json.object(bytes, "the stage's output");
    }

    @Test
    void should_hand_one_token_through_manifest_and_read_and_write_at_a_dash() throws IOException {
        try (TokenServer tokens = new TokenServer(null, 60); DebianRegistry asking = DebianRegistry.startWithTokens(registry.storage(), tokens)) {
            byte[] token = run(new byte[0], "token", asking.image(RealImages.REAL));
            byte[] chosen = run(token, "manifest", AMD64[0], AMD64[1], "-");
            assertEquals(1, tokens.issued(), "manifest asked for a token of its own");
            assertFalse(json(chosen).has("token"), "the token went further than it has to");
            byte[] there = run(chosen, "blob", "-q", "-", "--to", "image.oci");
            byte[] archive = run(there, "assemble", "-q", "-", "-o", "-");
            Files.write(folder.resolve("piped.tar"), archive);
            assertEquals(Digest.of(run(new byte[0], "pull", "-q", AMD64[0], AMD64[1], "-o", "-", asking.image(RealImages.REAL))), Digest.of(archive));
            run(there, "extract", "-q", "-", "bin/busybox", "-C", "out");
            assertTrue(Files.size(folder.resolve("out/bin/busybox")) > 100_000);
        }
    }

    @Test
    void should_print_a_bare_token_that_curl_gets_in_with() throws IOException {
        Tools.assumeInstalled("curl");
        try (TokenServer tokens = new TokenServer(null, 60); DebianRegistry asking = DebianRegistry.startWithTokens(registry.storage(), tokens)) {
            String url = "http://" + asking.host() + "/v2/test/small/tags/list";
            assertTrue(Program.run("curl", "-s", url).orFail().text().contains("UNAUTHORIZED"));
            String token = new String(run(new byte[0], "token", "-r", asking.image(RealImages.SMALL))).stripTrailing();
            assertTrue(token.matches("[A-Za-z0-9_.-]+"), token);
            assertEquals("[\"1\"]", json(Program.run("curl", "-s", "-H", "Authorization: Bearer " + token, url).orFail().stdout()).path("tags").toString());
        }
        assertEquals("", new String(run(new byte[0], "token", "-r", registry.image(RealImages.SMALL))), "a token of a registry that has none");
    }

    @Test
    void should_make_the_same_archive_of_what_jq_only_rearranges() throws IOException {
        byte[] there = jq(run(jq(manifest(), "-S", "--indent", "7", "."), "blob", "-q", "--to", "image.oci"), ".");
        assertEquals(Digest.of(run(new byte[0], "pull", "-q", AMD64[0], AMD64[1], "-o", "-", image)), Digest.of(run(there, "assemble", "-q", "-o", "-")));
    }

    @Test
    void should_take_null_for_what_is_not_known() throws IOException {
        byte[] unknown = jq(manifest(), ".image |= (.digest = null | .platform = null | .endpoint = null | .tag = null)");
        assertEquals(7, json(run(unknown, "blob", "-q", "--to", "image.oci")).path("layers").size());
    }

    @Test
    void should_fetch_what_is_left_and_nothing_else() throws IOException {
        byte[] edited = jq(manifest(), ".layers |= [.[0], .[3]]");
        try (CountingProxy proxy = new CountingProxy(null)) {
            run(edited, "blob", "-q", "--proxy", "http://" + proxy.address(), "--to", "two.oci");
            List<String> expected = new ArrayList<>(List.of(json(edited).path("config").path("digest").asText()));
            json(edited).path("layers").forEach(layer -> expected.add(layer.path("digest").asText()));
            assertEquals(expected.stream().sorted().toList(), blobs(proxy));
        }
    }

    /** Whether a request asks what refers to a manifest: by the API, by the tag that stands in for it, or at the front door, whether a 404 means that a login is missing. */
    private static boolean isForReferrers(String request) {
        return request.contains("/referrers/") || request.contains("/manifests/sha256-") || request.endsWith("/v2/");
    }

    private static List<String> blobs(CountingProxy proxy) {
        return proxy.asked().stream().filter(asked -> asked.contains("/blobs/")).map(asked -> asked.replaceFirst(".*/", "")).distinct().sorted().toList();
    }

    @Test
    void should_load_what_was_edited_before_and_behind_blob_into_engines() throws IOException {
        byte[] before = run(jq(manifest(), ".layers |= .[:2]"), "blob", "-q", "--to", "edited.oci");
        byte[] behind = jq(before, ".layers |= .[:1] | .image.name |= sub(\"real:1\"; \"edited:2\")");
        run(behind, "assemble", "-q", "-o", "edited.tar");
        ObjectNode seen = json(Program.run("skopeo", "inspect", "--config", "oci-archive:" + folder.resolve("edited.tar")).orFail().stdout());
        assertEquals(1, seen.path("rootfs").path("diff_ids").size(), "the config still tells of the other layers");
        assertEquals("/bin/busybox", seen.path("config").path("Cmd").path(0).asText(), "the config no longer tells what to run");
        new PodmanStore().load(folder.resolve("edited.tar")).orFail();
        DockerEngine.shared().load(folder.resolve("edited.tar")).orFail();
    }

    @Test
    void should_ask_for_nothing_but_the_index_and_what_refers_to_it_when_the_archive_is_there() {
        try (CountingProxy proxy = new CountingProxy(null)) {
            String[] pull = {AMD64[0], AMD64[1], "--proxy", "http://" + proxy.address(), "-o", "again.tar", image};
            run(new byte[0], "pull", pull);
            assertFalse(blobs(proxy).isEmpty());
            proxy.asked().clear();
            run(new byte[0], "pull", pull);
            List<String> asked = proxy.asked().stream().filter(request -> request.startsWith("GET") && !isForReferrers(request)).toList();
            assertTrue(asked.size() == 1 && asked.get(0).contains("/manifests/"), "the index only, as the archive has the manifest, but " + asked);
        }
    }

    @Test
    void should_choose_an_image_of_an_index_with_jq_instead_of_an_option() throws IOException {
        byte[] index = run(new byte[0], "manifest", "--platform", "all", image);
        String name = image.replaceFirst(":1$", "@");
        String arm = new String(jq(index, "-r", ".manifests[] | select(.platform.architecture == \"arm\").digest")).strip();
        assertEquals(arm, json(run(new byte[0], "manifest", name + arm)).path("image").path("digest").asText());
        byte[] some = jq(index, "-c", ".manifests |= [.[] | select(.platform.architecture == \"arm\")]");
        run(run(some, "blob", "--to", "arm.oci"), "assemble", "--platform", "all", "--format", "oci", "-o", "arm.tar");
        run(new byte[0], "inspect", "--platform", "linux/arm/v6", "arm.tar");
        assertEquals(3, Dray.script("inspect", "--platform", "linux/amd64", "arm.tar").in(folder).run().exitCode());
        JsonNode attestation = json(index).path("manifests").path(3);
        assertEquals("unknown", attestation.path("platform").path("os").asText());
        assertEquals(1, json(run(new byte[0], "manifest", name + attestation.path("digest").asText())).path("layers").size());
    }
}
