package tests.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import lib.image.Reference;
import lib.text.Json;
import lib.trust.ImagePolicy;
import lib.trust.SignedName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Dray;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES OpenSsl.java
//SOURCES SignedImage.java
//SOURCES ../support/Dray.java

/** The policy of a machine, which podman and others go by. */
class ImagePolicyTest {
    private static final String DIGEST = "sha256:" + "a".repeat(64);

    private static ImagePolicy policy(String json) throws IOException {
        Path folder = Scratch.folder("containers");
        Files.writeString(folder.resolve("policy.json"), json);
        return ImagePolicy.in(List.of(Scratch.folder("none"), folder));
    }

    private static String scoped(String scope) {
        return "\"" + scope + "\":[{\"type\":\"in " + scope + "\"}]";
    }

    @ParameterizedTest
    @CsvSource({"registry.example.com/team/app:1, in registry.example.com/team/app:1", "registry.example.com/team/app:2, in registry.example.com/team/app",
            "registry.example.com/team/other:1, in registry.example.com/team", "registry.example.com/teams/other:1, in *.example.com", "a.b.example.com:5000/x, in *.b.example.com",
            "example.com/x, in ", "nginx, in docker.io/library/nginx:latest", "localhost:5000/x, in localhost:5000", "localhost:5001/x, in "})
    void should_go_by_the_longest_scope_that_an_image_is_in(String image, String wanted) throws IOException {
        String scopes = String.join(",", List.of(scoped("registry.example.com/team"), scoped("registry.example.com/team/app"), scoped("registry.example.com/team/app:1"), scoped("*.example.com"),
                scoped("*.b.example.com"), scoped("docker.io/library/nginx:latest"), scoped("localhost:5000"), scoped("")));
        ImagePolicy policy = policy("{\"default\":[{\"type\":\"reject\"}],\"transports\":{\"docker\":{" + scopes + "}}}");
        String why = policy.of(Reference.parse(image)).get(0).reason();
        assertTrue(why.contains("'" + (wanted.endsWith("in") ? "in " : wanted) + "'"), why);
    }

