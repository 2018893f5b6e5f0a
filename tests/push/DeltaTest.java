package tests.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** What a delta lacks is somewhere in the registry it is pushed to. */
class DeltaTest {
    @TempDir
    Path folder;

    private Program.Result dray(String script, String... arguments) {
        return Dray.script(script, arguments).in(folder).run();
    }

    private void layout(String folderName, String image, int layers) {
        LayoutWriter layout = new LayoutWriter(folder.resolve(folderName));
        List<LayoutWriter.Layer> all = java.util.stream.IntStream.range(0, layers).mapToObj(i -> {
            byte[] layer = new byte[1000];
            new Random(i).nextBytes(layer);
            return layout.layer(layer, "");
        }).toList();
        layout.tag(image, layout.image(LayoutWriter.linux("amd64", ""), all));
    }

    @Test
    void should_have_a_registry_take_what_is_missing_from_where_it_has_the_old_image() {
        layout("old", "docker.io/base/old:1", 1);
        layout("new", "docker.io/far/new:1", 2);
        dray("assemble", "--platform", "linux/amd64", "--format", "oci", "--since", "old", "new", "-o", "delta.tar").orFail();
        try (DebianRegistry registry = DebianRegistry.start(Scratch.folder("delta"))) {
            String mirror = registry.host() + "/mirror";
            assertEquals(5, dray("push", "--to", mirror, "delta.tar").exitCode());
            dray("push", "--to", mirror, "old").orFail();
            dray("push", "--to", mirror, "delta.tar").orFail();
            assertEquals(5, dray("push", "delta.tar", registry.image("other:1")).exitCode());
            dray("push", "old", registry.image("base/old:7")).orFail();
            Program.Result mounted = dray("push", "--explain", "delta.tar", registry.image("other:1")).orFail();
            assertTrue(mounted.stderr().contains("from=base/old"), mounted.stderr());
        }
    }
}
