package tests.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Checkout;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES Machine.java
//SOURCES Wait.java
//SOURCES ../support/Checkout.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** A warm start does without JBang, but never runs what is not there any more. */
@Tag("slow")
@Order(2)
class KeptTest {
    private static final Machine machine = Machine.withOneScript().withJavaThatCountsJBang();
    private static final Path script = machine.checkout.resolve("scripts/greet.java");
    private static final Path greeting = machine.checkout.resolve("lib/Greeting.java");
    private static String goodScript;
    private static String goodGreeting;

    @BeforeAll
    static void read() throws IOException {
        goodScript = Files.readString(script);
        goodGreeting = Files.readString(greeting);
    }

    @BeforeEach
    void started_once() throws IOException {
        Machine.write(script, goodScript);
        Machine.write(greeting, goodGreeting);
        assertEquals("hello me\n", machine.jbang("greet", "me").run().orFail().text());
        machine.jbangStarts();
    }

    private void expectAsked(boolean asked, String text) throws IOException {
        Program.Result result = machine.jbang("greet", "me").run().orFail();
        assertEquals(text + " me\n", result.text());
        assertEquals(asked, machine.jbangStarts() > 0, "JBang was " + (asked ? "not " : "") + "asked");
        if (!asked) {
            assertEquals("", result.stderr());
        }
    }

    @Test
    void should_not_ask_jbang_while_nothing_has_changed() throws IOException {
        expectAsked(false, "hello");
        assertEquals(7, machine.jbang("greet", "exit", "7").run().exitCode());
        assertEquals("hello echo\ntea\n", machine.jbang("greet", "echo").stdin("tea\n").run().orFail().text());
        assertEquals("hello a b,c'd,$HOME,\"\n", machine.jbang("greet", "a b", "c'd", "$HOME", "\"").run().orFail().text());
        assertEquals(0, machine.jbangStarts());
    }

    @Test
    void should_see_a_file_that_changed_though_its_size_and_time_are_the_same() throws IOException {
        FileTime time = Files.getLastModifiedTime(greeting);
        Machine.write(greeting, goodGreeting.replace("hello", "howdy"));
        Files.setLastModifiedTime(greeting, time);
        expectAsked(true, "howdy");
        expectAsked(false, "howdy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lib", "lib/store", "lib/store/tar", "lib/store/tar/pax"})
    void should_see_a_file_that_came_changed_or_went(String folder) throws IOException {
        Path more = machine.checkout.resolve(folder).resolve("More.java");
        String text = "package %s; class More { }".formatted(folder.replace('/', '.'));
        Machine.write(more, text);
        expectAsked(true, "hello");
        expectAsked(false, "hello");
        Machine.write(more, text.replace("More", "Less"));
        expectAsked(true, "hello");
        expectAsked(false, "hello");
        Files.delete(more);
        expectAsked(true, "hello");
    }

    @Test
    void should_see_a_file_that_changed_which_is_built_in() throws IOException {
        Path text = machine.checkout.resolve("lib/greeting.txt");
        Machine.write(text, "hello");
        Machine.write(greeting, """
                //FILES lib/greeting.txt=greeting.txt
                package lib;
                public class Greeting {
                    public static final Object TEXT = new java.util.Scanner(Greeting.class.getResourceAsStream("greeting.txt")).next();
                }
                """);
        expectAsked(true, "hello");
        expectAsked(false, "hello");
        Machine.write(text, "howdy");
        expectAsked(true, "howdy");
        expectAsked(false, "howdy");
    }

    @Test
    void should_see_a_catalog_that_changed() throws IOException {
        Machine.write(machine.checkout.resolve("jbang-catalog.json"), "{\"aliases\": {}}");
        expectAsked(true, "hello");
        expectAsked(false, "hello");
    }

    @Test
    void should_fail_where_the_script_does_not_compile_any_more() throws IOException {
        Machine.write(script, "no Java");
        assertEquals(1, machine.jbang("greet", "me").run().exitCode());
    }

    @Test
    void should_ask_again_after_the_cache_was_emptied() throws IOException {
        machine.program(List.of("rm", "-r", machine.jbangDir + "/cache/jars")).run().orFail();
        expectAsked(true, "hello");
        expectAsked(false, "hello");
    }

