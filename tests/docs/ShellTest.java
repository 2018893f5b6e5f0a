package tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** The toolkit in a real JShell. */
class ShellTest {
    @TempDir
    Path folder;

    private final String image = RealImages.registry().image(RealImages.SMALL);

    @Test
    void should_answer_with_values_that_read_well() {
        String said = Dray.script("shell").in(folder).stdin("""
                var i = image("%s").on("linux/amd64")
                manifest(i).layers().size()
                manifest(i).layers()
                tags(i)
                config(i)
                blob(i, manifest(i).config().digest().hex().substring(0, 12)).bytes().length > 20
                pull(i)
                """.formatted(image)).run().orFail().text();
        assertTrue(said.contains("i ==> " + image + " for linux/amd64"), said);
        assertTrue(said.contains("==> [sha256:") && said.contains(" bytes, application/vnd."), said);
        assertTrue(said.contains("==> [1]"), said);
        assertTrue(said.contains("\"architecture\" : \"amd64\""), said);
        assertTrue(said.contains("==> true"), said);
        assertTrue(said.contains("==> test_small_1.tar"), said);
        assertTrue(Files.exists(folder.resolve("test_small_1.tar")));
    }

    @Test
    void should_show_a_long_manifest_to_its_end() {
        try (FlakyRegistry registry = new FlakyRegistry()) {
            String many = registry.image("many", new long[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 10, 10, 10, 10, 10, 10, 10, 10, 10);
            String said = Dray.script("shell").stdin("manifest(image(\"" + many + "\").on(\"linux/amd64\"))\n").run().orFail().text();
            assertEquals(10, said.lines().filter(line -> line.contains("\"digest\" : \"sha256:")).count(), said);
        }
    }

    @Test
    void should_say_what_is_wrong_in_one_line() {
        String said = Dray.script("shell").stdin("""
                image("Foo:::")
                manifest(image("%1$s-none"))
                manifest(image("localhost:1/app"))
                blob(image("%1$s").on("linux/amd64"), "zzz")
                image("app").on("linux")
                """.formatted(image)).run().orFail().text();
        assertEquals(5, said.lines().filter(line -> line.contains("|  Exception ")).count(), said);
        assertFalse(said.contains("|        at "), said);
        assertTrue(said.contains(" has no blob zzz\n") && said.contains("is no platform: write os/architecture"), said);
    }

    @Test
    void should_explain_only_when_asked() {
        Program.Result result = Dray.script("shell", "--quiet").stdin("""
                System.out.println(index(image("%1$s")).isIndex())
                explain(true)
                System.out.println(index(image("%1$s")).isIndex())
                """.formatted(image)).run().orFail();
        assertEquals(1, result.stderr().lines().filter(line -> line.contains("curl --silent")).count(), result.toString());
        assertFalse(result.text().contains("curl"), result.text());
    }

    @Test
    void should_work_in_a_plain_jshell() {
        String jshell = Path.of(System.getProperty("java.home"), "bin", "jshell").toString();
        String said = new Program(jshell, "--class-path", System.getProperty("java.class.path"), "-s", "-").stdin("""
                import static lib.Dray.*;
                System.out.println(manifest(image("%s").on("linux/amd64")).layers().size() > 0)
                """.formatted(image)).run().orFail().text();
        assertEquals("true\n", said);
    }
}
