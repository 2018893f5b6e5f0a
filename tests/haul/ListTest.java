package tests.haul;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.haul.Haul;
import lib.image.Platform;
import lib.image.Reference;
import lib.verb.referrers.ReferrerSelection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of images: names on lines, and YAML. */
class ListTest {
    private static List<String> entries(String text) throws IOException {
        Haul haul = Haul.read(text.getBytes(StandardCharsets.UTF_8), "list", Reference::parse, List.of(Platform.parse("linux/amd64")), false, ReferrerSelection.ALL);
        return haul.list().stream().map(Object::toString).toList();
    }

    @Test
    void should_read_names_one_a_line() throws IOException {
        assertEquals(List.of("nginx:1.27", "localhost:5000/a:1", "redis:latest"), entries("# ours\n\nnginx:1.27   # web\r\nlocalhost:5000/a:1\nredis\n"));
    }

    @Test
    void should_read_yaml_with_numbers_as_they_are_written() throws IOException {
        assertEquals(List.of("nginx:1.10", "nginx ^1.27-alpine, newest 2", "ghcr.io/org/app:1.10,stable", "ghcr.io/org/tool /^nightly-/, newest 1", "redis, newest 3"), entries("""
                platforms: [linux/amd64, linux/arm64]
                images:
                  - nginx:1.10
                  - {name: nginx, versions: ^1.27-alpine, newest: 2, platforms: all, referrers: none}
                  - name: ghcr.io/org/app
                    tags: [1.10, stable]
                  - name: ghcr.io/org/tool
                    regex: ^nightly-
                    newest: 1
                    prereleases: true
                  - {name: redis, newest: 3}
                """));
        assertEquals(List.of("nginx:1"), entries("- nginx:1\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "images: []\n", "UPPER/case\n", "images:\n  - name: nginx\n    version: ^1\n", "images:\n  - name: nginx:1\n    versions: ^1\n",
        "images:\n  - {name: nginx, versions: soon}\n", "images:\n  - {name: nginx, regex: '('}\n", "images:\n  - {name: nginx, newest: 0}\n", "image: nginx\n",
        "images:\n  - {name: nginx, platforms: amd64}\n", "images:\n  - {name: nginx, tags: ['a b']}\n", "platforms: linux/amd64\nimages:\n  - {newest: 1}\n", "- nginx:1\n---\n- redis:1\n"})
    void should_say_what_is_wrong_with_a_list(String text) {
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class, () -> entries(text));
        assertTrue(wrong.getMessage().startsWith("list") && wrong.getMessage().lines().count() == 1, wrong.getMessage());
    }
}
