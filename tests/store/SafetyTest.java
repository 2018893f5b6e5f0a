package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

//SOURCES Image.java
//SOURCES TarMaker.java

/** Layers that try to write where they must not. Each test also makes sure that a folder beside the root folder stays as it was. */
class SafetyTest {

    @ParameterizedTest
    @ValueSource(strings = {"../outside/file", "..", "a/../../outside/file", "a/b/..", "./../outside/file", "../", "/../outside/file", "//..", "/a/../../outside/file"})
    void should_refuse_a_path_that_leads_upwards(String name) {
        new Image(new TarMaker().folder("a").file(name, "evil").end()).refused("'" + name + "'", "leads upwards", "refused");
        new Image(new TarMaker().folder("a").folder(name).end()).refused("'" + name + "'");
        new Image(new TarMaker().symbolicLink(name, "a").end()).refused("'" + name + "'");
        new Image(new TarMaker().file("a", "a").hardLink(name, "a").end()).refused("'" + name + "'");
    }

    @Test
    void should_refuse_a_file_through_a_link_to_the_outside() {
        Image relative = new Image(new TarMaker().symbolicLink("evil", "../outside").file("evil/file", "evil").end());
        relative.refused("'evil/file'", "out of the root", "refused");
        Image absolute = new Image(new byte[0]);
        new Image(new TarMaker().symbolicLink("evil", absolute.outside().toString()).file("evil/file", "evil").end()).refused("'evil/file'", "refused");
        assertFalse(Files.exists(relative.root().resolve("outside"), LinkOption.NOFOLLOW_LINKS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../", "..//", "./..", "./../", "../.", ".././", "../outside/", "../outside/.", "/../outside", "/..", "/../", "//..//", "../\u00e9/../outside/"})
    void should_refuse_a_file_through_a_link_to_the_outside_however_it_is_spelt(String target) {
        Image image = new Image(new TarMaker().symbolicLink("evil", target).file("evil/file", "evil").folder("evil/folder").end());
        image.refused("'evil/file'", "refused");
        assertFalse(Files.exists(image.root().resolveSibling("file"), LinkOption.NOFOLLOW_LINKS));
        new Image(new TarMaker().symbolicLink("evil", target).hardLink("one", "evil/outside/file").end()).refused("'one'", "refused");
        new Image(new TarMaker().symbolicLink("evil", target).file("evil/.wh.outside", "").file("evil/.wh.file", "").end()).refused("evil/", "refused");
    }

    @Test
    void should_refuse_a_file_through_links_to_the_outside_that_hide_behind_each_other() {
        new Image(new TarMaker().folder("a").symbolicLink("a/up", "..").symbolicLink("a/b", "up/..").file("a/b/outside/file", "evil").end())
                .refused("'a/b/outside/file'", "out of the root");
        new Image(new TarMaker().symbolicLink("one", "two/../../outside").folder("two").file("one/file", "evil").end()).refused("'one/file'");
        new Image(new TarMaker().symbolicLink("one", "one").file("one/file", "evil").end()).refused("'one/file'", "circle");
    }

    @Test
    void should_refuse_a_link_that_no_system_can_make() {
        new Image(new TarMaker().symbolicLink("one", "").end()).refused("'one'", "without a target");
        new Image(new TarMaker().pax("linkpath", "x/".repeat(2048)).symbolicLink("one", "").end()).refused("'one'", "too long");
    }

    @ParameterizedTest
    @ValueSource(chars = {'0', '1', '2', '3', '5', '6'})
    void should_refuse_any_kind_of_entry_through_a_link_to_the_outside(char type) {
        new Image(new TarMaker().file("here", "x").symbolicLink("evil", "../outside").entry(type, "evil/file", "here", 0, 0644).end()).refused("'evil/file'");
    }

    @Test
    void should_replace_a_link_and_not_write_through_it() throws Exception {
        Image image = new Image(new TarMaker().symbolicLink("file", "../outside/file").symbolicLink("folder", "../outside").end(),
                new TarMaker().file("file", "new").folder("folder", 0700).file("folder/file", "new").end());
        image.extract();
        assertEquals("new", image.content("file"));
        assertEquals("new", image.content("folder/file"));
    }

    @Test
    void should_refuse_a_hard_link_to_the_outside() {
        new Image(new TarMaker().hardLink("evil", "../outside/file").end()).refused("'../outside/file'", "refused");
        new Image(new TarMaker().hardLink("evil", "/etc/passwd").end()).refused("'/etc/passwd'", "which is not a file here", "refused");
        new Image(new TarMaker().hardLink("evil", "/../outside/file").end()).refused("'/../outside/file'", "leads upwards", "refused");
        new Image(new TarMaker().symbolicLink("out", "../outside").hardLink("evil", "out/file").end()).refused("'evil'", "out of the root");
    }

    @Test
    void should_not_follow_a_link_that_a_hard_link_names() throws Exception {
        Image image = new Image(new TarMaker().symbolicLink("out", "../outside/file").hardLink("evil", "out").entry('0', "evil", "", 0, 0600).end());
        image.extract();
        assertTrue(Files.isRegularFile(image.root().resolve("evil"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void should_leave_alone_the_times_of_what_a_hard_linked_link_leads_to() throws Exception {
        Image image = new Image(new TarMaker().symbolicLink("link", "../outside").folder("open").file("open/folder/file", "x").hardLink("open", "link").end());
        Path folder = Files.createDirectory(image.outside().resolve("folder"));
        FileTime before = Files.getLastModifiedTime(folder);
        image.extract();
        assertEquals(before, Files.getLastModifiedTime(folder));
        assertTrue(Files.isSymbolicLink(image.root().resolve("open")));
    }

    /** Java would open the pipe to set an attribute, and wait for somebody who writes into it. */
    @Test
    void should_not_open_pipes() throws Exception {
        Image image = new Image(new TarMaker().pax("SCHILY.xattr.user.note", "x").entry('6', "pipe", "", 0, 0644).end());
        assertTrue(image.extract().leftOut().toString().contains("extended attributes, such as capabilities (pipe)"));
    }

    @Test
    void should_refuse_a_link_swapped_in_between_two_layers() {
        new Image(new TarMaker().folder("dir").file("dir/file", "old").end(),
                new TarMaker().symbolicLink("dir", "../outside").end(),
                new TarMaker().file("dir/file", "evil").end()).refused("'dir/file'", "out of the root");
        new Image(new TarMaker().folder("dir").file("dir/a", "a").symbolicLink("dir", "../outside").file("dir/file", "evil").end()).refused("'dir/file'");
    }

    @Test
    void should_refuse_a_whiteout_of_what_is_outside() {
        new Image(new TarMaker().file(".wh...", "").end()).refused("'.wh...'", "refused");
        new Image(new TarMaker().file(".wh..", "").end()).refused("'.wh..'", "refused");
        new Image(new TarMaker().folder("a").file("a/.wh.", "").end()).refused("'a/.wh.'", "refused");
        new Image(new TarMaker().file("../.wh.outside", "").end()).refused("'../.wh.outside'", "refused");
        new Image(new TarMaker().file("../outside/.wh..wh..opq", "").end()).refused("'../outside/.wh..wh..opq'", "refused");
        new Image(new TarMaker().symbolicLink("out", "../outside").end(), new TarMaker().file("out/.wh.file", "").end()).refused("'out/.wh.file'");
        new Image(new TarMaker().symbolicLink("out", "../outside").end(), new TarMaker().file("out/.wh..wh..opq", "").end()).refused("'out/.wh..wh..opq'");
    }

    @Test
    void should_remove_a_hidden_link_and_not_what_it_leads_to() throws Exception {
        Image image = new Image(new TarMaker().folder("dir").symbolicLink("dir/out", "../../outside").end(), new TarMaker().file(".wh.dir", "").end());
        image.extract();
        assertEquals(List.of(), List.of(image.root().toFile().list()));
        Image opaque = new Image(new TarMaker().folder("dir").symbolicLink("dir/out", "../../outside").end(), new TarMaker().file("dir/.wh..wh..opq", "").end());
        opaque.extract();
        assertEquals(List.of(), List.of(opaque.root().resolve("dir").toFile().list()));
    }

    @Test
    void should_keep_links_to_the_outside_as_they_are() throws Exception {
        Image image = new Image(new TarMaker().symbolicLink("absolute", "/etc/alternatives/vi").symbolicLink("up", "../../../x").symbolicLink("slash", "usr/bin/").end());
        image.extract();
        assertEquals(Path.of("/etc/alternatives/vi"), Files.readSymbolicLink(image.root().resolve("absolute")));
        assertEquals(Path.of("../../../x"), Files.readSymbolicLink(image.root().resolve("up")));
    }

    @Test
    void should_write_through_links_that_stay_inside() throws Exception {
        Image image = new Image(new TarMaker().folder("usr").folder("usr/lib").symbolicLink("lib", "usr/lib").symbolicLink("lib64", "/lib").end(),
                new TarMaker().file("lib/one", "1").file("lib64/two", "2").folder("lib/deep/er").end(),
                new TarMaker().file("lib64/.wh.one", "").hardLink("lib/three", "lib64/two").end());
        assertEquals("2", image.content("usr/lib/two"));
        assertEquals("2", image.content("usr/lib/three"));
        assertFalse(Files.exists(image.root().resolve("usr/lib/one")));
        assertTrue(Files.isDirectory(image.root().resolve("usr/lib/deep/er")));
        assertTrue(Files.isSymbolicLink(image.root().resolve("lib")));
    }

    @Test
    void should_refuse_to_take_the_root_folders_place() {
        new Image(new TarMaker().file("./", "").symbolicLink(".", "../outside").end()).refused("'.'", "root folder");
        new Image(new TarMaker().symbolicLink("", "../outside").end()).refused("root folder");
        new Image(new TarMaker().hardLink("a", ".").end()).refused("'a'", "hard link");
    }

    @Test
    void should_refuse_a_file_below_a_file() {
        new Image(new TarMaker().file("a", "a").file("a/b", "b").end()).refused("'a/b'", "not a folder");
    }

    @Test
    void should_refuse_types_that_no_layer_has() {
        new Image(new TarMaker().entry('M', "more", "", 0, 0644).end()).refused("'more'", "type");
    }

    @Test
    void should_refuse_folders_deeper_than_the_system_has_them() {
        String deep = "d/".repeat(10_000);
        new Image(new TarMaker().pax("path", deep + "file").file("cut", "x").end()).refused("'d/d/d/", "too long");
        new Image(new TarMaker().pax("path", deep).folder("cut").end()).refused("'d/d/d/", "too long");
        new Image(new TarMaker().file("n".repeat(90), "x").pax("path", "n".repeat(256)).file("cut", "x").end()).refused("'nnn", "too long");
    }

    @Test
    void should_remove_the_deepest_folders_there_can_be() throws Exception {
        String deep = "d/".repeat(1900);
        Image image = new Image(new TarMaker().pax("path", deep).folder("cut").file("stays", "x").end(), new TarMaker().file(".wh.d", "").end());
        image.extract();
        assertEquals(List.of("stays"), List.of(image.root().toFile().list()));
    }
}
