package tests.many;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import lib.workload.Variables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** What Kubernetes, Compose and kustomize files name, as those who read them would find it. */
class ImagesTest {
    @TempDir
    Path folder;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Program.Result images(String... arguments) {
        return Dray.script("images", arguments).in(folder).run();
    }

    private List<String> names(String... arguments) {
        return images(arguments).orFail().text().lines().toList();
    }

    @Test
    void should_find_containers_of_all_kinds_wherever_they_are() throws IOException {
        file("all.yaml", """
                # a comment
                apiVersion: v1
                kind: Pod
                spec:
                  initContainers: [{name: a, image: "busybox:1.36"}]
                  containers:
                    - {name: b, image: nginx}
                    - {name: c, image: nginx}
                  ephemeralContainers:
                    - name: d
                      image: 'debug/tools@sha256:%1$s'
                  volumes:
                    - name: data
                      image: {reference: quay.io/data/set:2, pullPolicy: Always}
                ---
                apiVersion: batch/v1
                kind: CronJob
                spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: registry.k8s.io/pause:3.9}]}}}}}
                ---
                apiVersion: v1
                kind: List
                items:
                - apiVersion: apps/v1
                  kind: StatefulSet
                  spec: {template: {spec: {containers: [{image: localhost:5000/db:16}]}}}
                - apiVersion: monitoring.coreos.com/v1
                  kind: Prometheus
                  spec: {image: quay.io/prometheus/prometheus:v2}
                ---
                apiVersion: v1
                kind: ConfigMap
                data:
                  pod.yaml: "image: not/this"
                """.formatted("0".repeat(64)));
        assertEquals(List.of("busybox:1.36", "nginx", "debug/tools@sha256:" + "0".repeat(64), "quay.io/data/set:2", "registry.k8s.io/pause:3.9", "localhost:5000/db:16",
                "quay.io/prometheus/prometheus:v2"), names("all.yaml"));
    }