    @Test
    void should_ask_again_where_another_jar_is_in_the_place_of_the_one_that_was_built() throws IOException {
        Files.writeString(Path.of(keptLines().get(1)), "nonsense");
        expectAsked(true, "hello");
        expectAsked(false, "hello");
    }

    @Test
    void should_not_keep_what_changed_while_it_was_built() throws IOException {
        Path next = machine.elsewhere.resolve("Greeting.java");
        Machine.write(next, goodGreeting.replace("hello", "howdy"));
        Machine.write(greeting, goodGreeting.replace("hello", "hallo"));
        Path java = machine.programs().resolve("java");
        String counts = Files.readString(java);
        Files.writeString(java, counts.replace("exec ", "") + "[[ \" $* \" != *' --quiet info '* ]] || mv '%s' '%s'\n".formatted(next, greeting));
        try {
            machine.jbang("greet", "me").run().orFail();
            assertFalse(Files.exists(next));
            expectAsked(true, "howdy");
        } finally {
            Files.writeString(java, counts);
        }
    }

    @Test
    void should_run_without_a_word_where_nothing_can_be_kept() throws IOException {
        machine.program(List.of("rm", "-r", machine.jbangDir + "/cache/dray/starts")).run().orFail();
        Path starts = Files.createFile(machine.jbangDir.resolve("cache/dray/starts"));
        try {
            Program.Result result = machine.jbang("greet", "me").run().orFail();
            assertEquals("hello me\n", result.text());
            assertEquals("", result.stderr());
        } finally {
            Files.delete(starts);
        }
    }

    @Test
    void should_ask_again_for_another_java_and_know_both_then() throws IOException {
        Path other = machine.elsewhere.resolve("jdk");
        Files.createSymbolicLink(other, Path.of(System.getProperty("java.home")));
        String java = "exec \"%s\" \"$@\"".formatted(machine.programs().resolve("java"));
        Path home = machine.elsewhere.resolve("wrapped");
        Machine.executable(home.resolve("bin/java"), "#!/usr/bin/env bash\n" + java);
        Files.createSymbolicLink(home.resolve("bin/javac"), other.resolve("bin/javac"));
        Files.copy(other.resolve("release"), home.resolve("release"));
        Program greet = machine.jbang("greet", "me").env("JAVA_HOME", home.toString());
        assertEquals("hello me\n", greet.run().orFail().text());
        assertTrue(machine.jbangStarts() > 0);
        assertEquals("hello me\n", greet.run().orFail().text());
        assertEquals(0, machine.jbangStarts());
        expectAsked(false, "hello");
        for (String changed : List.of("release", "bin/java")) {
            Files.writeString(home.resolve(changed), "\n# upgraded\n", StandardOpenOption.APPEND);
            assertEquals("hello me\n", greet.run().orFail().text());
            assertTrue(machine.jbangStarts() > 0, changed);
            expectAsked(false, "hello");
        }
    }

    @Test
    void should_keep_the_starts_of_two_checkouts_apart() throws IOException {
        machine.program(List.of("cp", "-R", machine.checkout.toString(), machine.elsewhere + "/second")).run().orFail();
        Machine.write(machine.elsewhere.resolve("second/lib/Greeting.java"), goodGreeting.replace("hello", "howdy"));
        Program second = machine.program(List.of(machine.elsewhere + "/second/jbang", "greet", "me"));
        assertEquals("howdy me\n", second.run().orFail().text());
        assertEquals("howdy me\n", second.run().orFail().text());
        machine.jbangStarts();
        expectAsked(false, "hello");
    }

