package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES Tree.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

class ExtractTest {
    private static final String[] AMD64 = {"--platform", "linux/amd64"};

    private static Path extracted(String source) {
        Path folder = Scratch.folder("extract");
        Program.Result result = Dray.script("extract", source, "-C", folder.toString(), AMD64[0], AMD64[1]).limit(60).run().orFail();
        assertEquals("", result.text());
        return folder;
    }

    private static Path unpacked(String image) {
        Tools.assumeInstalled("umoci");
        Path folder = Scratch.folder("umoci").resolve("root");
        Program.run("umoci", "raw", "unpack", "--image", image, folder.toString()).orFail();
        return folder;
    }

    @ParameterizedTest
    @ValueSource(strings = {RealImages.REAL, RealImages.ZSTD, RealImages.PLAIN, RealImages.DOCKER})
    void should_make_what_umoci_makes_of_a_real_image(String name) {
        Tools.assumeRoot();
        Map<String, String> expected = Tree.of(unpacked(RealImages.layout() + ":real-amd64"));
        Path folder = extracted(RealImages.registry().image(name));
        assertSame(expected, Tree.of(folder));
    }

    /** Says which entries differ, for a whole tree would not be read. */
    private static void assertSame(Map<String, String> expected, Map<String, String> actual) {
        StringBuilder differences = new StringBuilder();
        expected.forEach((path, line) -> {
            if (!line.equals(actual.get(path))) {
                differences.append('\n').append(path).append("\n  expected: ").append(line).append("\n  but was:  ").append(actual.get(path));
            }
        });
        actual.forEach((path, line) -> {
            if (!expected.containsKey(path)) {
                differences.append('\n').append(path).append("\n  is too many: ").append(line);
            }
        });
        assertEquals("", differences.toString());
    }
}