    @Test
    void should_read_variables_beside_bytes_that_are_no_utf_8() throws IOException {
        Files.write(folder.resolve(".env"), "TAG=1\nAUTHOR=Andr\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        file("compose.yaml", "services: {web: {image: \"web:${TAG}\"}}\n");
        assertEquals(List.of("web:1"), names("compose.yaml"));
    }

    @Test
    void should_find_what_compose_would_run() throws IOException {
        file(".env", "# versions\nWEB=1.2\nexport DB='16'\n");
        file("compose.yaml", """
                x-base: &base {image: "base:${WEB}", restart: always}
                services:
                  web: {image: "team/web:$WEB"}
                  db: {image: "${REGISTRY:-quay.io}/db:${DB}"}
                  worker:
                    <<: *base
                  other:
                    <<: [*base]
                    image: other
                  built: {build: .}
                """);
        assertEquals(List.of("team/web:1.2", "quay.io/db:16", "base:1.2", "other"), names("compose.yaml"));
        Program.Result result = Dray.script("images", "compose.yaml").in(folder).env("WEB", "2").env("REGISTRY", "r.example").run().orFail();
        assertEquals(List.of("team/web:2", "r.example/db:16", "base:2", "other"), result.text().lines().toList());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"$A|1", "${A}x|1x", "${NONE:-d}|d", "${EMPTY:-d}|d", "${EMPTY-d}|''", "${A:+yes}|yes", "${EMPTY:+yes}|''", "${EMPTY+yes}|yes",
        "$$A|$A", "${NONE:-${A}}|1", "${NONE:-a${A}b}c|a1bc", "a$|a$", "${A:?must}|1", "$NONE.|.", "100$%|100$%"})
    void should_replace_variables_as_compose_does(String text, String expected) {
        assertEquals(expected, new Variables(Map.of("A", "1", "EMPTY", "")).expand(text));
    }

    @Test
    void should_take_what_kustomize_replaces() throws IOException {
        file("kustomization.yaml", """
                apiVersion: kustomize.config.k8s.io/v1beta1
                kind: Kustomization
                images:
                  - {name: nginx, newTag: "1.27"}
                  - {name: app, newName: r.example/app, digest: "sha256:%s"}
                  - {name: untouched}
                """.formatted("a".repeat(64)));
        assertEquals(List.of("nginx:1.27", "r.example/app@sha256:" + "a".repeat(64)), names("kustomization.yaml"));
    }

    @Test
    void should_read_stdin_and_all_files_of_a_folder() throws IOException {
        Files.createDirectory(folder.resolve("k8s"));
        file("k8s/b.yml", "{apiVersion: v1, image: b}");
        file("k8s/a.json", "{\"apiVersion\": \"v1\", \"image\": \"a\"}");
        file("k8s/notes.txt", "image: c");
        assertEquals(List.of("a", "b"), names("k8s"));
        Program.Result result = Dray.script("images").in(folder).stdin("\uFEFFapiVersion: v1\r\nimage: x\r\n".getBytes(StandardCharsets.UTF_8)).run().orFail();
        assertEquals("x\n", result.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"spec:\n  {{- if .Values.x }}\n  a: b\n", "apiVersion: v1\nimage: \"{{ .Values.image }}\"\n"})
    void should_say_that_a_template_must_be_rendered_first(String text) throws IOException {
        file("deploy.yaml", text);
        Program.Result result = images("deploy.yaml");
        assertEquals(5, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("deploy.yaml is a template") && result.stderr().contains("helm template"), result.stderr());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [", "\t- x", "a: &a\nb: *c\n", "%@!", "a: b: c"})
    void should_refuse_what_is_no_yaml(String text) throws IOException {
        file("broken.yaml", text);
        Program.Result result = images("broken.yaml");
        assertEquals(5, result.exitCode(), result.toString());
        assertTrue(result.stderr().startsWith("images: broken.yaml is not YAML: ") && result.stderr().lines().count() == 1, result.stderr());
    }

    @ParameterizedTest
    @ValueSource(strings = {"apiVersion: v1\na: &a [*a, *a]\nimage: x\n", "apiVersion: v1\na: &a {b: &b {<<: *a}, <<: *b}\nimage: x\n", "apiVersion: v1\nimage: !thing x\nother: !!set {a}\n",
        "services: &s {a: {<<: &m {<<: *s}}, x: {image: x}}\n"})
    void should_stand_circles_and_tags(String text) throws IOException {
        file("odd.yaml", text);
        assertEquals(List.of("x"), names("odd.yaml"));
    }

    @Test
    void should_leave_out_with_a_word_what_is_no_name() throws IOException {
        file("task.yaml", "apiVersion: v1\nsteps: [{image: $(params.image)}, {image: ok}, {image: ''}]\n");
        Program.Result result = images("task.yaml").orFail();
        assertEquals("ok\n", result.text());
        assertTrue(result.stderr().startsWith("task.yaml: left out: bad reference '$(params.image)'") && result.stderr().lines().count() == 1, result.stderr());
    }

    @Test
    void should_bring_what_a_cluster_needs_through_a_mirror_in_one_pipe() throws IOException {
        DebianRegistry registry = RealImages.registry();
        file("deploy.yaml", "apiVersion: v1\nkind: Pod\nspec: {containers: [{image: registry.k8s.io/test/small:1}, {image: registry.k8s.io/test/real:1}]}\n");
        byte[] names = images("deploy.yaml").orFail().stdout();
        Dray.script("pull", "-", "-o", "k8s.tar", "--platform", "linux/amd64", "--mirror", "registry.k8s.io=http://" + registry.host()).in(folder).stdin(names).run().orFail();
        String list = Program.run("tar", "-xOf", folder.resolve("k8s.tar").toString(), "manifest.json").orFail().text();
        assertTrue(list.contains("\"registry.k8s.io/test/small:1\"") && list.contains("\"registry.k8s.io/test/real:1\""), list);
    }
}
