package tests.scripts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.image.Digest;
import lib.server.Server;
import lib.store.ImageStore;
import lib.text.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.DockerEngine;
import tests.support.Dray;
import tests.support.PodmanStore;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Tools;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/DockerEngine.java
//SOURCES ../support/Dray.java
//SOURCES ../support/PodmanStore.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Tools.java

/** What others make of the archives, and of the registry that {@code serve} is. */
@Tag("slow")
class ReadersTest {
    @TempDir
    static Path folder;

    private static String image;
    private static String manifestDigest;
    private static Program.Running serving;
    private static String served;

    @BeforeAll
    static void pull_and_serve() throws IOException {
        Tools.assumeInstalled("skopeo");
        DebianRegistry registry = RealImages.registry();
        image = registry.image(RealImages.REAL);
        Dray.script("pull", "-q", "--platform", "linux/amd64", "-o", "real.tar", image).in(folder).run().orFail();
        byte[] manifest = Dray.run("manifest", "--raw", "--platform", "linux/amd64", image).orFail().stdout();
        manifestDigest = Digest.of(manifest).toString();
        serving = Dray.script("serve", "--port", "0", "real.tar", RealImages.layout().toString()).in(folder).limit(300).start();
        while (serving.stdout().length == 0 && serving.process().isAlive()) {
            Program.pause(100);
        }
        served = new String(serving.stdout(), StandardCharsets.UTF_8).strip();
    }

    @AfterAll
    static void end() {
        if (serving != null) {
            serving.close();
        }
    }

    @Test
    void should_be_read_by_skopeo_as_both_kinds_of_archive() throws IOException {
        for (String kind : List.of("docker-archive:", "oci-archive:")) {
            String inspected = Program.run("skopeo", "inspect", kind + folder.resolve("real.tar")).orFail().text();
            assertEquals(7, Json.object(inspected.getBytes(StandardCharsets.UTF_8), kind).path("Layers").size(), inspected);
        }
        String oci = Program.run("skopeo", "inspect", "--raw", "oci-archive:" + folder.resolve("real.tar")).orFail().text();
        assertEquals(manifestDigest, Digest.of(oci.getBytes(StandardCharsets.UTF_8)).toString(), "the digest changed");
    }

    @Test
    void should_be_loaded_by_podman() {
        PodmanStore podman = new PodmanStore();
        podman.load(folder.resolve("real.tar")).orFail();
        assertTrue(podman.run("images", "--format", "{{.Repository}}:{{.Tag}}").orFail().text().contains(image));
    }

    @Test
    void should_be_loaded_by_docker() {
        DockerEngine engine = DockerEngine.shared();
        engine.load(folder.resolve("real.tar")).orFail();
        assertTrue(engine.run("image", "inspect", image).orFail().text().contains("\"Architecture\": \"amd64\""));
    }

    @Test
    void should_load_several_images_of_one_archive_into_engines() throws IOException {
        String small = image.replace("real:1", "small:1");
        String docker = image.replace("real:1", "real:docker");
        Dray.script("pull", "-q", "--platform", "linux/amd64", "-o", "two.tar", small, docker).in(folder).run().orFail();
        PodmanStore podman = new PodmanStore();
        podman.load(folder.resolve("two.tar")).orFail();
        DockerEngine engine = DockerEngine.shared();
        engine.load(folder.resolve("two.tar")).orFail();
        for (String name : List.of(small, docker)) {
            String config = Dray.run("manifest", "--platform", "linux/amd64", name).orFail().text().replaceFirst(".*\"config\":\\{[^}]*\"digest\":\"([^\"]+)\".*", "$1").strip();
            assertEquals(config, engine.run("image", "inspect", "--format", "{{.Id}}", name).orFail().text().strip());
            assertEquals(config, "sha256:" + podman.run("image", "inspect", "--format", "{{.Id}}", name).orFail().text().strip());
        }
    }

    @Test
    void should_load_several_images_under_their_names_of_docker_hub() {
        String small = image.replace("real:1", "small:1");
        Dray.script("pull", "-q", "--platform", "linux/amd64", "-t", "busybox:small", "-o", "small.tar", small).in(folder).run().orFail();
        Dray.script("pull", "-q", "--platform", "linux/amd64", "-t", "team/real:hub", "-o", "hub.tar", image).in(folder).run().orFail();
        Dray.script("assemble", "-q", "-o", "names.tar", "small.tar", "hub.tar").in(folder).run().orFail();
        PodmanStore podman = new PodmanStore();
        podman.load(folder.resolve("names.tar")).orFail();
        assertEquals(List.of("docker.io/library/busybox:small", "docker.io/team/real:hub"),
                podman.run("images", "--format", "{{.Repository}}:{{.Tag}}").orFail().text().lines().sorted().toList());
        DockerEngine engine = DockerEngine.shared();
        engine.load(folder.resolve("names.tar")).orFail();
        engine.run("image", "inspect", "busybox:small", "team/real:hub").orFail();
    }

