package tests.many;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.MediaType;
import lib.store.tar.TarHeader;
import lib.text.Json;
import lib.workload.Workload;
import lib.workload.chart.ChartImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;

//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java

/** The images of Helm charts: as helm renders them, as their authors list them, and as values look. What stands in for helm prints what a test says. */
class ChartTest {
    private static final String CHART = """
            apiVersion: v2
            name: shop
            version: 1.0.0+5
            appVersion: "3.2.1"
            """;

    @TempDir
    Path folder;

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Runs images where there is no helm but the one that a test made. */
    private Program.Result images(String... arguments) {
        return Dray.script("images", arguments).in(folder).env("PATH", folder.resolve("bin") + ":/usr/bin:/bin").run();
    }

    /** Returns what is guessed in this process, which takes less time. */
    private List<String> guessed(String chart, String... values) throws IOException {
        List<Path> files = Stream.of(values).filter(one -> one.endsWith(".yaml")).map(folder::resolve).toList();
        ChartImages charts = new ChartImages(new Workload(Map.of()), files, Stream.of(values).filter(one -> one.contains("=")).toList());
        return List.copyOf(charts.of(folder.resolve(chart)).mentioned().keySet());
    }

    private void helm(String script) throws IOException {
        file("bin/helm", "#!/bin/bash\n" + script);
        Files.setPosixFilePermissions(folder.resolve("bin/helm"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Returns an archive as helm package writes it. */
    private static byte[] archive(Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream tar = new GZIPOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                tar.write(TarHeader.ofFile(file.getKey(), file.getValue().length));
                tar.write(file.getValue());
                tar.write(new byte[TarHeader.padding(file.getValue().length)]);
            }
            tar.write(new byte[2 * TarHeader.BLOCK]);
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void should_guess_from_values_what_most_charts_mean_by_them() throws IOException {
        file("shop/Chart.yaml", CHART);
        file("shop/values.yaml", """
                image: {registry: docker.io, repository: acme/shop, tag: ""}
                worker: {image: {repository: acme/worker}}
                number: {image: {repository: acme/number, tag: 1.10}}
                pinned: {repository: acme/pinned, digest: "sha256:%1$s"}
                named: {image: {name: acme/named, tag: v1}}
                sidecarImage: quay.io/acme/side:2
                split: {image: acme/split, imageTag: "7"}
                metrics: {enabled: false, image: {repository: acme/metrics, tag: "1"}}
                args: [--port=80, "--reloader=quay.io/acme/reloader:4"]
                backup: {repository: acme/not-an-image}
                charts: {repository: "https://charts.example/x", tag: a}
                path: /etc/a:b
                imagePullPolicy: Always
                plainImage: nginx
                """.formatted("0".repeat(64)));
        assertEquals(List.of("docker.io/acme/shop:3.2.1", "acme/worker:3.2.1", "acme/number:1.1", "acme/pinned@sha256:" + "0".repeat(64), "acme/named:v1", "quay.io/acme/side:2",
                "acme/split:7", "acme/metrics:1", "quay.io/acme/reloader:4"), guessed("shop"));
        Program.Result certain = images("shop").orFail();
        assertEquals("", certain.text());
        assertTrue(certain.stderr().contains("helm is not on the PATH"), certain.stderr());
        assertTrue(certain.stderr().contains("perhaps needed too: acme/metrics:1 (shop, value metrics.image, which is not enabled)"), certain.stderr());
    }

    @Test
    void should_merge_values_as_helm_does() throws IOException {
        file("shop/Chart.yaml", CHART);
        file("shop/values.yaml", "a: &a {image: {registry: docker.io, repository: acme/a, tag: '1'}}\nb: {image: {registry: docker.io, repository: acme/b, tag: '1'}}\nc: {<<: *a}\n");
        file("one.yaml", "global: {imageRegistry: reg.example}\na: {image: {tag: '2', repository: acme/one}}\nb: null\n");
        file("two.yaml", "a: {image: {tag: '3'}}\n");
        assertEquals(List.of("reg.example/acme/one:3", "reg.example/acme/a:1"), guessed("shop", "one.yaml", "two.yaml"));
        assertEquals(List.of("reg.example/acme/one:4", "reg.example/acme/b:5", "reg.example/acme/a:1"),
                guessed("shop", "one.yaml", "a.image.tag=4,b.image.tag=5"), "a null is replaced by what comes after it");
        assertEquals(List.of("docker.io/acme/a:2", "docker.io/acme/b:1", "docker.io/acme/a:1"), guessed("shop", "a.image.tag=2"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"db.enabled=true|acme/cache:9 acme/db:1", "db.enabled=false|acme/cache:9", "tags.extra=false|acme/db:1", "redis.image.tag=8|acme/cache:8 acme/db:1",
        "global.imageRegistry=reg.example|acme/cache:9 reg.example/acme/db:1"})
    void should_give_the_charts_below_their_values_and_leave_out_those_that_are_off(String set, String images) throws IOException {
        file("shop/Chart.yaml", CHART + "dependencies: [{name: db, condition: 'nothing,db.enabled'}, {name: cache, alias: redis, tags: [extra]}]\n");
        file("shop/charts/db/Chart.yaml", "{name: db, version: 1.0.0}");
        file("shop/charts/db/values.yaml", "{enabled: true, image: {registry: '', repository: acme/db, tag: '1'}}");
        Files.write(folder.resolve("shop/charts/cache-2.tgz"), archive(new TreeMap<>(Map.of("cache/Chart.yaml", bytes("{name: cache, version: 2.0.0, appVersion: '9'}"),
                "cache/values.yaml", bytes("image: {repository: acme/cache}")))));
        assertEquals(List.of(images.split(" ")), guessed("shop", set));
    }

    @Test
    void should_be_certain_of_what_the_authors_list() throws IOException {
        file("shop/Chart.yaml", CHART + """
                annotations:
                  artifacthub.io/images: |
                    - {name: shop, image: "acme/shop:3.2.1", whitelisted: true}
                  helm.sh/images: |
                    - {name: metrics, image: "acme/metrics:1", condition: metrics.enabled}
                  images: |
                    - {name: shell, image: "acme/shell:1"}
                """);
        file("shop/values.yaml", "metrics: {enabled: false}\nimage: {registry: docker.io, repository: acme/shop}\n");
        assertEquals("acme/shop:3.2.1\nacme/shell:1\n", images("shop").orFail().text());
        assertFalse(images("shop").stderr().contains("perhaps needed too"), "the guess is an image that is listed, in other words");
        assertEquals("acme/shop:3.2.1\nacme/metrics:1\nacme/shell:1\n", images("shop", "--set", "metrics.enabled=true").orFail().text());
        assertEquals(List.of("acme/shop:3.2.1", "acme/shell:1"), lib.Dray.images(folder.resolve("shop").toString()));
    }

    @Test
    void should_be_certain_of_what_helm_renders() throws IOException {
        helm("printf '%s\\n' \"$@\" > arguments; echo 'apiVersion: v1'; echo 'kind: Pod'; echo 'spec: {containers: [{image: \"acme/shop:5\"}]}'\n");
        file("shop/Chart.yaml", CHART + "annotations: {images: '[{image: \"acme/listed:1\"}]'}\n");
        file("shop/values.yaml", "image: acme/shop:5\nother: {image: acme/other:1}\n");
        file("a b.yaml", "x: 1\n");
        Program.Result result = images("shop", "-f", "a b.yaml", "--set", "a=$(touch evil),b=2", "--json", "--with-mentioned").orFail();
        assertEquals("""
                {"name":"acme/shop:5","certain":true,"found":"shop, as helm renders it"}
                {"name":"acme/listed:1","certain":false,"found":"shop, annotation images"}
                {"name":"acme/other:1","certain":false,"found":"shop, value other.image"}
                """, result.text());
        assertEquals(List.of("template", "release-name", folder.resolve("shop").toString(), "--values=" + folder.resolve("a b.yaml"), "--set=a=$(touch evil),b=2"),
                Files.readAllLines(folder.resolve("arguments")));
        assertFalse(Files.exists(folder.resolve("evil")));
    }

    @Test
    void should_show_why_helm_does_not_render_and_print_the_rest() throws IOException {
        helm("echo 'Error: template: shop/x.yaml:1: nothing there' >&2; exit 1");
        file("shop/Chart.yaml", CHART + "annotations: {images: '[{image: \"acme/listed:1\"}]'}\n");
        Program.Result result = images("shop");
        assertEquals(5, result.exitCode(), result.toString());
        assertEquals("acme/listed:1\n", result.text());
        assertTrue(result.stderr().contains("images: helm cannot render shop: template: shop/x.yaml:1: nothing there"), result.stderr());
    }

    @Test
    void should_read_a_chart_from_a_registry_and_from_the_archive_that_pull_writes() throws IOException {
        byte[] chart = archive(new TreeMap<>(Map.of("shop/Chart.yaml", bytes(CHART), "shop/values.yaml", bytes("image: {repository: acme/shop}"))));
        try (FlakyRegistry registry = new FlakyRegistry()) {
            ObjectNode manifest = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_MANIFEST);
            manifest.set("config", blob(registry, "application/vnd.cncf.helm.config.v1+json", bytes("{\"name\":\"shop\"}")));
            manifest.putArray("layers").add(blob(registry, "application/vnd.cncf.helm.chart.content.v1.tar+gzip", chart));
            String name = "oci://" + registry.manifest("1.0.0_5", MediaType.OCI_MANIFEST, Json.bytes(manifest));
            assertEquals(List.of("acme/shop:3.2.1"), images("--with-mentioned", name.replace("1.0.0_5", "1.0.0+5")).orFail().text().lines().toList());
            Dray.script("pull", name, "-o", "chart.tar").in(folder).run().orFail();
            assertEquals(List.of("acme/shop:3.2.1"), images("--with-mentioned", "chart.tar").orFail().text().lines().toList());
            assertEquals(3, images(name + "x").exitCode());
        }
    }

    private static ObjectNode blob(FlakyRegistry registry, String mediaType, byte[] bytes) {
        registry.blob(Digest.of(bytes).toString(), bytes);
        return Json.newObject().put("mediaType", mediaType).put("digest", Digest.of(bytes).toString()).put("size", bytes.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a[0]=b", "a={b}", "=b", ""})
    void should_refuse_values_that_it_would_read_otherwise_than_helm(String set) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> new ChartImages(new Workload(Map.of()), List.of(), List.of(set)));
        assertTrue(refused.getMessage().contains("is not NAME=VALUE"), refused.getMessage());
    }

    /** What a stranger may send: it is refused with a sentence, soon, and without much memory. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"bomb|more than 100 MiB", "file|larger than 5 MiB", "deep|charts 8 deep", "climbs|leads upwards", "cut|damaged", "text|not a Helm chart", "none|has no Chart.yaml",
        "aliases|more than 200000 values", "circle|more than 100 in each other", "nameless|has no name", "list|not a mapping"})
    void should_refuse_what_is_made_to_do_harm(String kind, String why) throws IOException {
        byte[] values = switch (kind) {
            case "file" -> bytes("# ".repeat(3 << 20));
            case "aliases" -> bytes("a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
                    + "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n");
            case "circle" -> bytes("a: &a [*a]\n");
            case "list" -> bytes("[a, b]");
            default -> bytes("image: nginx:1");
        };
        Map<String, byte[]> files = new TreeMap<>(Map.of("shop/Chart.yaml", bytes(kind.equals("nameless") ? "a: b" : CHART), "shop/values.yaml", values));
        if (kind.equals("bomb")) {
            files.put("shop/templates/zeros", new byte[(100 << 20) + 1]);
        } else if (kind.equals("climbs")) {
            files.put("shop/../../evil", bytes("x"));
        } else if (kind.equals("none")) {
            files.remove("shop/Chart.yaml");
        }
        byte[] chart = archive(files);
        for (int i = 0; kind.equals("deep") && i < 10; i++) {
            files.put("shop/charts/shop.tgz", chart);
            chart = archive(files);
        }
        Files.write(folder.resolve("shop.tgz"), kind.equals("text") ? bytes("hello") : kind.equals("cut") ? Arrays.copyOf(chart, chart.length / 2) : chart);
        ChartImages charts = new ChartImages(new Workload(Map.of()), List.of(), List.of());
        WrongContentException refused = assertThrows(WrongContentException.class, () -> charts.of(folder.resolve("shop.tgz")));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }
}
