package tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
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
@Tag("slow")
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
        assertTrue(said.contains("==> 1\n"), said);
        assertTrue(said.contains("\"architecture\" : \"amd64\""), said);
        assertTrue(said.contains("==> true"), said);
        assertTrue(said.contains("==> test_small_1.tar"), said);
        assertTrue(Files.exists(folder.resolve("test_small_1.tar")));
    }

    @Test
    void should_have_every_verb() throws IOException {
        Files.writeString(folder.resolve("pod.yaml"), "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - name: a\n    image: nginx:alpine\n");
        String said = Dray.script("shell").in(folder).stdin("""
                var i = image("%s").on("linux/amd64")
                token(i).json().size() >= 0
                index(i).bytes().length > 0
                blob(i, Path.of("layout")).toString()
                assemble("made.tar", "layout").toString()
                extract(i, "root") == extract("made.tar", "again")
                ls(i).size() > 1 && ls(i).equals(ls("made.tar"))
                diff(i, i).size() + diff("made.tar", "layout").size()
                inspect(i).json().equals(inspect("made.tar").json())
                cat("made.tar", ls(i).stream().filter(file -> file.type() == '-').findFirst().get().path()).length() >= 0
                referrers(i).json().get("manifests").size()
                attestations("made.tar").size() + attestations("%1$s").size()
                doctor(i).stream().allMatch(step -> step.ok())
                images("pod.yaml")
                var server = serve("made.tar")
                manifest(image(server.address() + "/" + i.reference().repository() + ":" + i.reference().tag())).layers().equals(manifest(i).layers())
                push("made.tar", server.address() + "/" + i.reference().repository() + ":" + i.reference().tag()).sent()
                server.stop()
                """.formatted(image)).run().orFail().text();
        assertFalse(said.contains("==> false"), said);
        for (String expected : new String[] {"\"layout\"", "\"made.tar\"", "==> 0", "==> nginx:alpine\n"}) {
            assertTrue(said.contains(expected), said);
        }
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
        Program.Result result = Dray.script("shell").stdin("""
                image("Foo:::")
                manifest(image("%1$s-none"))
                manifest(image("localhost:1/app"))
                blob(image("%1$s").on("linux/amd64"), "zzz")
                image("app").on("linux")
                assemble("none.tar")
                """.formatted(image)).run();
        String said = result.stderr();
        assertEquals(1, result.exitCode(), said);
        assertEquals("", result.text());
        assertEquals(6, said.lines().filter(line -> line.contains("|  Exception ")).count(), said);
        assertFalse(said.contains("|        at "), said);
        assertTrue(said.contains(" has no blob zzz\n") && said.contains("linux/arm64"), said);
    }

    @Test
    void should_print_values_alone_if_quiet() {
        Program.Result result = Dray.script("shell", "--quiet").stdin("""
                var i = image("nginx")
                i.reference().tag().length() +
                    1
                int twice(int x) { return 2 * x; }
                twice(4); twice(5)
                System.out.println("and this")
                """.getBytes()).run().orFail();
        assertEquals("7\n8\n10\nand this\n", result.text());
        assertEquals("", result.stderr());
    }

    @Test
    void should_end_with_an_exit_code_when_a_snippet_of_a_file_fails() throws IOException {
        Files.writeString(folder.resolve("throws.jsh"), "1 + 1\nList.of(1).get(3)\n2 + 2\n");
        Files.writeString(folder.resolve("wrong.jsh"), "int x = \"no\"\nnothing()\n");
        Files.writeString(folder.resolve("open.jsh"), "3 + (\n");
        Files.writeString(folder.resolve("exit.jsh"), "var code = 40\n/exit code + 2\n");
        Files.writeString(folder.resolve("right.jsh"), "// fine\n6 * 7\n/exit\nnothing()\n");
        Program.Result thrown = shell("throws.jsh");
        assertEquals(1, thrown.exitCode());
        assertEquals("2\n4\n", thrown.text());
        assertTrue(thrown.stderr().contains("|  Exception java.lang.IndexOutOfBoundsException: "), thrown.stderr());
        Program.Result wrong = shell("wrong.jsh");
        assertEquals(1, wrong.exitCode());
        assertTrue(wrong.stderr().contains("incompatible types") && wrong.stderr().contains("cannot find symbol"), wrong.stderr());
        assertEquals(1, shell("open.jsh").exitCode());
        assertEquals(42, shell("exit.jsh").exitCode());
        assertEquals("42\n", shell("right.jsh").orFail().text());
    }

    private Program.Result shell(String file) {
        return Dray.script("shell", "--quiet", file).in(folder).run();
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
