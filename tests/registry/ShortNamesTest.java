package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.registry.hosts.ShortNames;
import lib.registry.settings.SettingsFolders;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** Names without a host, and the aliases that podman's settings have for them. */
class ShortNamesTest {
    @TempDir
    Path home;

    private final Map<String, String> variables = new HashMap<>();
    private final List<String> notices = new ArrayList<>();

    @Test
    void should_replace_a_short_name_and_keep_its_tag_and_digest() throws IOException {
        Path file = put("etc/containers/registries.conf.d/shortnames.conf", """
                [aliases]
                  # a list, as distributions have it
                  "fedora" = "registry.fedoraproject.org/fedora"
                  "team/app" = "registry.example.com:5000/team/app"
                  "debian" = "docker.io/library/debian"
                """);
        assertEquals("registry.fedoraproject.org/fedora:latest", parsed("fedora"));
        assertEquals(List.of("fedora is short for registry.fedoraproject.org/fedora (" + file + ")"), notices);
        assertEquals("registry.fedoraproject.org/fedora:40", parsed("fedora:40"));
        String digest = "@sha256:" + "0".repeat(64);
        assertEquals("registry.fedoraproject.org/fedora" + digest, parsed("fedora" + digest));
        assertEquals("registry.fedoraproject.org/fedora:40" + digest, parsed("fedora:40" + digest));
        assertEquals("registry.example.com:5000/team/app:1", parsed("team/app:1"));
        notices.clear();
        assertEquals("docker.io/library/debian:12", parsed("debian:12"));
        assertEquals("docker.io/library/fedor:latest", parsed("fedor"));
        assertEquals("docker.io/other/fedora:latest", parsed("other/fedora"));
        assertEquals("docker.io/library/app:latest", parsed("app"));
        assertEquals(List.of(), notices);
    }

    @Test
    void should_take_a_name_with_a_host_as_it_is() throws IOException {
        put("etc/containers/registries.conf", "[aliases]\n'localhost/app' = 'one.example/app'\n'quay.io/app' = 'one.example/app'\n'library/fedora' = 'one.example/fedora'\n");
        assertEquals("localhost/app:latest", parsed("localhost/app"));
        assertEquals("quay.io/app:latest", parsed("quay.io/app"));
        assertEquals("docker.io/library/fedora:latest", parsed("docker.io/library/fedora"));
        assertEquals("docker.io/library/fedora:latest", parsed("fedora"));
        assertEquals(List.of(), notices);
    }

    /** As containers/image does: pkg/sysregistriesv2, ResolveShortNameAlias. */
    @Test
    void should_take_the_alias_that_podman_takes() throws IOException {
        List<String> files = List.of("etc/containers/registries.conf", "etc/containers/registries.conf.d/10.conf", "etc/containers/registries.conf.d/20.conf",
                ".config/containers/registries.conf.d/10.conf", "cache/containers/short-name-aliases.conf");
        for (String file : files) {
            put(file, "[aliases]\napp = '" + "host.example/" + file.replaceAll("[^a-z0-9]", "") + "'\n");
            putInCache(file);
            assertEquals("host.example/" + file.replaceAll("[^a-z0-9]", "") + ":latest", parsed("app"));
        }
        Files.delete(home.resolve("var/cache/containers/short-name-aliases.conf"));
        Files.delete(home.resolve(".cache/containers/short-name-aliases.conf"));
        variables.put("CONTAINERS_REGISTRIES_CONF", put("own.conf", "aliases = {other = 'own.example/other'}").toString());
        assertEquals("own.example/other:latest", parsed("other"));
        Files.delete(home.resolve(".config/containers/registries.conf.d/10.conf"));
        assertEquals("host.example/etccontainersregistriesconfd20conf:latest", parsed("app"), "a file that is named counts instead of registries.conf, not of the folder beside it");
    }

    @Test
    void should_switch_off_an_alias_that_is_empty() throws IOException {
        put("etc/containers/registries.conf.d/10.conf", "[aliases]\napp = 'host.example/app'\n");
        put("etc/containers/registries.conf.d/20.conf", "[aliases]\napp = ''\n");
        assertEquals("docker.io/library/app:latest", parsed("app"));
        assertEquals(List.of(), notices);
    }