    @Test
    void should_take_the_default_where_no_scope_is_the_images() throws IOException {
        assertTrue(policy("{\"default\":[{\"type\":\"insecureAcceptAnything\"}]}").of(Reference.parse("nginx")).get(0).isMet());
        assertEquals("forbids it", policy("{\"default\":[{\"type\":\"reject\"}],\"transports\":{\"docker\":{\"quay.io\":[]}}}").of(Reference.parse("nginx")).get(0).reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "", "{\"default\":[]}", "{\"default\":{}}", "{\"default\":[{\"type\":\"sigstoreSigned\"}]}", "{\"default\":[{\"type\":\"sigstoreSigned\",\"keyData\":\"AAAA\"}]}",
            "{\"default\":[{\"type\":\"sigstoreSigned\",\"keyPath\":\"COSIGN\",\"signedIdentity\":{\"type\":\"other\"}}]}",
            "{\"default\":[{\"type\":\"sigstoreSigned\",\"keyPath\":\"COSIGN\",\"signedIdentity\":{\"type\":\"exactRepository\"}}]}", "{\"default\":[],\"default\":[]}"})
    void should_fetch_nothing_by_a_policy_that_cannot_be_read(String json) {
        String key = SignedImage.DATA.resolve("cosign.pub").toString();
        assertThrows(IllegalArgumentException.class, () -> policy(json.replace("COSIGN", key)).of(Reference.parse("nginx")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":\"signedBy\",\"keyType\":\"GPGKeys\"}", "{\"type\":\"sigstoreSigned\",\"fulcio\":{}}", "{\"type\":\"sigstoreSigned\",\"keyPath\":\"x\",\"rekorPublicKeyPath\":\"y\"}", "{}"})
    void should_not_take_for_met_what_it_cannot_verify(String requirement) throws IOException {
        ImagePolicy.Requirement one = policy("{\"default\":[" + requirement + "]}").of(Reference.parse("nginx")).get(0);
        assertTrue(!one.isMet() && one.reason() != null);
    }

    @ParameterizedTest
    @CsvSource({"matchExact, a.example/x:1, a.example/x:1, true", "matchExact, a.example/x:1, a.example/x:2, false", "matchExact, a.example/x:1, a.example/x, false", "matchExact, a.example/x@" + "DIGEST" + ", a.example/x:1, false",
            "matchRepoDigestOrExact, a.example/x:1, a.example/x:1, true", "matchRepoDigestOrExact, a.example/x:1, a.example/x, false", "matchRepoDigestOrExact, a.example/x@" + "DIGEST" + ", a.example/x, true",
            "matchRepository, a.example/x:1, a.example/x, true", "matchRepository, a.example/x:1, a.example/x:7, true", "matchRepository, a.example/x:1, a.example/y, false",
            "matchRepository, nginx, docker.io/library/nginx, true", "exactReference, a.example/x:1, b.example/y:3, true", "exactReference, a.example/x:1, b.example/y:4, false",
            "exactRepository, a.example/x:1, b.example/y, true", "exactRepository, a.example/x:1, a.example/x, false", "remapIdentity, a.example/m/x:1, b.example/x:1, true",
            "remapIdentity, a.example/mm/x:1, b.example/x:1, false", "matchRepository, a.example/x:1, , false", "matchRepository, a.example/x:1, 'no name', false"})
    void should_compare_the_name_that_was_signed_as_the_policy_says(String type, String image, String signed, boolean is) {
        ObjectNode names = Json.newObject().put("dockerReference", "b.example/y:3").put("dockerRepository", "b.example/y").put("prefix", "a.example/m").put("signedPrefix", "b.example");
        assertEquals(is, new SignedName(type, names).matches(Reference.parse(image.replace("DIGEST", DIGEST)), signed));
    }

    @Test
    @Tag("slow")
    void should_be_read_where_podmans_is_and_hold_what_is_fetched_to_it() throws IOException {
        OpenSsl key = OpenSsl.p256();
        try (SignedImage image = new SignedImage()) {
            String name = image.serve();
            String repository = name.replaceFirst(":1$", "");
            byte[] payload = ("{\"critical\":{\"identity\":{\"docker-reference\":\"" + repository + "\"},\"image\":{\"docker-manifest-digest\":\"" + image.digest + "\"},"
                    + "\"type\":\"cosign container image signature\"},\"optional\":null}").getBytes();
            image.classic(payload, key.sign(payload, "-sha256"));
            assertEquals(4, pulled(name, "{\"type\":\"reject\"}"));
            assertEquals(4, pulled(name, "{\"type\":\"signedBy\"}"));
            assertEquals(9, pulled(name, "{\"type\":\"sigstoreSigned\",\"keyPath\":\"" + key.publicKey() + "\"}")); // cosign signs no tag
            assertEquals(9, pulled(name, "{\"type\":\"sigstoreSigned\",\"keyPath\":\"" + SignedImage.DATA.resolve("cosign.pub") + "\",\"signedIdentity\":{\"type\":\"matchRepository\"}}"));
            assertEquals(List.of(), image.asked.stream().filter(asked -> asked.contains("/blobs/") && image.json("hello.manifest.json").toString().contains(asked.substring(asked.indexOf("sha256:")))).toList());
            // it is signed as it should be, and only its blobs, which this registry does not have, are missing
            assertEquals(3, pulled(name, "{\"type\":\"sigstoreSigned\",\"keyPath\":\"" + key.publicKey() + "\",\"signedIdentity\":{\"type\":\"matchRepository\"}}"));
        }
    }

    @Test
    @Tag("slow")
    void should_hold_whatever_reads_blobs_of_an_image_to_it_and_nothing_that_only_looks_at_manifests() throws IOException {
        Path home = home("{\"type\":\"reject\"}");
        try (SignedImage image = new SignedImage()) {
            String name = image.serve();
            String config = name.replaceFirst(":1$", "@") + SignedImage.json("hello.manifest.json").at("/config/digest").asText();
            for (String[] command : new String[][] {{"pull", name}, {"extract", name, "-C", "files"}, {"ls", name}, {"cat", name, "hello"}, {"diff", name, name}, {"inspect", name}, {"blob", config}}) {
                Program.Result result = Dray.script(home, command[0], Arrays.copyOfRange(command, 1, command.length)).in(home).run();
                assertEquals(4, result.exitCode(), command[0] + ": " + result.stderr());
                assertTrue(result.stderr().contains("policy.json forbids it: localhost"), result.stderr());
            }
            byte[] manifest = Dray.script(home, "manifest", name).run().orFail().stdout();
            assertEquals(4, Dray.script(home, "blob", "--to", "layout").in(home).stdin(manifest).run().exitCode());
            assertEquals(4, Dray.script(home, "extract", "-C", "files").in(home).stdin(manifest).run().exitCode());
            assertEquals(List.of(), image.asked.stream().filter(asked -> asked.contains("/blobs/")).toList());
            Files.writeString(home.resolve("etc/containers/policy.json"), "no policy");
            assertEquals(2, Dray.script(home, "inspect", name).in(home).run().exitCode());
            Program.Result here = Dray.script(home, "ls", image.layout(true).toString()).in(home).run(); // it is about registries
            assertTrue(!here.stderr().contains("policy"), here.stderr());
        }
    }

    private static Path home(String requirement) throws IOException {
        Path home = Scratch.folder("home");
        Files.createDirectories(home.resolve("etc/containers"));
        Files.writeString(home.resolve("etc/containers/policy.json"), "{\"default\":[" + requirement + "]}");
        return home;
    }

    private static int pulled(String name, String requirement) throws IOException {
        Path home = home(requirement);
        Program.Result result = Dray.script(home, "pull", "--retries", "0", "-o", home.resolve("a.tar").toString(), name).run();
        assertTrue(result.stderr().startsWith("pull: "), result.stderr());
        return result.exitCode();
    }
}
