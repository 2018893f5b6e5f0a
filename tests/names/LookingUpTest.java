package tests.names;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;
import lib.text.VersionOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** What a registry has: its tags, what an image runs, what refers to it. */
class LookingUpTest {
    private final DebianRegistry registry = RealImages.registry();

    @TempDir
    Path folder;

    private static ObjectNode json(String text) throws IOException {
        return Json.object(text.getBytes(StandardCharsets.UTF_8), "the output");
    }

    private static List<String> tags(String... arguments) throws IOException {
        List<String> tags = new ArrayList<>();
        json(Dray.run("tags", arguments).orFail().text()).path("tags").forEach(tag -> tags.add(tag.asText()));
        return tags;
    }

    @Test
    void should_list_the_tags_of_a_real_registry() throws IOException {
        String repository = registry.host() + "/test/real";
        assertEquals(List.of("1", "docker", "plain", "zstd"), tags(repository).stream().sorted().toList());
        assertEquals(List.of("plain", "zstd"), tags("--filter", "^[pz]", "--sort", "name", repository));
        assertEquals(List.of("zstd"), tags("--sort", "name", "--limit", "1", repository));
        assertEquals(3, Dray.run("tags", registry.host() + "/no/such").exitCode());
        assertEquals(2, Dray.run("tags", "--filter", "(", repository).exitCode());
    }

