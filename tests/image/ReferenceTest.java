package tests.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lib.image.Digest;
import lib.image.Reference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceTest {
    private static final String DIGEST = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @ParameterizedTest
    @CsvSource({
        "nginx,                          docker.io,         library/nginx, latest",
        "nginx:alpine,                   docker.io,         library/nginx, alpine",
        "library/nginx:alpine,           docker.io,         library/nginx, alpine",
        "bitnami/redis:7.2,              docker.io,         bitnami/redis, 7.2",
        "a/b/c/d,                        docker.io,         a/b/c/d,       latest",
        "docker.io/nginx,                docker.io,         library/nginx, latest",
        "docker.io/bitnami/redis,        docker.io,         bitnami/redis, latest",
        "index.docker.io/nginx:1,        docker.io,         library/nginx, 1",
        "registry-1.docker.io/library/nginx, docker.io,     library/nginx, latest",
        "ghcr.io/owner/name:v1,          ghcr.io,           owner/name,    v1",
        "GHCR.IO/owner/name:V1,          ghcr.io,           owner/name,    V1",
        "quay.io/name,                   quay.io,           name,          latest",
        "localhost/name,                 localhost,         name,          latest",
        "localhost:5000/a/b:1,           localhost:5000,    a/b,           1",
        "127.0.0.1:5000/a,               127.0.0.1:5000,    a,             latest",
        "[::1]:5000/a:1,                 '[::1]:5000',      a,             1",
        "[fd00::17]/a,                   '[fd00::17]',      a,             latest",
        "host:5000/a,                    host:5000,         a,             latest",
        "host/a,                         docker.io,         host/a,        latest",
        "my-registry.example:443/a,      my-registry.example:443, a,       latest",
        "a.b/c,                          a.b,               c,             latest",
        "a.b,                            docker.io,         library/a.b,   latest",
        "a_b__c-d---e:x,                 docker.io,         library/a_b__c-d---e, x",
        "nginx:_x,                       docker.io,         library/nginx, _x",
        "nginx:1.2-a_B.,                 docker.io,         library/nginx, 1.2-a_B.",
        "5000:5000,                      docker.io,         library/5000,  5000",
    })
    void should_tell_registry_repository_and_tag_apart(String text, String registry, String repository, String tag) {
        assertEquals(new Reference(registry, repository, tag, null), Reference.parse(text));
        assertEquals(registry + "/" + repository + ":" + tag, Reference.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({
        "nginx,                 docker.io/library/nginx",
        "nginx:alpine,          docker.io/library/nginx:alpine",
        "quay.io/a/b,           quay.io/a/b",
        "localhost:5000/a:1,    localhost:5000/a:1",
    })
    void should_let_a_digest_decide_and_keep_the_tag(String name, String fullName) {
        Reference reference = Reference.parse(name + "@" + DIGEST);
        assertEquals(Digest.parse(DIGEST), reference.digest());
        assertEquals(DIGEST, reference.tagOrDigest());
        assertEquals(fullName + "@" + DIGEST, reference.toString());
        assertEquals(name + "@" + DIGEST, reference.familiarName());
        assertEquals(name.matches(".*:[^/]*") ? fullName : null, reference.taggedName());
        assertEquals(reference, Reference.parse(reference.toString()));
    }

    @Test
    void should_ask_for_the_tag_where_there_is_no_digest() {
        Reference reference = Reference.parse("nginx:alpine");
        assertEquals("alpine", reference.tagOrDigest());
        assertEquals("nginx:alpine", reference.familiarName());
        assertEquals("docker.io/library/nginx:alpine", reference.taggedName());
        assertEquals("docker.io/library/nginx:alpine@" + DIGEST, reference.withDigest(Digest.parse(DIGEST)).toString());
    }

    @Test
    void should_have_no_tag_where_only_a_digest_was_given() {
        assertNull(Reference.parse("nginx@" + DIGEST).tag());
        assertNull(Reference.parse("nginx@" + DIGEST).taggedName());
    }

    @ParameterizedTest
    @CsvSource({
        "nginx,                         nginx_latest",
        "nginx:alpine,                  nginx_alpine",
        "bitnami/redis:7.2,             bitnami_redis_7.2",
        "localhost:5000/a/b:1,          a_b_1",
        "ghcr.io/library/x:V1,          library_x_V1",
        "nginx@" + DIGEST + ",          nginx_ba7816bf8f01",
        "nginx:alpine@" + DIGEST + ",   nginx_alpine",
    })
    void should_give_its_archive_a_name_that_suits_every_file_system(String text, String name) {
        assertEquals(name, Reference.parse(text).fileName());
    }

    @Test
    void should_take_names_up_to_their_longest() {
        String longest = "a".repeat(127) + "/" + "b".repeat(127);
        assertEquals(longest, Reference.parse("quay.io/" + longest).repository());
        assertThrows(IllegalArgumentException.class, () -> Reference.parse("quay.io/" + longest + "c"));
        assertEquals("t".repeat(128), Reference.parse("nginx:" + "t".repeat(128)).tag());
        assertThrows(IllegalArgumentException.class, () -> Reference.parse("nginx:" + "t".repeat(129)));
    }

    @ParameterizedTest
    @CsvSource({"oci://quay.io/charts/app:1.2.3, quay.io/charts/app:1.2.3", "oci://quay.io/app:1.2.3+build.4, quay.io/app:1.2.3_build.4",
        "oci://localhost:5000/app, localhost:5000/app:latest", "oci://nginx, docker.io/library/nginx:latest"})
    void should_take_the_names_that_helm_writes(String text, String name) {
        assertEquals(name, Reference.parse(text).toString());
    }

    static List<String> bad() {
        String hex = DIGEST.substring("sha256:".length());
        return List.of("", " ", ":", "/", "@", ":tag", "@" + DIGEST, ":tag@" + DIGEST,
                "nginx:", "nginx@", "nginx:@" + DIGEST, "nginx@sha256:abc", "nginx@" + hex, "nginx@" + DIGEST + "@" + DIGEST, "nginx@" + DIGEST + ":tag",
                hex, "nginx:-x", "nginx:.x", "nginx:a b", "nginx:ä", "nginx:a:b", "nginx:a+b", "nginx:latest\n",
                "Nginx", "quay.io/Owner/name", "nginx ", " nginx", "nginx\n", "ngi nx", "nginx\0", "ngïnx",
                "/nginx", "nginx/", "a//b", "-a", "a-", "_a", "a_", ".a", "a.", "a..b", "a___b", "a._b", "a.-b", "a/-b",
                "..", "../etc", "a/../b", "quay.io/..", "quay.io/../x", "./a", "~/a", "a\\b",
                "quay.io/", "quay.io/:tag", "docker.io/", "localhost:5000/", "localhost:5000/:1",
                "localhost:/a", "localhost:x/a", "localhost:-1/a", "localhost:65536/a", "localhost:5000:5000/a", "host_name.io/a", "a.b_c__d-e--f/0",
                "-host.io/a", "host-.io/a", ".io/a", "host..io/a", "[::1/a", "::1/a", "[::1]x/a", "[nothost]/a", "user@host.io/a", "user:password@host.io/a",
                "https://quay.io/a", "http://localhost:5000/a", "docker://nginx", "oci://", "oci://docker://nginx", "oci+://nginx", "quay.io/a?x=y", "quay.io/a#b", "quay.io/a%2fb", "*", "a,b");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void should_refuse_a_bad_name_and_show_it(String text) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Reference.parse(text));
        assertTrue(refused.getMessage().startsWith("bad reference '" + text + "': "), refused.getMessage());
    }

    @Test
    void should_say_that_a_name_is_no_address() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Reference.parse("https://quay.io/a"));
        assertTrue(refused.getMessage().contains("write quay.io/a, without https://"), refused.getMessage());
    }

    @Test
    void should_offer_the_lower_case_name() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Reference.parse("quay.io/Owner/Name:V1"));
        assertTrue(refused.getMessage().contains("lower case"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"a., a/b", "a-, a/b", "a/, a", "a__, a", "'',a.io/a:"})
    void should_refuse_a_name_without_an_end(String repeated, String end) {
        assertThrows(IllegalArgumentException.class, () -> Reference.parse(repeated.repeat(100_000) + end + "a".repeat(100_000)));
    }
}
