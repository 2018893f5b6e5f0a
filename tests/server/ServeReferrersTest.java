package tests.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import lib.image.Digest;
import lib.image.MediaType;
import lib.server.Server;
import lib.store.ImageStore;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.LayoutWriter;

//SOURCES ../support/LayoutWriter.java

/** What {@code serve} says of signatures and other artifacts: by the referrers API, and under cosign's tags. */
class ServeReferrersTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private Server server;
    private Digest image;
    private Digest signature;
    private Digest sbom;
    private Digest classic;

    @BeforeEach
    void serve() throws IOException {
        LayoutWriter layout = new LayoutWriter(folder.resolve("app"));
        ObjectNode signed = layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer("a layer".getBytes(StandardCharsets.UTF_8), "")));
        layout.tag("1", signed);
        image = digest(signed);
        ObjectNode index = Json.object(Files.readAllBytes(folder.resolve("app/index.json")), "index.json");
        ObjectNode one = artifact(layout, signed, "application/x-signature");
        ObjectNode other = artifact(layout, one, "application/x-signature");
        ObjectNode list = artifact(layout, signed, "application/spdx+json");
        ObjectNode cosigns = artifact(layout, null, "application/x-classic");
        signature = digest(one);
        sbom = digest(list);
        classic = digest(cosigns);
        cosigns.putObject("annotations").put("kind", "dev.cosignproject.cosign/sigs");
        index.withArray("manifests").add(one).add(other).add(list).add(cosigns);
        Files.write(folder.resolve("app/index.json"), Json.bytes(index));
        server = new Server(List.of(ImageStore.open(folder.resolve("app"))), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private static Digest digest(ObjectNode descriptor) {
        return Digest.parse(descriptor.path("digest").asText());
    }

    private static ObjectNode artifact(LayoutWriter layout, ObjectNode subject, String type) {
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST).put("artifactType", type);
        ObjectNode empty = layout.blob("application/vnd.oci.empty.v1+json", "{}".getBytes(StandardCharsets.UTF_8));
        manifest.set("config", empty);
        manifest.putArray("layers").add(empty);
        if (subject != null) {
            manifest.set("subject", subject);
        }
        manifest.putObject("annotations").put("org.opencontainers.image.created", "2026-11-25T00:00:00Z");
        return layout.blob(MediaType.OCI_MANIFEST, manifest);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(URI.create("http://" + server.address() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode referrers(Digest subject) throws Exception {
        HttpResponse<String> answer = get("/v2/app/referrers/" + subject);
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(MediaType.OCI_INDEX, answer.headers().firstValue("Content-Type").orElse(""));
        return Json.object(answer.body().getBytes(StandardCharsets.UTF_8), "referrers").path("manifests");
    }

    @Test
    void should_list_what_refers_to_a_manifest_with_types_and_annotations() throws Exception {
        JsonNode entries = referrers(image);
        assertEquals(List.of(signature.toString(), sbom.toString()), List.of(entries.path(0).path("digest").asText(), entries.path(1).path("digest").asText()));
        assertEquals("application/x-signature", entries.path(0).path("artifactType").asText());
        assertEquals("2026-11-25T00:00:00Z", entries.path(0).path("annotations").path("org.opencontainers.image.created").asText());
        assertEquals(1, referrers(signature).size());
        assertEquals(0, referrers(sbom).size());
    }

    @Test
    void should_list_one_type_where_that_is_asked_for() throws Exception {
        HttpResponse<String> answer = get("/v2/app/referrers/" + image + "?artifactType=application%2Fspdx%2Bjson");
        assertEquals("artifactType", answer.headers().firstValue("OCI-Filters-Applied").orElse(""));
        JsonNode entries = Json.object(answer.body().getBytes(StandardCharsets.UTF_8), "referrers").path("manifests");
        assertEquals(1, entries.size());
        assertEquals(sbom.toString(), entries.path(0).path("digest").asText());
    }

    @Test
    void should_refuse_what_is_no_digest_and_know_no_other_repository() throws Exception {
        assertEquals(400, get("/v2/app/referrers/sha256:1").statusCode());
        assertEquals(404, get("/v2/other/referrers/" + image).statusCode());
    }

    @Test
    void should_have_what_cosign_lists_under_its_tag_and_take_it_for_no_image() throws Exception {
        HttpResponse<String> answer = get("/v2/app/manifests/" + image.referrersTag() + ".sig");
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(classic.toString(), answer.headers().firstValue("Docker-Content-Digest").orElse(""));
        assertEquals(404, get("/v2/app/manifests/" + image.referrersTag() + ".att").statusCode());
        assertEquals(List.of(server.address() + "/app:1"), server.names());
        assertFalse(get("/v2/app/tags/list").body().contains("latest"));
    }
}