    @Test
    void should_follow_links_page_by_page_also_after_a_short_one_but_to_no_other_host_and_no_other_scheme() throws IOException {
        AtomicReference<String> elsewhere = new AtomicReference<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/", exchange -> {
            String query = String.valueOf(exchange.getRequestURI().getQuery());
            if (query.equals("null")) {
                exchange.getResponseHeaders().set("Link", "<" + (elsewhere.get() != null ? elsewhere.get() : "/v2/a/tags/list?last=b&n=2") + ">; rel=\"next\"");
                send(exchange, "{\"tags\":[\"a\",\"b\"]}");
            } else if (query.equals("last=b&n=2")) {
                exchange.getResponseHeaders().set("Link", "</v2/a/tags/list?last=c&n=2>; rel=next");
                send(exchange, "{\"tags\":[\"c\"]}");
            } else {
                send(exchange, "{\"tags\":null}");
            }
        });
        server.start();
        try {
            String host = "127.0.0.1:" + server.getAddress().getPort();
            assertEquals(List.of("a", "b", "c"), tags(host + "/a"));
            assertEquals(List.of("a"), tags("--limit", "1", host + "/a"));
            for (String address : List.of("http://other.example/v2/a/tags/list?n=1", "ftp://" + host + "/v2/a/tags/list?n=1", "mailto:a@" + host)) {
                elsewhere.set(address);
                Program.Result result = Dray.run("tags", "--retries", "0", host + "/a");
                assertEquals(6, result.exitCode(), result.toString());
                assertTrue(result.stderr().contains("its next page is not on the same host"), result.stderr());
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void should_list_all_pages_of_the_referrers_api_and_filter_what_the_registry_does_not() throws IOException {
        String digest = "sha256:" + "a".repeat(64);
        List<String> queries = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/a/referrers/" + digest, exchange -> {
            String query = String.valueOf(exchange.getRequestURI().getRawQuery());
            queries.add(query);
            boolean last = query.contains("last=1");
            if (!last) {
                exchange.getResponseHeaders().set("Link", "<" + exchange.getRequestURI().getPath() + "?last=1>; rel=\"next\"");
            }
            send(exchange, "{\"schemaVersion\":2,\"manifests\":[{\"artifactType\":\"application/" + (last ? "spdx+json" : "vnd.example.signature") + "\"}]}");
        });
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
        try {
            String image = "127.0.0.1:" + server.getAddress().getPort() + "/a@" + digest;
            assertEquals(2, json(Dray.run("referrers", image).orFail().text()).path("manifests").size());
            ObjectNode one = json(Dray.run("referrers", "--type", "application/spdx+json", image).orFail().text());
            assertEquals("application/spdx+json", one.path("manifests").path(0).path("artifactType").asText());
            assertEquals(1, one.path("manifests").size());
            assertEquals(List.of("null", "last=1", "artifactType=application%2Fspdx%2Bjson", "last=1"), queries);
        } finally {
            server.stop(0);
        }
    }

    private static void send(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void should_order_versions_as_people_do() {
        List<String> ordered = List.of("1.2", "1.9-alpine", "1.9", "1.9.1", "1.10-rc1", "1.10", "1.10.2", "2", "10", "latest");
        List<String> mixed = new ArrayList<>(ordered);
        java.util.Collections.shuffle(mixed, new java.util.Random(1));
        assertEquals(ordered, mixed.stream().sorted(VersionOrder.OF_TAGS).toList());
    }

    @Test
    void should_tell_what_an_image_runs_from_a_registry_a_layout_and_an_archive() throws IOException {
        String image = registry.image(RealImages.REAL);
        Dray.script("pull", "-q", "--platform", "linux/amd64", "-o", "real.tar", image).in(folder).run().orFail();
        for (String source : List.of(image, folder.resolve("real.tar").toString())) {
            ObjectNode config = json(Dray.run("inspect", "--platform", "linux/amd64", source).orFail().text());
            assertEquals("amd64", config.path("architecture").asText());
            assertTrue(config.path("image").path("digest").asText().startsWith("sha256:"));
            String summary = Dray.run("inspect", "--summary", "--platform", "linux/amd64", source).orFail().text();
            assertTrue(summary.contains("platform     linux/amd64\n") && summary.contains("starts       /bin/busybox sh\n"), summary);
            assertTrue(summary.contains("docker run --rm --env 'GREETING=grüß dich' " + image + " /bin/busybox sh\n"), summary);
            assertEquals(7, summary.lines().filter(line -> line.startsWith("layer ")).count(), summary);
        }
        assertEquals(3, Dray.run("inspect", registry.host() + "/no/such:1").exitCode());
    }

    @Test
    void should_find_what_refers_to_an_image_by_the_tag_of_its_digest() throws IOException {
        String digest = json(Dray.run("manifest", "--head", registry.image(RealImages.SMALL)).orFail().text()).path("digest").asText();
        Program.Result none = Dray.run("referrers", registry.image(RealImages.SMALL)).orFail();
        assertEquals(0, json(none.text()).path("manifests").size());
        try (DebianRegistry own = DebianRegistry.start(folder.resolve("storage"))) {
            Program.run("skopeo", "copy", "--quiet", "--insecure-policy", "--preserve-digests", "--src-tls-verify=false", "--dest-tls-verify=false",
                    "docker://" + registry.image(RealImages.SMALL), "docker://" + own.image(RealImages.SMALL)).orFail();
            ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
            byte[] manifest = Dray.run("manifest", "--raw", own.image(RealImages.SMALL)).orFail().stdout();
            for (String type : List.of("application/spdx+json", "application/vnd.example.signature")) {
                index.withArray("manifests").addObject().put("mediaType", MediaType.OCI_MANIFEST).put("digest", Digest.of(manifest).toString())
                        .put("size", manifest.length).put("artifactType", type);
            }
            own.put("test/small", digest.replace(':', '-'), MediaType.OCI_INDEX, Json.bytes(index));
            assertEquals(2, json(Dray.run("referrers", own.image(RealImages.SMALL)).orFail().text()).path("manifests").size());
            ObjectNode one = json(Dray.run("referrers", "--type", "application/spdx+json", own.image(RealImages.SMALL)).orFail().text());
            assertEquals("application/spdx+json", one.path("manifests").path(0).path("artifactType").asText());
            assertEquals(1, one.path("manifests").size());
        }
    }
}
