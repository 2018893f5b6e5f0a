package tests.fuzz;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

//SOURCES fuzz.java

/** Every input that fuzzing begins with, and each that it once found, is stood. */
class FuzzTest {

    @TestFactory
    Stream<DynamicTest> should_stand() throws IOException {
        return fuzz.TARGETS.stream().flatMap(target -> inputs(target).stream().map(input -> DynamicTest.dynamicTest(target + " " + input.getFileName(),
                () -> Class.forName("tests.fuzz." + target + "Target").getMethod("fuzzerTestOneInput", byte[].class).invoke(null, (Object) Files.readAllBytes(input)))));
    }

    private static List<Path> inputs(String target) {
        try (Stream<Path> files = Files.list(fuzz.corpus(target))) {
            List<Path> inputs = files.sorted().toList();
            assertFalse(inputs.isEmpty(), target);
            return inputs;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
