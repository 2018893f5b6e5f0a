package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

//SOURCES Image.java
//SOURCES TarMaker.java

/** Names as other builders write them: kaniko and ko begin them with a slash, and Docker on AUFS left notes of that file system in layers. */
class OddNamesTest {
    private static final byte[] AUFS = new TarMaker().folder(".wh..wh.plnk", 0700).file(".wh..wh.plnk/160.182", "shared").file("/.wh..wh.plnk/160.183", "other")
            .file(".wh..wh.aufs", "").folder("./.wh..wh.orph").file(".wh..wh.orph/lost", "x").folder("usr")
            .hardLink("usr/x", ".wh..wh.plnk/160.182").hardLink("usr/y", "/.wh..wh.plnk/160.182").end();

    @Test
    void should_take_names_that_begin_with_a_slash_from_the_root_folder() throws Exception {
        Image image = new Image(new TarMaker().folder("/").folder("/usr").file("/usr/a", "a").file("//b", "b").hardLink("/usr/c", "/usr/a").end());
        image.extract();
        assertEquals("a", image.content("usr/a"));
        assertEquals("b", image.content("b"));
        assertEquals(Files.getAttribute(image.root().resolve("usr/a"), "unix:ino"), Files.getAttribute(image.root().resolve("usr/c"), "unix:ino"));
    }

    /** As in layers of umoci insert, which engines take. */
    @Test
    void should_take_a_layer_that_ends_with_the_content_of_its_last_file() throws Exception {
        Image image = new Image(new TarMaker().entry('0', "last", "", 4, 0644).bytes("kept").unfinished());
        image.extract();
        assertEquals("kept", image.content("last"));
        new Image(new TarMaker().entry('0', "last", "", 4, 0644).bytes("kep").unfinished()).refused("'last'", "in the middle");
    }

    @Test
    void should_take_an_entry_of_the_root_folder_in_every_layer() throws Exception {
        Image image = new Image(new TarMaker().folder("usr").file("usr/a", "a").end(), new TarMaker().folder("/", 0750).folder("opt").file("opt/x", "x").end());
        image.extract();
        assertEquals("a", image.content("usr/a"));
        assertEquals("x", image.content("opt/x"));
        assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(image.root())));
        new Image(new TarMaker().symbolicLink("/", "../outside").end()).refused("'/'", "root folder", "refused");
    }

    @Test
    void should_hide_what_whiteouts_hide_that_begin_with_a_slash() throws Exception {
        byte[] lower = new TarMaker().folder("a").file("a/1", "1").file("a/2", "2").folder("b").file("b/1", "1").end();
        Image image = new Image(lower, new TarMaker().file("/a/.wh.1", "").file("/b/.wh..wh..opq", "").end());
        image.extract();
        assertEquals(new TreeSet<>(List.of("a", "a/2", "b")), paths(image));
        Image empty = new Image(lower, new TarMaker().file("/.wh..wh..opq", "").file("/.wh.a", "").end());
        empty.extract();
        assertEquals(new TreeSet<>(), paths(empty));
    }

    @Test
    void should_make_no_files_of_what_aufs_left_but_link_to_its_contents() throws Exception {
        Image image = new Image(AUFS, new TarMaker().file("top", "x").end());
        assertEquals(4, image.extract().entries());
        assertEquals(new TreeSet<>(List.of("top", "usr", "usr/x", "usr/y")), paths(image));
        assertEquals("shared", image.content("usr/x"));
        assertEquals(2, Files.getAttribute(image.root().resolve("usr/y"), "unix:nlink"));
    }

    @Test
    void should_find_the_contents_that_aufs_kept_for_chosen_links() throws Exception {
        Image image = new Image(AUFS).choose("usr/y");
        image.extract();
        assertEquals(new TreeSet<>(List.of("usr", "usr/y")), paths(image));
        assertEquals("shared", image.content("usr/y"));
    }

    @Test
    void should_refuse_a_link_to_what_aufs_kept_in_another_layer() {
        new Image(AUFS, new TarMaker().hardLink("x", ".wh..wh.plnk/160.182").end()).refused("'x'", "not a file here");
        new Image(new TarMaker().hardLink("x", ".wh..wh.plnk/160.182").end()).refused("'x'", "not a file here");
    }

    @Test
    void should_write_nothing_outside_by_way_of_what_aufs_left() throws Exception {
        Image image = new Image(new TarMaker().symbolicLink(".wh..wh.plnk", "../outside").file(".wh..wh.plnk/file", "evil").hardLink("x", ".wh..wh.plnk/file").end());
        image.extract();
        assertEquals("evil", image.content("x"));
        assertFalse(Files.exists(image.root().resolve(".wh..wh.plnk")));
        new Image(new TarMaker().file(".wh..wh.plnk/../../outside/file", "evil").end()).refused("leads upwards");
    }

    private static TreeSet<String> paths(Image image) throws Exception {
        TreeSet<String> paths = new TreeSet<>();
        try (var all = Files.walk(image.root())) {
            all.filter(path -> !path.equals(image.root())).map(image.root()::relativize).map(Path::toString).forEach(paths::add);
        }
        assertTrue(paths.stream().noneMatch(path -> path.contains(".wh.")), paths.toString());
        return paths;
    }
}