    @Test
    void should_write_nothing_into_the_checkout() throws IOException {
        List<Path> before = files();
        Machine.write(greeting, goodGreeting.replace("hello", "howdy"));
        expectAsked(true, "howdy");
        expectAsked(false, "howdy");
        assertEquals(before, files());
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(machine.checkout)) {
            return files.sorted().toList();
        }
    }

    @Test
    void should_share_classes_after_two_starts_and_live_with_a_broken_archive() throws IOException {
        expectAsked(false, "hello");
        expectAsked(false, "hello");
        awaitArchive();
        Path archive = archives().get(0);
        expectAsked(false, "hello");
        assertTrue(usesArchive(archive));
        byte[] whole = Files.readAllBytes(archive);
        archive.toFile().setWritable(true);
        Files.write(archive, java.util.Arrays.copyOf(whole, whole.length / 3));
        expectAsked(false, "hello");
        Files.writeString(archive, "nonsense");
        expectAsked(false, "hello");
        assertFalse(machine.keptStarts("start").isEmpty());
    }

    private static List<Path> archives() throws IOException {
        String archive = keptLines().get(3);
        return machine.keptStarts(".jsa").stream().filter(path -> path.toString().equals(archive)).toList();
    }

    private static void awaitArchive() throws IOException {
        Wait.until(() -> archives().size() == 1 && machine.keptStarts("").stream().noneMatch(path -> path.toString().contains(".making.")));
    }

    /** Which classes tell, the next test sees. */
    @Test
    void should_make_no_archive_of_what_a_failed_start_loaded() throws IOException {
        Machine.write(machine.checkout.resolve("lib/cli/Failure.java"), "package lib.cli; public class Failure { public static final Object TEXT = \"hello\"; }");
        Machine.write(greeting, """
                //SOURCES cli/Failure.java
                package lib;
                public class Greeting { public static final Object TEXT = System.getenv("FAILS") == null ? "hello" : lib.cli.Failure.TEXT; }
                """);
        for (int i = 0; i < 3; i++) {
            assertEquals("hello me\n", machine.jbang("greet", "me").env("FAILS", "1").run().orFail().text());
            assertEquals(i == 0, machine.jbangStarts() > 0);
        }
        assertEquals(List.of(), archives());
        expectAsked(false, "hello");
        expectAsked(false, "hello");
        awaitArchive();
    }

    @ParameterizedTest
    @CsvSource({"--help, 0", "--nope, 2", "nowhere.yaml, 3", "-, 0"})
    void should_know_by_its_classes_whether_a_start_did_its_work(String argument, int code) throws IOException {
        Path classes = Scratch.folder("classes").resolve("noted");
        Program.Result result = new Program(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:DumpLoadedClassList=" + classes,
                "-cp", System.getProperty("java.class.path"), scripts.images.class.getName(), argument).stdin("image: a\n").run();
        assertEquals(code, result.exitCode(), result.toString());
        Matcher criterion = Pattern.compile("grep -qE '([^']*)' \"\\$noted\"").matcher(Files.readString(Checkout.root().resolve("jbang")));
        assertTrue(criterion.find());
        Pattern little = Pattern.compile(criterion.group(1));
        assertEquals(!argument.equals("-"), Files.readAllLines(classes).stream().anyMatch(line -> little.matcher(line).find()));
    }

    @Test
    void should_have_one_start_at_a_time_make_the_archive() throws IOException {
        Wait.until(() -> machine.keptStarts("").stream().noneMatch(path -> path.toString().contains(".making.")));
        Path making = Path.of(keptLines().get(3) + ".making.1");
        for (Path noted : besideStart()) {
            Files.delete(noted);
        }
        Files.createFile(making);
        expectAsked(false, "hello");
        assertEquals(List.of(making), besideStart());
        Files.setLastModifiedTime(making, FileTime.from(Instant.now().minusSeconds(600)));
        expectAsked(false, "hello");
        assertEquals(2, besideStart().size());
    }

    /** Returns the archive of the kept start and what it is made from. */
    private static List<Path> besideStart() throws IOException {
        String archive = keptLines().get(3);
        return machine.keptStarts("").stream().filter(path -> path.toString().startsWith(archive)).toList();
    }

    /** Returns the java, the class path, the main class and the archive of the kept start, and what follows. */
    private static List<String> keptLines() throws IOException {
        Path start = machine.keptStarts("+programs+java/start").stream().filter(path -> path.toString().contains("/a checkout/")).findFirst().orElseThrow();
        return Files.readAllLines(start);
    }

    /** Java itself says where a class came from. */
    private boolean usesArchive(Path archive) throws IOException {
        List<String> start = keptLines();
        String log = machine.program(List.of(start.get(0), "-XX:SharedArchiveFile=" + archive, "-Xlog:class+load", "-cp", start.get(1), start.get(2), "me"))
                .run().orFail().text();
        return log.lines().anyMatch(line -> line.contains("scripts.greet source: shared objects file"));
    }
}
