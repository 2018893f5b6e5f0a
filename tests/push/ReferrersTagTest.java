package tests.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Reference;
import lib.registry.ManifestUploads;
import lib.registry.Network;
import lib.registry.Uploads;
import lib.text.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.store.TarMaker;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** A registry that does not list by itself what refers to an image, as Debian's, has it listed by those who push. */
class ReferrersTagTest {
    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String EMPTY_TYPE = "application/vnd.oci.empty.v1+json";

    private final DebianRegistry registry = DebianRegistry.start(Scratch.folder("referrers-tag"));

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        registry.close();
    }

    private Program.Result dray(String script, String... arguments) {
        return Dray.script(script, arguments).in(folder).run();
    }

    private static ObjectNode artifact(ObjectNode subject, String type, String about) {
        ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
        ObjectNode empty = Json.newObject().put("mediaType", EMPTY_TYPE).put("digest", Digest.of(EMPTY).toString()).put("size", EMPTY.length);
        if (!type.isEmpty()) {
            manifest.put("artifactType", type);
        }
        manifest.set("config", empty);
        manifest.putArray("layers").add(empty);
        manifest.set("subject", subject);
        manifest.putObject("annotations").put("about", about);
        return manifest;
    }

    private ObjectNode layout() {
        LayoutWriter layout = new LayoutWriter(folder.resolve("layout"));
        ObjectNode image = layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer(new TarMaker().file("file", "x").end(), "")));
        layout.blob(EMPTY_TYPE, EMPTY);
        layout.tag("reg.example/app:1", image);
        ObjectNode subject = image.deepCopy();
        subject.remove("platform");
        layout.tag("reg.example/app:signature", layout.blob(MediaType.OCI_MANIFEST, artifact(subject, "application/x-signature", "one")));
        layout.tag("reg.example/app:other", layout.blob(MediaType.OCI_MANIFEST, artifact(subject, "", "two")));
        return subject;
    }

    private JsonNode listed(String image) throws IOException {
        return Json.object(dray("referrers", image).orFail().stdout(), "referrers").path("manifests");
    }

    @Test
    void should_list_what_refers_to_an_image_once_with_its_type_and_annotations() throws IOException {
        layout();
        dray("push", "--to", registry.host(), "layout").orFail();
        dray("push", "--to", registry.host(), "layout").orFail();
        JsonNode entries = listed(registry.image("app:1"));
        assertEquals(2, entries.size(), entries.toString());
        Set<String> types = new TreeSet<>();
        entries.forEach(entry -> types.add(entry.path("artifactType").asText() + " " + entry.path("annotations").path("about").asText()));
        assertEquals(Set.of("application/x-signature one", EMPTY_TYPE + " two"), types);
    }

    @Test
    void should_leave_a_tag_alone_that_is_no_list() throws IOException {
        ObjectNode subject = layout();
        String tag = Digest.parse(subject.path("digest").asText()).referrersTag();
        dray("push", "--to", registry.host(), "layout").orFail();
        registry.put("app", tag, MediaType.OCI_MANIFEST, dray("manifest", "--platform", "all", "--raw", registry.image("app:1")).orFail().stdout());
        Program.Result pushed = dray("push", "--to", registry.host(), "layout");
        assertEquals(5, pushed.exitCode(), pushed.toString());
        assertTrue(pushed.stderr().contains(tag) && pushed.stderr().contains("left as it is"), pushed.stderr());
    }

    /** The registry heeds no condition, so that each may write over what another wrote. */
    @Test
    void should_lose_nothing_where_several_add_at_the_same_time() throws Exception {
        ObjectNode subject = layout();
        dray("push", "--to", registry.host(), "layout").orFail();
        Reference target = Reference.parse(registry.image("app:1"));
        ExecutorService threads = Executors.newCachedThreadPool();
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Manifest manifest = Manifest.parse(Json.bytes(artifact(subject, "application/x-many", "number " + i)), null);
            all.add(threads.submit(() -> {
                ManifestUploads uploads = new Uploads(target, Network.plain(notice -> { }), Long.MAX_VALUE).manifests();
                uploads.put(manifest, manifest.digest().toString());
                uploads.list(manifest.subject(), List.of(manifest));
                return null;
            }));
        }
        for (Future<?> one : all) {
            one.get();
        }
        threads.shutdown();
        assertEquals(8, listed(registry.image("app:1")).size());
    }
}
