package tests.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tests.store.TarMaker;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES Machine.java
//SOURCES Wait.java
//SOURCES ../store/TarMaker.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

/** Every Java that is installed starts a script, with an archive of its classes, and with the native library, without a word of its own. */
@Tag("slow")
class EveryJavaTest {
    private static final int OLDEST = 17;
    private static final List<Path> PLACES = List.of(Path.of("/usr/lib/jvm"), Path.of("/Library/Java/JavaVirtualMachines"));
    /** So large that its SHA-256 is left to the native library. */
    private static final Path IMAGE = image("x".repeat(5_000_000));

    private final Machine machine = Machine.withAllScripts(Scratch.folder("jbang")).withMavenThatBrings(Machine.pinnedJar());

    /** The build shows its help only: an archive of what that loads would be of little use. The start after it is noted, the one after that has the archive made. */
    @ParameterizedTest
    @MethodSource("homes")
    void should_share_classes_and_use_the_native_library(Path home) throws IOException {
        String help = quiet(ls(home, "--help")).text();
        assertTrue(help.startsWith("Usage: ls "), help);
        assertLists(ls(home));
        assertEquals(List.of(), archives());
        assertLists(ls(home));
        Wait.until(() -> archives().size() == 1 && !archives().get(0).toString().contains(".making."));
        assertLists(ls(home));
        String said = quiet(ls(home, "--debug")).stderr();
        assertTrue(said.contains("TLS and SHA-256 by BoringSSL (Conscrypt "), said);
        assertSharesClasses(home);
    }

    /** Java itself says where a class came from, and with which options it runs. The variable counts more than the options of the start, which want no log. */
    private void assertSharesClasses(Path home) throws IOException {
        Path log = machine.elsewhere.resolve("classes");
        String flags = ls(home).env("_JAVA_OPTIONS", "-XX:+PrintCommandLineFlags -Xlog:class+load:file=" + log).run().orFail().text();
        assertTrue(flags.contains("-XX:TieredStopAtLevel=1 "), flags);
        List<String> ours = Files.readAllLines(log).stream().filter(line -> line.matches(".* (scripts|lib)\\.[\\w.$]+ source: .*") && !line.contains("$$")).toList();
        assertTrue(ours.stream().anyMatch(line -> line.contains(" scripts.ls ")), ours.toString());
        assertEquals(List.of(), ours.stream().filter(line -> !line.contains(" source: shared objects file")).toList());
    }

    private static void assertLists(Program ls) {
        Program.Result result = quiet(ls);
        assertEquals("data\n", result.text());
        assertEquals("", result.stderr());
    }

    /** Runs it, and fails if Java warns of anything. */
    private static Program.Result quiet(Program program) {
        Program.Result result = program.run().orFail();
        assertFalse(result.stderr().toLowerCase(Locale.ROOT).contains("warning"), result.toString());
        return result;
    }

    private Program ls(Path home, String... options) {
        List<String> arguments = new ArrayList<>(List.of("ls", "--table", IMAGE.toString()));
        arguments.addAll(List.of(options));
        return machine.jbang(arguments.toArray(String[]::new)).env("JAVA_HOME", home.toString());
    }

    /** Returns the archives that are made or being made. */
    private List<Path> archives() {
        return machine.keptStarts("").stream().filter(file -> file.toString().matches(".*\\.jsa|.*\\.making\\..*")).toList();
    }

    private static Path image(String content) {
        LayoutWriter layout = new LayoutWriter(Scratch.folder("layout"));
        layout.tag("1", layout.image(LayoutWriter.linux("amd64", ""), List.of(layout.layer(new TarMaker().file("data", content).end(), ""))));
        return layout.folder();
    }

    /** Returns the homes of one Java of each version that can build scripts, first of all the one that runs the tests. */
    static Collection<Path> homes() throws IOException {
        List<Path> all = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        if (System.getenv("JAVA_HOME") != null) {
            all.add(Path.of(System.getenv("JAVA_HOME")));
        }
        for (Path place : PLACES) {
            all.addAll(installed(place));
        }
        Map<Integer, Path> versions = new TreeMap<>();
        for (Path home : all) {
            if (Files.isExecutable(home.resolve("bin/java")) && Files.isExecutable(home.resolve("bin/javac")) && Tools.feature(home) >= OLDEST) {
                versions.putIfAbsent(Tools.feature(home), home.toRealPath());
            }
        }
        return versions.values();
    }

    private static List<Path> installed(Path place) throws IOException {
        List<Path> homes = new ArrayList<>();
        if (Files.isDirectory(place)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(place)) {
                folders.forEach(folder -> homes.add(Files.isDirectory(folder.resolve("Contents/Home")) ? folder.resolve("Contents/Home") : folder));
            }
        }
        return homes;
    }
}
