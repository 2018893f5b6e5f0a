package tests.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.trust.SignedImage.data;
import static tests.trust.SignedImage.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tests.support.Dray;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES SignedImage.java
//SOURCES ../support/Dray.java

/** The command: what it prints, how it ends, and whom it asks. */
class VerifyTest {
    private static final String KEY = SignedImage.DATA.resolve("cosign.pub").toString();

    private static Program.Result verify(String... arguments) {
        return Dray.run("verify", arguments);
    }

    @Test
    void should_say_who_signed_an_image_and_ask_nobody_but_its_registry() throws Exception {
        try (SignedImage image = new SignedImage().bundle(data("bundle/bundle-50b821db.json"))) {
            String name = image.serve();
            ObjectNode json = json(verify(name, "--key", KEY).orFail().stdout());
            assertEquals(image.digest.toString(), json.path("digest").asText());
            assertEquals(name, json.at("/image/name").asText().replace("docker.io/library/", ""));
            assertEquals("EC P-256", json.at("/signatures/0/by/algorithm").asText());
            assertEquals("[\"the transparency log\",\"revocation\"]", json.path("notChecked").toString());
            String digest = image.digest.toString();
            Set<String> asked = new TreeSet<>(Set.of("GET /v2/", "GET /v2/hello/manifests/1", "GET /v2/hello/referrers/" + digest, "GET /v2/hello/manifests/" + image.tag(""), "HEAD /v2/hello/manifests/" + image.tag(""), "HEAD /v2/hello/manifests/" + image.tag(".sig")));
            image.manifests.keySet().stream().filter(one -> !one.equals(digest) && !one.equals(image.tags.get(image.tag("")))).forEach(one -> asked.add("GET /v2/hello/manifests/" + one));
            image.blobs.keySet().stream().filter(one -> !one.startsWith("sha256:44136fa")).forEach(one -> asked.add("GET /v2/hello/blobs/" + one));
            assertEquals(asked, new TreeSet<>(image.asked));
        }
    }

    @Test
    void should_end_as_the_table_of_exit_codes_says() throws Exception {
        Path signed = new SignedImage().bundle(data("bundle/bundle-50b821db.json")).layout(true);
        assertTrue(verify(signed.toString(), "--key", KEY).orFail().text().contains("\"verifiedAt\":\""));
        Program.Result none = verify(new SignedImage().layout(true).toString(), "--key", KEY);
        assertEquals(8, none.exitCode());
        assertTrue(none.stderr().startsWith("verify: ") && none.stderr().contains("is not signed") && none.stdout().length == 0, none.stderr());
        Program.Result wrong = verify(signed.toString(), "--key", SignedImage.DATA.resolve("other.pub").toString());
        assertEquals(9, wrong.exitCode());
        assertTrue(wrong.stderr().contains("it is not by the key") && wrong.stdout().length == 0, wrong.stderr());
        Files.delete(signed.resolve("blobs").resolve(new SignedImage().digest.toString().replace(':', '/')));
        assertEquals(5, verify(signed.toString(), "--key", KEY).exitCode());
        assertEquals(2, verify(signed.toString(), "--key", signed.resolve("index.json").toString()).exitCode());
        assertEquals(3, verify(signed.toString(), "--key", "/nowhere").exitCode());
        assertEquals(2, verify(signed.toString(), "--ca", signed.toString()).exitCode());
        Path hostile = Scratch.folder("key").resolve("key");
        Files.write(hostile, new byte[2 << 20]);
        for (List<String> odd : List.of(List.of("-a", "x"), List.of("--key", hostile.toString()))) {
            Program.Result result = verify(odd.contains("--key") ? new String[] {signed.toString(), odd.get(0), odd.get(1)} : new String[] {signed.toString(), "--key", KEY, odd.get(0), odd.get(1)});
            assertTrue(result.exitCode() > 0 && result.stderr().lines().count() == 1, result.stderr());
        }
    }
}
