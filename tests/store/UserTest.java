package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES ExtractTest.java
//SOURCES TarMaker.java
//SOURCES Tree.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

/** What extract does for a user who is not root. */
class UserTest {
    private static final String NOBODY = "65534";
    /** Java's class path, where nobody may read it too. */
    private static Path classes;

    @BeforeAll
    static void become_nobody() {
        Tools.assumeRoot();
        classes = Scratch.folder("classes");
        Program.run("chmod", "755", classes.toString(), classes.getParent().toString()).orFail();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!part.isEmpty() && Files.exists(Path.of(part))) {
                Program.run("cp", "-r", part, classes.resolve(Integer.toString(classes.toFile().list().length)) + (part.endsWith(".jar") ? ".jar" : "")).orFail();
            }
        }
        Program.run("chmod", "-R", "a+rX", classes.toString()).orFail();
    }

    private static Program.Result extract(Path folder, String source) {
        Program.run("chown", NOBODY, folder.toString()).orFail();
        List<String> path = new ArrayList<>();
        for (File file : classes.toFile().listFiles()) {
            path.add(file.toString());
        }
        return new Program("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Dsun.jnu.encoding=UTF-8", "-Duser.home=" + folder,
                "-cp", String.join(File.pathSeparator, path), "scripts.extract", source, "-C", folder.toString(), "--platform", "linux/amd64").run();
    }

    @Test
    void should_make_what_umoci_makes_but_for_owners_and_devices() {
        Map<String, String> expected = Tree.ofUser(ExtractTest.unpacked(RealImages.layout() + ":real-amd64"));
        Path folder = Scratch.folder("user");
        Program.Result result = extract(folder, RealImages.registry().image(RealImages.REAL)).orFail();
        ExtractTest.assertSame(expected, Tree.ofUser(folder));
        assertFalse(Files.exists(folder.resolve("dev/null")));
        assertTrue(result.stderr().contains("left out, 2 times: device nodes (./dev/loop0, ./dev/null)"), result.stderr());
        assertTrue(result.stderr().contains(" times: owners other than you ("), result.stderr());
    }

    @Test
    void should_fill_and_change_folders_that_may_not_be_written_to() throws Exception {
        byte[] below = new TarMaker().folder(".", 0555).folder("closed", 0).folder("closed/sub", 0500).file("closed/sub/old", "x").entry('0', "closed/secret", "", 0, 0)
                .folder("hidden", 0).folder("hidden/sub", 0).file("hidden/sub/file", "x").folder("sticky", 05500).file("sticky/file", "x")
                .folder("partly", 0500).folder("partly/sub", 0500).file("partly/sub/old", "x").folder("replaced", 0).folder("replaced/sub", 0).entry('0', "mode-000", "", 4, 0).bytes("text").pad().hardLink("second", "mode-000").end();
        byte[] above = new TarMaker().file("closed/sub/new", "x").file("closed/sub/.wh.old", "").hardLink("closed/sub/hard", "closed/secret").file(".wh.hidden", "")
                .file("sticky/.wh..wh..opq", "").file("replaced", "file now").hardLink("hard", "closed/secret").folder("partly/sub", 0500).file("partly/sub/new", "x").file("partly/.wh..wh..opq", "")
                .hardLink("sticky/hard", "closed/sub/hard").file("closed/secret", "shown").end();
        Path folder = Scratch.folder("user");
        extract(folder, readable(ExtractTest.layout(below, above))).orFail();
        Map<String, String> tree = Tree.ofUser(folder);
        assertEquals(List.of("", "closed", "closed/secret", "closed/sub", "closed/sub/hard", "closed/sub/new", "hard", "mode-000", "partly", "partly/sub", "partly/sub/new", "replaced", "second", "sticky", "sticky/hard"), List.copyOf(tree.keySet()));
        assertTrue(tree.get("").startsWith("d 555 "), tree::toString);
        assertTrue(tree.get("closed").startsWith("d 0 "), tree::toString);
        assertTrue(tree.get("closed/sub").startsWith("d 500 "), tree::toString);
        assertTrue(tree.get("sticky").startsWith("d 5500 "), tree::toString);
        assertTrue(tree.get("sticky/hard").startsWith("f 0 0 3 "), tree::toString);
        assertTrue(tree.get("partly/sub").startsWith("d 500 "), tree::toString);
        assertTrue(tree.get("mode-000").startsWith("f 0 4 2 "), tree::toString);
        assertEquals("text", Files.readString(folder.resolve("second")));
    }

    @Test
    void should_make_a_tar_that_can_be_unpacked_whatever_its_folders_forbid() throws Exception {
        byte[] below = new TarMaker().folder("closed", 0555).file("closed/old", "x").folder("none", 0).folder("none/sub", 0500).folder("other").end();
        byte[] above = new TarMaker().file("closed/new", "x").file("other/file", "x").file("none/sub/file", "x").end();
        Path tar = Scratch.folder("flat").resolve("flat.tar");
        Dray.run("extract", ExtractTest.layout(below, above).toString(), "-o", tar.toString()).orFail();
        Path folder = Scratch.folder("user");
        Program.run("chown", NOBODY, folder.toString()).orFail();
        new Program("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "tar", "-xpf", "-", "-C", folder.toString()).stdin(Files.readAllBytes(tar)).run().orFail();
        assertEquals(List.of("", "closed", "closed/new", "closed/old", "none", "none/sub", "none/sub/file", "other", "other/file"), List.copyOf(Tree.ofUser(folder).keySet()));
        assertEquals("d 555 ", Tree.ofUser(folder).get("closed"));
        assertEquals(014000000000L, Files.getLastModifiedTime(folder.resolve("closed")).toInstant().getEpochSecond());
    }

    /** Who is not root opens such a folder to look into it, and must not close what has come in its place. */
    @Test
    void should_leave_alone_what_a_link_leads_to_that_took_the_place_of_an_open_folder() throws Exception {
        Path outside = Scratch.folder("outside");
        Program.run("chown", NOBODY, outside.toString()).orFail();
        byte[] tar = new TarMaker().symbolicLink("link", outside.toString()).folder("open", 0).file("open/nowhere/.wh.x", "").hardLink("open", "link").end();
        Path folder = Scratch.folder("user");
        Map<String, String> before = Tree.ofUser(outside);
        extract(folder, readable(ExtractTest.layout(tar))).orFail();
        assertEquals(before, Tree.ofUser(outside));
        assertEquals(outside, Files.readSymbolicLink(folder.resolve("open")));
    }

    @Test
    void should_leave_out_hard_links_to_what_was_left_out_and_say_so() {
        Path folder = Scratch.folder("user");
        byte[] tar = new TarMaker().entry('3', "device", "", 0, 0644).hardLink("second", "device").pax("SCHILY.xattr.security.capability", "\1").file("program", "x").end();
        Program.Result result = extract(folder, readable(ExtractTest.layout(tar))).orFail();
        assertEquals(List.of("", "program"), List.copyOf(Tree.ofUser(folder).keySet()));
        assertTrue(result.stderr().contains("left out, 1 time: device nodes (device)"), result.stderr());
        assertTrue(result.stderr().contains("left out, 1 time: hard links to what was left out (second)"), result.stderr());
        assertTrue(result.stderr().contains("left out, 1 time: extended attributes, such as capabilities (program)"), result.stderr());
    }

    private static String readable(Path layout) {
        Program.run("chmod", "-R", "a+rX", layout.toString()).orFail();
        return layout.toString();
    }
}