    @Test
    void should_say_what_is_wrong_with_an_alias() throws IOException {
        for (String wrong : List.of("'app'", "'host.example/app:1'", "'host.example/app@sha256:" + "0".repeat(64) + "'", "'host.example/APP'", "'https://host.example/app'", "'-o.example/app'", "7", "['a.example/b']")) {
            Path file = put("etc/containers/registries.conf", "[aliases]\n'app' = " + wrong + "\n'fine' = 'host.example/fine'\n");
            String message = assertThrows(IllegalArgumentException.class, () -> parsed("app")).getMessage();
            assertTrue(message.startsWith("the alias of 'app' in " + file), message);
            assertEquals("host.example/fine:latest", parsed("fine"));
        }
    }

    @Test
    void should_skip_a_file_that_is_no_toml_with_a_warning() throws IOException {
        Path file = put("etc/containers/registries.conf", "[aliases]\napp = \n");
        assertEquals("docker.io/library/app:latest", parsed("app"));
        assertTrue(notices.get(0).startsWith("warning: " + file + " is skipped: it is no TOML, in line 2"), notices.toString());
    }

    @Test
    void should_hand_the_full_name_on_in_a_pipe() throws IOException {
        String there = RealImages.registry().image("test/small");
        put("etc/containers/registries.conf", "[aliases]\n'small' = '" + there + "'\n");
        Program.Result result = Dray.script(home, "manifest", "--platform", "linux/amd64", "small:1").run().orFail();
        assertEquals(there + ":1", Json.object(result.stdout(), "the stage").path("image").path("name").asText());
        assertTrue(result.stderr().startsWith("small is short for " + there + " ("), result.stderr());
        put("etc/containers/registries.conf", "[aliases]\n'small' = 'other.invalid/small'\n");
        Path layout = home.resolve("small.oci");
        Dray.script(home, "blob", "--to", layout.toString()).stdin(result.stdout()).run().orFail();
        assertTrue(Files.isRegularFile(layout.resolve("index.json")));
    }

    @Test
    void should_know_short_names_in_every_script_that_asks_a_registry() throws IOException {
        put("etc/containers/registries.conf", "[aliases]\n'team/small' = '" + RealImages.registry().image("test/small") + "'\n");
        for (List<String> command : List.of(List.of("token", "team/small"), List.of("tags", "team/small"), List.of("inspect", "--platform", "linux/amd64", "team/small:1"), List.of("referrers", "team/small:1"),
                List.of("doctor", "team/small:1"), List.of("ls", "--platform", "linux/amd64", "team/small:1"), List.of("pull", "--platform", "linux/amd64", "-o", home.resolve("small.tar").toString(), "team/small:1"))) {
            String[] arguments = command.subList(1, command.size()).toArray(String[]::new);
            Program.Result result = Dray.script(home, command.get(0), arguments).run().orFail();
            assertTrue(result.stderr().contains("team/small is short for "), result.toString());
        }
        Path piped = home.resolve("piped.tar");
        Dray.script(home, "pull", "--platform", "linux/amd64", "-o", piped.toString(), "-").stdin("team/small:1\n").run().orFail();
        assertTrue(Files.isRegularFile(piped));
    }

    @Test
    void should_read_toml_only_where_it_says_something_of_the_name() throws IOException {
        put("etc/containers/registries.conf", "[aliases]\n'small' = '" + RealImages.registry().image("test/small") + "'\n");
        Path log = home.resolve("classes.log");
        Dray.script(home, "manifest", RealImages.registry().image(RealImages.SMALL), "--platform", "linux/amd64").env("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log).run().orFail();
        assertTrue(Files.readString(log).contains(" lib.registry.hosts.ShortNames "));
        assertFalse(Files.readString(log).contains("dataformat.toml"));
    }

    private String parsed(String text) {
        variables.put("HOME", home.toString());
        variables.put("DRAY_ETC", home.resolve("etc").toString());
        return ShortNames.parse(text, new SettingsFolders(variables), notices::add).toString();
    }

    /** Podman keeps what it was told for root elsewhere than for others. */
    private void putInCache(String file) throws IOException {
        if (file.startsWith("cache/")) {
            put("var/" + file, Files.readString(home.resolve(file)));
            put("." + file, Files.readString(home.resolve(file)));
        }
    }

    private Path put(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
