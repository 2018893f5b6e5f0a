package tests.many;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Dray;
import tests.support.Program;

//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java

/** The images of files that lead to others: kustomizations, Compose files, folders. What is expected is what kubectl and docker compose print. */
class FollowedFilesTest {
    private static final String DEPLOYMENT = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              template:
                spec:
                  initContainers:
                  - {name: init, image: "busybox:1"}
                  containers:
                  - {name: web, image: "nginx:1.25"}
                  - {name: side, image: "side:1"}
                  - {name: gone, image: "gone:1"}
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: db}
            spec: {template: {spec: {containers: [{name: db, image: "postgres:15"}, {name: b, image: "b:1"}]}}}
            """;

    @TempDir
    Path folder;

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private Program.Result images(String... arguments) {
        return Dray.script("images", arguments).in(folder).run();
    }

    private List<String> names(String... arguments) {
        return images(arguments).orFail().text().lines().toList();
    }

    @Test
    void should_follow_a_kustomization_without_a_kind_to_its_base() throws IOException {
        file("base/kustomization.yaml", "resources: [deploy.yaml]\n");
        file("base/deploy.yaml", DEPLOYMENT);
        file("base/unused.yaml", "{apiVersion: v1, image: unused}");
        file("overlay/kustomization.yaml", "resources: [../base]\nimages: [{name: nginx, newName: r.example/nginx}, {name: none, newTag: '9'}]\n");
        List<String> expected = List.of("busybox:1", "r.example/nginx:1.25", "side:1", "gone:1", "postgres:15", "b:1");
        assertEquals(expected, names("overlay"));
        assertEquals(expected, names("overlay/kustomization.yaml"));
        assertEquals(expected, names("."));
    }

    @Test
    void should_apply_components_and_patches() throws IOException {
        file("base/kustomization.yaml", "resources: [deploy.yaml]\n");
        file("base/deploy.yaml", DEPLOYMENT);
        file("comp/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages: [{name: side, newTag: '2'}]\n");
        file("overlay/merge.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web}
                spec: {template: {spec: {initContainers: [{name: init, image: "busybox:2"}], containers: [{name: gone, $patch: delete}]}}}
                """);
        file("overlay/kustomization.yaml", """
                resources: [../base]
                components: [../comp]
                patches:
                - path: merge.yaml
                - target: {kind: StatefulSet, name: d.*}
                  patch: |-
                    - {op: replace, path: /spec/template/spec/containers/0/image, value: "postgres:17"}
                    - {op: add, path: /spec/template/spec/containers/-, value: {name: n, image: "added:1"}}
                    - {op: remove, path: /spec/template/spec/containers/1}
                """);
        assertEquals(List.of("busybox:2", "nginx:1.25", "side:2", "postgres:17", "added:1"), names("."));
    }

    @Test
    void should_say_what_a_kustomization_leads_to_that_is_not_here() throws IOException {
        file("kustomization.yaml", """
                resources: ["https://github.com/team/app//deploy?ref=v1"]
                images: [{name: app, newTag: "2"}, {name: other, newName: r.example/other}]
                """);
        Program.Result result = images(".").orFail();
        assertEquals("app:2\n", result.text());
        assertTrue(result.stderr().contains("left out: https://github.com/team/app//deploy?ref=v1"), result.stderr());
        assertTrue(result.stderr().contains("left out: the tag of r.example/other"), result.stderr());
    }

    @Test
    void should_refuse_a_kustomization_that_leads_to_nothing_or_to_itself() throws IOException {
        file("nothing/kustomization.yaml", "resources: [none.yaml]\n");
        file("a/kustomization.yaml", "resources: [../b]\n");
        file("b/kustomization.yaml", "resources: [../a]\n");
        Program.Result nothing = images("nothing");
        assertEquals(3, nothing.exitCode(), nothing.toString());
        assertTrue(nothing.stderr().contains("none.yaml does not exist"), nothing.stderr());
        Program.Result circle = images("a");
        assertEquals(5, circle.exitCode(), circle.toString());
        assertTrue(circle.stderr().contains("leads back to itself"), circle.stderr());
    }

    @Test
    void should_list_the_others_where_a_file_fails_and_end_with_its_exit_code() throws IOException {
        file("k8s/nothing/kustomization.yaml", "resources: [none.yaml]\n");
        file("k8s/circle.yaml", "include: [circle.yaml]\n");
        file("k8s/unset.yaml", "services: {a: {image: \"${TAG:?say which}\"}}\n");
        file("k8s/broken.yaml", "a: [\n");
        file("k8s/chart.yaml", "apiVersion: v1\nimage: '{{ x }}'\n");
        file("k8s/z.yaml", "{apiVersion: v1, image: z}");
        file("fine.yaml", "{apiVersion: v1, image: fine}");
        Program.Result result = images("none.yaml", "k8s", "fine.yaml");
        assertEquals(3, result.exitCode(), result.toString());
        assertEquals("z\nfine\n", result.text());
        List<String> told = result.stderr().lines().toList();
        assertTrue(told.contains("images: none.yaml does not exist or cannot be read"), result.stderr());
        assertTrue(told.stream().anyMatch(line -> line.startsWith("images: ") && line.contains("none.yaml does not exist")), result.stderr());
        assertTrue(told.stream().anyMatch(line -> line.contains("circle.yaml includes itself")), result.stderr());
        assertTrue(told.stream().anyMatch(line -> line.matches("images: k8s.unset.yaml: the variable TAG must be set: say which")), result.stderr());
        assertTrue(told.stream().anyMatch(line -> line.contains("broken.yaml is not YAML")), result.stderr());
        assertTrue(told.stream().anyMatch(line -> line.contains("chart.yaml is a template")), result.stderr());
        assertEquals(5, images("k8s/broken.yaml", "fine.yaml").exitCode());
    }

    @Test
    void should_read_no_more_of_a_file_without_an_end_than_any_file_has() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/zero")));
        file("fine.yaml", "{apiVersion: v1, image: fine}");
        Program.Result result = images("/dev/zero", "fine.yaml");
        assertEquals(5, result.exitCode(), result.toString());
        assertEquals("fine\n", result.text());
        assertEquals("images: /dev/zero is larger than 64 MiB\n", result.stderr());
        assertEquals("images: stdin is larger than 64 MiB\n", Dray.script("images").in(folder).inBash("\"$@\" </dev/zero").run().stderr());
        assertEquals("pull: the list on stdin is larger than 16 MiB\n", Dray.script("pull", "-").in(folder).inBash("\"$@\" </dev/zero").run().stderr());
    }

    @Test
    void should_read_folders_of_folders_but_no_charts() throws IOException {
        file("k8s/one/a.yaml", "{apiVersion: v1, image: a}");
        file("k8s/one/two/b.yml", "{apiVersion: v1, image: b}");
        file("k8s/.tool/c.yaml", "{apiVersion: v1, image: c}");
        file("k8s/chart/Chart.yaml", "{apiVersion: v2, name: chart}");
        file("k8s/chart/templates/d.yaml", "{{- if .Values.x }}\napiVersion: v1\n{{- end }}\n");
        Program.Result result = images("k8s").orFail();
        assertEquals("a\nb\n", result.text());
        assertTrue(result.stderr().contains("chart: left out: it is a Helm chart"), result.stderr());
        assertEquals("", images("k8s/chart").orFail().text());
    }

    @Test
    void should_follow_what_compose_includes_and_extends() throws IOException {
        file(".env", "TAG=1\n");
        file("compose.yaml", """
                include:
                  - sub/compose.yaml
                  - {path: [other.yaml, override.yaml], project_directory: sub}
                services:
                  web: {extends: {file: "common/${NONE:-base}.yaml", service: web}}
                  worker: {extends: job, command: work}
                  job: {extends: {service: own}, image: "job:${TAG}"}
                  own: {build: .}
                  vol: {image: vol, volumes: [{type: image, source: "data:${TAG}", target: /data}]}
                """);
        file("sub/.env", "TAG=2\nSUB=3\n");
        file("sub/compose.yaml", "services: {sub: {image: \"sub:${TAG}-${SUB}\"}}\n");
        file("other.yaml", "services: {other: {image: other:1}, kept: {image: kept}}\n");
        file("override.yaml", "services: {other: {image: other:2}}\n");
        file("common/base.yaml", "services: {web: {extends: deep}, deep: {image: \"common:${TAG}\"}}\n");
        List<String> expected = List.of("sub:1-3", "other:2", "kept", "common:1", "job:1", "vol", "data:1");
        assertEquals(expected, names("compose.yaml"));
    }

    @Test
    void should_refuse_what_compose_extends_or_includes_in_vain() throws IOException {
        file("missing.yaml", "services: {a: {extends: {file: none.yaml, service: a}}}\n");
        file("service.yaml", "services: {a: {extends: none}}\n");
        file("circle.yaml", "services: {a: {extends: b}, b: {extends: a}}\n");
        file("itself.yaml", "include: [itself.yaml]\n");
        file("far.yaml", "include: [\"oci://docker.io/team/app\"]\nservices: {a: {image: a}}\n");
        assertEquals(3, images("missing.yaml").exitCode());
        assertEquals(3, images("service.yaml").exitCode());
        assertEquals(5, images("circle.yaml").exitCode());
        assertEquals(5, images("itself.yaml").exitCode());
        Program.Result far = images("far.yaml").orFail();
        assertEquals("a\n", far.text());
        assertTrue(far.stderr().contains("left out: oci://docker.io/team/app is not on this machine"), far.stderr());
    }

    @Test
    void should_list_the_others_of_a_file_with_a_templated_image() throws IOException {
        file("deploy.yaml", "apiVersion: v1\nspec: {containers: [{image: 'a:1'}, {image: '{{ .Values.image }}'}, {image: {{ x }}}]}\n");
        Program.Result result = images("deploy.yaml").orFail();
        assertEquals("a:1\n", result.text());
        assertTrue(result.stderr().contains("left out: '{{ .Values.image }}' is still a template") && result.stderr().lines().count() == 2, result.stderr());
    }

    @Test
    void should_take_no_image_from_texts_and_schemas() throws IOException {
        file("config.yaml", """
                {apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {image: "not/this:1"}}
                ---
                apiVersion: v1
                kind: List
                items: [{apiVersion: v1, kind: Secret, stringData: {image: "nor/this:1"}}, {apiVersion: v1, kind: Pod, spec: {containers: [{image: this}]}}]
                """);
        assertEquals(List.of("this"), names("config.yaml"));
    }

    @Test
    void should_tell_of_images_in_arguments_and_variables_and_print_them_if_asked() throws IOException {
        file("operator.yaml", """
                apiVersion: apps/v1
                kind: Deployment
                spec: {template: {spec: {containers: [{name: o, image: quay.io/p/operator:1,
                  args: ["--prometheus-config-reloader=quay.io/p/reloader:1", --image, "team/tool:2", "--images=a=quay.io/a:1,b=quay.io/b:1", "--sidecar-image=nginx:1",
                    "--image-pull-secret=ns/name", "--config=/etc/image:1", "--url=https://quay.io/x:1", "--leader=kube-system/x"],
                  env: [{name: RELATED_IMAGE_X, value: "quay.io/p/x:1"}, {name: SIDECAR_IMAGE, value: "side/car"}, {name: USE_IMAGE, value: "true"},
                    {name: OTHER, value: "ghcr.io/o/other@sha256:%1$s"}, {name: VAR_IMAGE, value: $(RELATED_IMAGE_X)}]}]}}}
                ---
                {apiVersion: example.com/v1, kind: Thing, spec: {image: {registry: quay.io, repository: t/thing, tag: "3"}}}
                """.formatted("0".repeat(64)));
        List<String> mentioned = List.of("quay.io/p/reloader:1", "team/tool:2", "quay.io/a:1", "quay.io/b:1", "nginx:1", "quay.io/p/x:1", "side/car",
                "ghcr.io/o/other@sha256:" + "0".repeat(64), "quay.io/t/thing:3");
        Program.Result result = images("operator.yaml").orFail();
        assertEquals("quay.io/p/operator:1\n", result.text());
        assertEquals(mentioned, result.stderr().lines().filter(line -> line.startsWith("perhaps needed too: ")).map(line -> line.split(" ")[3]).toList());
        assertTrue(result.stderr().contains("(operator.yaml, RELATED_IMAGE_X)") && result.stderr().contains("--with-mentioned"), result.stderr());
        List<String> all = names("--with-mentioned", "operator.yaml");
        assertEquals(mentioned, all.subList(1, all.size()));
    }
}
