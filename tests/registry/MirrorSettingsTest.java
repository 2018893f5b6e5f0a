package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.image.Reference;
import lib.registry.hosts.Endpoint;
import lib.registry.hosts.EndpointResolver;
import lib.registry.hosts.HostSettings;
import lib.registry.http.Http;
import lib.registry.mirrors.FarSideSettings;
import lib.registry.mirrors.MirrorSettings;
import lib.registry.settings.SettingsFolders;
import lib.workload.Workload;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

//SOURCES OddRegistry.java

/** Settings that are written for the tools name the same places when they are read. */
class MirrorSettingsTest {
    private static final Reference IMAGE = Reference.parse("nginx:alpine");

    @TempDir
    Path home;

    private List<Endpoint> all;

    /** Has the endpoints read from settings in which all kinds of addresses are. */
    @BeforeEach
    void have_mirrors_of_all_kinds(@TempDir Path other) throws IOException {
        write(other.resolve("containers/registries.conf"), "[[registry]]\nlocation = 'docker.io'\n[[registry.mirror]]\nlocation = 'd.invalid/hub'\n");
        write(other.resolve("containerd/certs.d/docker.io/hosts.toml"), """
                [host."https://a.invalid"]
                [host."http://b.invalid:5000"]
                [host."https://c.invalid"]
                  skip_verify = true
                [host."https://e.invalid/path"]
                [host."https://f.invalid"]
                  header = {X-Key = "s3cret"}
                [host."https://g.invalid/$(touch$IFS/x)"]
                [host."https://h.invalid/v2/hub"]
                  override_path = true
                [host."https://i.invalid/own"]
                  override_path = true
                """);
        all = endpoints(other);
        assertEquals(10, all.size());
        all = all.subList(0, 9);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Returns the mirrors that are read from the system's settings in this folder, and last the registry itself. */
    private static List<Endpoint> endpoints(Path etc) throws IOException {
        SettingsFolders folders = new SettingsFolders(Map.of("DRAY_ETC", etc.toString(), "HOME", etc.toString()));
        HostSettings hosts = new HostSettings(folders, false, Map.of(), line -> {
            throw new AssertionError(line);
        });
        return EndpointResolver.of(IMAGE, hosts, new Http(OddRegistry.network(null, 1000, 0, line -> { }).http(), IMAGE.registry()));
    }

    /** Returns the addresses of mirrors whose hosts begin with one of these letters, and whether they may be insecure. */
    private static List<String> named(List<Endpoint> endpoints, String letters) {
        return endpoints.stream().filter(endpoint -> letters.indexOf(endpoint.root().getHost().charAt(0)) >= 0)
                .map(endpoint -> endpoint.address() + (endpoint.insecure() ? ", insecure" : "")).toList();
    }

    private List<String> read(String file, String text) throws IOException {
        write(home.resolve(file), text);
        return named(endpoints(home), "abcdefghi");
    }

    @Test
    void should_be_read_by_containerd_as_they_were_meant() throws IOException {
        MirrorSettings written = MirrorSettings.hostsToml(IMAGE, all, endpoints(home).get(0));
        assertEquals(named(all, "abcdeghi"), read("containerd/certs.d/docker.io/hosts.toml", written.text()));
        assertTrue(written.text().contains("server = \"https://registry-1.docker.io\""), written.text());
        assertEquals(1, written.leftOut().size());
        assertTrue(!written.text().contains("s3cret") && !written.leftOut().toString().contains("s3cret"), written.toString());
    }

    /** What podman may ask over plain HTTP is called insecure; which of the two it speaks is found out when it is asked. */
    @Test
    void should_be_read_by_podman_as_they_were_meant() throws IOException {
        MirrorSettings written = MirrorSettings.registriesConf(IMAGE, all);
        List<String> hosts = read("containers/registries.conf", written.text()).stream().map(each -> each.replaceFirst("^https?://", "").replace(":80/", "/")).toList();
        assertEquals(List.of("d.invalid/v2/hub/library/nginx", "a.invalid/v2/library/nginx", "b.invalid:5000/v2/library/nginx, insecure", "c.invalid/v2/library/nginx, insecure",
                "h.invalid/v2/hub/library/nginx"), hosts);
        assertEquals(4, written.leftOut().size(), written.leftOut().toString());
    }

    @Test
    void should_be_read_by_docker_as_they_were_meant() throws IOException {
        MirrorSettings written = MirrorSettings.daemonJson(IMAGE, all);
        assertEquals(named(all, "abc"), read("docker/daemon.json", written.text()));
        assertEquals(6, written.leftOut().size(), written.leftOut().toString());
    }

    private static String farSide(String form, String... images) {
        Map<Reference, Reference> targets = new LinkedHashMap<>();
        for (String image : images) {
            Reference name = Reference.parse(image);
            targets.put(name, Reference.parse("a.invalid/far/" + name.repository() + ":" + name.tag()));
        }
        return new FarSideSettings(targets, URI.create("https://a.invalid"), false).in(form);
    }

    @Test
    void should_lead_from_the_names_in_manifests_to_the_registry_that_the_images_were_brought_to() throws IOException {
        List<String> expected = List.of("https://a.invalid/v2/far/library/nginx");
        assertEquals(expected, read("containers/registries.conf", farSide("registries.conf", "ghcr.io/org/app:1", "nginx:alpine")));
        Files.delete(home.resolve("containers/registries.conf"));
        assertEquals(expected, read("containerd/certs.d/docker.io/hosts.toml", farSide("hosts.toml", "nginx:alpine")));
        Files.delete(home.resolve("containerd/certs.d/docker.io/hosts.toml"));
        assertEquals(expected, read("containerd/certs.d/_default/hosts.toml", farSide("hosts.toml", "ghcr.io/org/app:1", "nginx:alpine")).stream().map(each -> each.replaceFirst("[?]ns=.*", "")).toList());
    }

    @Test
    void should_rename_images_by_kustomize_however_manifests_write_them() throws IOException {
        write(home.resolve("far/kustomization.yaml"), farSide("kustomize", "ghcr.io/org/app:1", "nginx:alpine"));
        write(home.resolve("kustomization.yaml"), "resources: [pods.yaml]\ncomponents: [far]\n");
        write(home.resolve("pods.yaml"), Stream.of("nginx:alpine", "docker.io/nginx:alpine", "library/nginx:alpine", "docker.io/library/nginx:alpine", "ghcr.io/org/app:1")
                .map("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: '%s'}]}\n---\n"::formatted).collect(Collectors.joining()));
        assertEquals(Set.of("a.invalid/far/library/nginx:alpine", "a.invalid/far/org/app:1"), new Workload(Map.of()).folder(home).images().keySet());
    }

    @Test
    void should_be_mirror_sets_of_openshift_for_tags_and_digests() throws IOException {
        List<Object> sets = new ArrayList<>();
        new Yaml().loadAll(farSide("idms", "ghcr.io/org/app:1", "nginx:alpine")).forEach(sets::add);
        List<Map<String, Object>> mirrors = List.of(Map.of("source", "ghcr.io", "mirrors", List.of("a.invalid/far")), Map.of("source", "docker.io", "mirrors", List.of("a.invalid/far")));
        assertEquals(List.of(Map.of("apiVersion", "config.openshift.io/v1", "kind", "ImageDigestMirrorSet", "metadata", Map.of("name", "dray"), "spec", Map.of("imageDigestMirrors", mirrors)),
                Map.of("apiVersion", "config.openshift.io/v1", "kind", "ImageTagMirrorSet", "metadata", Map.of("name", "dray"), "spec", Map.of("imageTagMirrors", mirrors))), sets);
    }

    /** An address may come from a list of anybody's, and what is printed is pasted into a shell. */
    @Test
    void should_be_safe_in_a_shell() {
        MirrorSettings written = MirrorSettings.addresses(IMAGE, all);
        assertEquals(List.of("docker.io=https://a.invalid", "docker.io=http://b.invalid:5000", "docker.io=https://c.invalid", "docker.io=https://e.invalid/path"), written.text().lines().toList());
        assertEquals(5, written.leftOut().size(), written.leftOut().toString());
    }

    @Test
    void should_be_none_without_a_mirror() {
        for (MirrorSettings none : List.of(MirrorSettings.addresses(IMAGE, List.of()), MirrorSettings.registriesConf(IMAGE, List.of()), MirrorSettings.hostsToml(IMAGE, List.of(), all.get(0)),
                MirrorSettings.daemonJson(IMAGE, List.of()))) {
            assertEquals("", none.text());
        }
    }
}