    @Test
    void should_serve_what_docker_pulls() {
        DockerEngine engine = DockerEngine.shared();
        String name = served + "/" + image.substring(image.indexOf('/') + 1);
        engine.run("pull", "--platform", "linux/amd64", name).orFail();
        String digests = engine.run("image", "inspect", "--format", "{{.RepoDigests}}", name).orFail().text();
        assertTrue(digests.contains("test/real@" + manifestDigest), digests);
    }

    @Test
    void should_serve_what_skopeo_and_dray_pull_with_the_same_digest() throws IOException {
        String name = served + "/" + image.substring(image.indexOf('/') + 1);
        Program.run("skopeo", "copy", "--quiet", "--insecure-policy", "--src-tls-verify=false", "docker://" + name, "oci:" + folder.resolve("copied.oci") + ":1").orFail();
        String index = Files.readString(folder.resolve("copied.oci/index.json"));
        assertTrue(index.contains(manifestDigest), index);
        Dray.script("pull", "-q", "--platform", "linux/amd64", "-o", "again.tar", name).in(folder).run().orFail();
        assertTrue(Files.size(folder.resolve("again.tar")) > 1_000_000);
    }

    @Test
    void should_serve_the_first_of_two_images_of_one_name_and_say_how_the_other_is_pulled() throws IOException {
        Dray.script("pull", "-q", "--platform", "linux/arm64", "-o", "arm.tar", image).in(folder).run().orFail();
        ImageStore real = ImageStore.open(folder.resolve("real.tar"));
        ImageStore arm = ImageStore.open(folder.resolve("arm.tar"));
        Server server = new Server(List.of(real, real, arm), 0);
        server.start();
        try {
            String name = server.address() + "/test/real";
            String armDigest = arm.images().images().get(0).roots().get(0).manifest().digest().toString();
            assertEquals(1, server.notes().size(), server.notes().toString());
            assertTrue(server.notes().get(0).contains("arm.tar") && server.notes().get(0).endsWith("test/real@" + armDigest), server.notes().get(0));
            assertEquals(manifestDigest, Digest.of(Dray.run("manifest", "--raw", name + ":1").orFail().stdout()).toString());
            assertEquals(armDigest, Digest.of(Dray.run("manifest", "--raw", name + "@" + armDigest).orFail().stdout()).toString());
        } finally {
            server.stop();
        }
    }

    @Test
    void should_answer_as_the_specification_says() throws IOException {
        assertEquals(200, connection("/v2/").getResponseCode());
        HttpURLConnection missing = connection("/v2/no/such/manifests/1");
        assertEquals(404, missing.getResponseCode());
        String error = new String(missing.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(1, Json.object(error.getBytes(StandardCharsets.UTF_8), "the error").path("errors").size(), error);
        HttpURLConnection write = connection("/v2/test/real/manifests/1");
        write.setRequestMethod("DELETE");
        assertEquals(405, write.getResponseCode());
        HttpURLConnection part = connection("/v2/test/real/blobs/" + configDigest());
        part.setRequestProperty("Range", "bytes=1-3");
        assertEquals(206, part.getResponseCode());
        assertEquals(3, part.getInputStream().readAllBytes().length);
        HttpURLConnection beyond = connection("/v2/test/real/blobs/" + configDigest());
        beyond.setRequestProperty("Range", "bytes=99999999-");
        assertEquals(416, beyond.getResponseCode());
    }

    @Test
    void should_list_tags_in_pages_that_lead_to_the_next() throws IOException {
        String repository = RealImages.layout().getFileName().toString();
        List<String> tags = new ArrayList<>();
        int pages = 0;
        for (String page = "/v2/" + repository + "/tags/list?n=2"; page != null; pages++) {
            HttpURLConnection connection = connection(page);
            Json.object(connection.getInputStream().readAllBytes(), "the tags").path("tags").forEach(tag -> tags.add(tag.asText()));
            String link = connection.getHeaderField("Link");
            page = link == null ? null : link.substring(1, link.indexOf('>'));
        }
        assertEquals(List.of("nested-inner", "real-1", "real-amd64", "real-plain", "real-zstd", "small-1"), tags);
        assertEquals(3, pages);
        assertEquals(404, connection("/v2/no/such/tags/list").getResponseCode());
    }

    private static String configDigest() throws IOException {
        return Json.object(Dray.run("manifest", "--platform", "linux/amd64", image).orFail().stdout(), "the manifest").path("config").path("digest").asText();
    }

    private static HttpURLConnection connection(String path) throws IOException {
        return (HttpURLConnection) URI.create("http://" + served + path).toURL().openConnection();
    }
}
