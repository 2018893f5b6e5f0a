package tests.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import lib.image.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tests.support.Program;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES Image.java
//SOURCES TarMaker.java
//SOURCES Tree.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

/** Layers in all the forms that tars have taken, and in some that only somebody with bad intentions gives them. */
class FormatTest {
    private static final byte[] HELLO = new TarMaker().file("hello", "hello").end();

    private static byte[] gzip(byte[] bytes) {
        return new Program("gzip", "-nc").stdin(bytes).run().orFail().stdout();
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Test
    void should_refuse_a_negative_size() throws Exception {
        byte[] negative = new TarMaker().file("first", "x").unfinished();
        Arrays.fill(negative, 124, 136, (byte) 0xff);
        new Image(new TarMaker().block(Arrays.copyOf(negative, 512)).end()).refused("'first'", "-1 bytes", "refused");
        new Image(new TarMaker().pax("size", "-512").file("second", "x").end()).refused("'second'", "-512 bytes");
    }

    @Test
    void should_refuse_an_enormous_size_before_anything_is_written() throws Exception {
        Image image = new Image(new TarMaker().pax("size", "9223372036854775807").file("huge", "x").end());
        image.refused("'huge'", "9223372036854775807", "refused");
        assertFalse(Files.exists(image.root().resolve("huge")));
        new Image(new TarMaker().pax("size", "9223372036854775808").file("huge", "x").end()).refused("size", "too large");
        new Image(new TarMaker().pax("size", "1000000").file("large", "x").end()).refused("'large'", "in the middle");
        new Image(new TarMaker().pax("GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.name", "gaps", "GNU.sparse.realsize", "8000000000000")
                .file("x", "0\n" + "\0".repeat(510)).end()).refused("'gaps'", "8000000000000", "refused");
    }

    @Test
    void should_stop_a_bomb_at_the_limit() throws Exception {
        byte[] bomb = gzip(new TarMaker().entry('0', "zeros", "", 20_000_000, 0644).bytes("\0".repeat(20_000_000)).pad().end());
        assertTrue(bomb.length < 30_000);
        Image image = new Image(bomb).maxSize(1_000_000);
        image.refused("'zeros'", "20000000 bytes", "1000000", "refused");
        Image many = new Image(gzip(new TarMaker().file("one", "x").end()), bomb).maxSize(20_001_000);
        many.refused("unpacks to more than 20001000 bytes");
        new Image(bomb).maxSize(30_000_000).extract();
    }

    @Test
    void should_take_the_records_of_an_extended_header_before_the_fields() throws Exception {
        Image image = new Image(new TarMaker().pax("path", "a/" + "long".repeat(60), "size", "3", "mtime", "1600000000.123456789", "comment", "none")
                .entry('0', "short", "", 5, 0640).bytes("abc").pad()
                .pax("linkpath", "target-" + "x".repeat(120)).symbolicLink("link", "short").end());
        image.extract();
        Path file = image.root().resolve("a/" + "long".repeat(60));
        assertEquals("abc", Files.readString(file));
        assertEquals(FileTime.from(Instant.ofEpochSecond(1_600_000_000, 123_456_789)), Files.getLastModifiedTime(file));
        assertEquals("target-" + "x".repeat(120), Files.readSymbolicLink(image.root().resolve("link")).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 a=b\n", "999 a=b\n", "-6 a=b\n", "7 abcd\n", "6 a=b.", "0 a=b\n", "x", "99999999999999999999 a=b\n", "12 mtime=x1\n", "23 mtime=1e999999999999\n", "14 path=a\0/b/\n"})
    void should_refuse_an_extended_header_that_is_none(String records) {
        new Image(new TarMaker().entry('x', "pax", "", records.length(), 0644).bytes(records).pad().file("file", "x").end()).refused("extended header");
    }

    @Test
    void should_refuse_an_extended_header_that_would_fill_the_memory() {
        new Image(new TarMaker().entry('x', "pax", "", 8_000_000_000L, 0644).end()).refused("8000000000 bytes", "refused");
        new Image(new TarMaker().entry('L', "long", "", 8_000_000_000L, 0644).end()).refused("8000000000 bytes", "refused");
        new Image(new TarMaker().pax("path", "x").unfinished()).refused("header");
    }

    @Test
    void should_pass_over_records_for_all_entries_as_engines_do() throws Exception {
        String records = "19 path=everywhere\n";
        assertEquals("x", new Image(new TarMaker().entry('g', "pax_global_header", "", records.length(), 0644).bytes(records).pad().file("file", "x").end()).content("file"));
    }

    @Test
    void should_read_long_names_as_gnu_tar_writes_them() throws Exception {
        String name = "d/" + "n".repeat(150);
        String target = "t".repeat(150);
        Image image = new Image(new TarMaker().entry('L', "././@LongLink", "", name.length() + 1, 0644).bytes(name + "\0").pad().file("cut", "x")
                .entry('K', "././@LongLink", "", target.length() + 1, 0644).bytes(target + "\0").pad().symbolicLink("link", "cut").end());
        assertEquals("x", image.content(name));
        assertEquals(target, Files.readSymbolicLink(image.root().resolve("link")).toString());
    }

    @Test
    void should_read_the_prefix_of_a_name() throws Exception {
        byte[] header = Arrays.copyOf(new TarMaker().entry('0', "file", "", 0, 0644).unfinished(), 512);
        TarMaker.put(header, 345, "a/long/way");
        Image image = new Image(new TarMaker().block(header).end());
        assertEquals("", image.content("a/long/way/file"));
    }

    @Test
    void should_read_a_tar_from_before_the_standard() throws Exception {
        byte[] header = Arrays.copyOf(new TarMaker().entry('\0', "folder/", "", 0, 0755).unfinished(), 512);
        Arrays.fill(header, 257, 265, (byte) 0);
        byte[] file = Arrays.copyOf(new TarMaker().entry('\0', "folder/file", "", 0, 0600).unfinished(), 512);
        Arrays.fill(file, 257, 265, (byte) 0);
        assertEquals("", new Image(new TarMaker().block(header).block(file).end()).content("folder/file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "posix --sparse-version=0.0", "posix --sparse-version=0.1", "posix --sparse-version=1.0"})
    void should_give_a_file_with_gaps_its_gaps(String form) throws Exception {
        Path folder = Scratch.folder("gaps");
        Program.run("sh", "-c", "cd " + folder + """
                 && printf begin > gaps && for at in 3 7 8 20 33 34 60 90 91 200; do printf "piece $at" | dd of=gaps bs=64k seek=$at conv=notrunc 2> /dev/null; done
                truncate -s 20000000 gaps
                truncate -s 1000000 hollow && touch -d @1600000000 gaps hollow
                tar -S --format="""
                + form + " -cf ../gaps.tar gaps hollow").orFail();
        Image image = new Image(Files.readAllBytes(folder.resolveSibling("gaps.tar")));
        assertTrue(Files.size(folder.resolveSibling("gaps.tar")) < 1_000_000);
        image.extract();
        assertEquals(Tree.ofUser(folder).get("gaps"), Tree.ofUser(image.root()).get("gaps"));
        assertEquals(Tree.ofUser(folder).get("hollow"), Tree.ofUser(image.root()).get("hollow"));
        String kilobytes = Program.run("du", "-k", image.root().resolve("gaps").toString()).text().split("\\s")[0];
        assertTrue(Integer.parseInt(kilobytes) < 2000, kilobytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5,3", "2,9", "0,1,0,1", "-1,2", "1", "x,1", "0,9223372036854775807", "1,0,0,1,"})
    void should_refuse_gaps_that_cannot_be(String map) {
        new Image(new TarMaker().pax("GNU.sparse.size", "6", "GNU.sparse.map", map, "GNU.sparse.name", "file").file("x", "ab").end()).refused("'file'", "gaps");
    }

    @Test
    void should_keep_names_that_are_not_utf8() throws Exception {
        Image image = new Image(new TarMaker().folder("caf\u00e9").file("caf\u00e9/\u00ff\u00fe", "one").file("caf\u00e9/\u00ff\u00fd", "two")
                .symbolicLink("link", "caf\u00e9/\u00ff\u00fe").hardLink("hard\u0080", "caf\u00e9/\u00ff\u00fe").end(),
                new TarMaker().file("caf\u00e9/.wh.\u00ff\u00fd", "").file("link-is-followed", "x").end(),
                new TarMaker().symbolicLink("to", "caf\u00e9").file("to/new", "x").end());
        image.extract();
        assertEquals(List.of("", "caf\u00e9", "caf\u00e9/new", "caf\u00e9/\u00ff\u00fe", "hard\u0080", "link", "link-is-followed", "to"),
                List.copyOf(Tree.ofUser(image.root()).keySet()));
        assertTrue(Tree.ofUser(image.root()).get("link").endsWith(" caf\u00e9/\u00ff\u00fe"));
    }

    @Test
    void should_keep_names_that_are_not_utf8_where_a_program_makes_what_they_name() throws Exception {
        Image image = new Image(new TarMaker().folder("a").symbolicLink("caf\u00e9", "a//b'\u00ff").folder("\u00e9\n")
                .entry('6', "\u00e9\n/pi'p\u00e9\n", "", 0, 0600).end(), new TarMaker().folder("a").file("a/b'\u00ff", "x").end());
        image.extract();
        assertEquals(List.of("", "a", "a/b'\u00ff", "caf\u00e9", "\u00e9\n", "\u00e9\n/pi'p\u00e9\n"), List.copyOf(Tree.ofUser(image.root()).keySet()));
        assertTrue(Tree.ofUser(image.root()).get("caf\u00e9").endsWith(" a//b'\u00ff"));
    }

    @Test
    void should_show_no_control_characters_of_a_name_on_the_terminal() {
        new Image(new TarMaker().file("../\u001b[2J\n", "x").end()).refused("'../\\x1b[2J\\x0a'");
    }

    @Test
    void should_read_gzip_in_many_members() throws Exception {
        byte[] tar = new TarMaker().file("one", "1").file("two", "2").end();
        byte[] stored = joined(gzip(Arrays.copyOf(tar, 700)), gzip(new byte[0]), gzip(Arrays.copyOfRange(tar, 700, tar.length)));
        assertEquals("2", new Image(stored).diffId(0, Digest.of(tar)).content("two"));
    }

    @Test
    void should_read_zstd_in_many_frames() throws Exception {
        Tools.assumeInstalled("zstd");
        byte[] tar = new TarMaker().file("one", "1").file("two", "2").end();
        byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
        byte[] one = new Program("zstd", "-qc").stdin(Arrays.copyOf(tar, 700)).run().orFail().stdout();
        byte[] two = new Program("zstd", "-qc").stdin(Arrays.copyOfRange(tar, 700, tar.length)).run().orFail().stdout();
        assertEquals("2", new Image(joined(skippable, one, skippable, two)).diffId(0, Digest.of(tar)).content("two"));
    }

    @Test
    void should_pass_over_what_follows_the_end_but_hash_it() throws Exception {
        byte[] more = joined(HELLO, "garbage, not a header.....".repeat(100).getBytes());
        assertEquals("hello", new Image(gzip(more)).diffId(0, Digest.of(more)).content("hello"));
        new Image(gzip(more)).diffId(0, Digest.of(HELLO)).refused("diff ID");
    }

    @Test
    void should_refuse_a_layer_of_another_diff_id() {
        new Image(HELLO).diffId(0, Digest.of(new byte[0])).refused(Digest.of(HELLO).toString(), Digest.of(new byte[0]).toString());
    }

    @Test
    void should_refuse_what_cannot_be_decompressed() {
        byte[] stored = gzip(HELLO);
        new Image(Arrays.copyOf(stored, stored.length - 12)).refused("cannot be decompressed", "ends too early");
        byte[] damaged = stored.clone();
        damaged[stored.length - 6] ^= 1;
        new Image(damaged).refused("cannot be decompressed");
        new Image(joined(stored, new byte[] {1, 2, 3})).refused("cannot be decompressed");
        new Image(new byte[] {0x1f, (byte) 0x8b, 99}).refused("cannot be decompressed");
        new Image(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0}).refused("cannot be decompressed");
    }

    @Test
    void should_name_what_compresses_no_layers() throws Exception {
        new Image("\u00fd7zXZ\0\0\4\u00e6\u00d6\u00b4F".getBytes(StandardCharsets.ISO_8859_1)).refused("compressed with xz", "gzip");
        new Image("BZh91AY&SY\1\2\3".getBytes(StandardCharsets.ISO_8859_1)).refused("compressed with bzip2", "gzip");
        assertEquals("x", new Image(new TarMaker().file("BZh9", "x").end()).content("BZh9"));
    }

    @Test
    void should_refuse_what_is_no_tar() {
        new Image("<html>no layer</html>".repeat(100).getBytes()).refused("tar");
        new Image(Arrays.copyOf(HELLO, 300)).refused("tar", "middle");
        new Image(Arrays.copyOf(HELLO, 514)).refused("'hello'", "middle");
        byte[] damaged = HELLO.clone();
        damaged[3] ^= 1;
        new Image(damaged).refused("checksum");
    }

    @Test
    void should_read_a_tar_without_an_end_and_one_without_anything() throws Exception {
        assertEquals("hello", new Image(Arrays.copyOf(HELLO, 1024)).content("hello"));
        assertEquals(0, new Image(new byte[0]).extract().entries());
        assertEquals(0, new Image(new TarMaker().end()).extract().entries());
    }

    @Test
    void should_let_the_last_of_two_entries_of_one_name_win() throws Exception {
        Image image = new Image(new TarMaker().file("a", "first").file("a", "second").folder("b").file("b/c", "x").file("b", "file")
                .symbolicLink("s", "a").folder("s").file("h", "h").hardLink("h", "h").hardLink("h", "a").end());
        assertEquals("second", image.content("a"));
        assertEquals("file", image.content("b"));
        assertEquals("second", image.content("h"));
        assertTrue(Files.isDirectory(image.root().resolve("s")));
        assertFalse(Files.isSymbolicLink(image.root().resolve("s")));
    }

    @Test
    void should_hide_what_is_below_and_keep_what_the_layer_itself_brings() throws Exception {
        byte[] below = new TarMaker().folder("dir").file("dir/old", "x").folder("dir/sub").file("dir/sub/old", "x").file("file", "x").folder("kept").file("kept/old", "x").end();
        Image image = new Image(below, new TarMaker().file("dir/new", "x").file("dir/sub/new", "x").file("dir/.wh..wh..opq", "")
                .file("file", "new").file(".wh.file", "").folder("kept").file("kept/new", "x").file(".wh.kept", "").file(".wh.nothing", "").file("no/.wh.thing", "").end());
        image.extract();
        assertEquals(List.of("", "dir", "dir/new", "dir/sub", "dir/sub/new", "file", "kept", "kept/new"), List.copyOf(Tree.ofUser(image.root()).keySet()));
        assertEquals("new", image.content("file"));
        assertEquals(FileTime.from(Instant.ofEpochSecond(014000000000L)), Files.getLastModifiedTime(image.root().resolve("dir/sub")));
    }

    @Test
    void should_not_take_old_drivers_notes_for_files() throws Exception {
        Image image = new Image(new TarMaker().folder(".wh..wh.plnk").file(".wh..wh.aufs", "").file("file", "x").end());
        image.extract();
        assertEquals(List.of("", "file"), List.copyOf(Tree.ofUser(image.root()).keySet()));
    }

    @Test
    void should_give_folders_their_times_and_modes_whatever_is_written_in_them_later() throws Exception {
        Image image = new Image(new TarMaker().folder("a", 0555).folder("a/b", 0711).file("a/b/c", "x").symbolicLink("l", "a/b").end(),
                new TarMaker().file("a/b/d", "x").file("a/.wh.nothing", "").end(), new TarMaker().file("l/.wh.c", "").end());
        image.extract();
        FileTime then = FileTime.from(Instant.ofEpochSecond(014000000000L));
        assertEquals(then, Files.getLastModifiedTime(image.root().resolve("a")));
        assertEquals(then, Files.getLastModifiedTime(image.root().resolve("a/b")));
        assertEquals(0555, (int) Files.getAttribute(image.root().resolve("a"), "unix:mode") & 07777);
        assertArrayEquals(new String[] {"d"}, image.root().resolve("a/b").toFile().list());
    }

    @Test
    void should_read_numbers_beyond_octal_digits() throws Exception {
        byte[] header = Arrays.copyOf(new TarMaker().entry('0', "late", "", 0, 0644).unfinished(), 512);
        byte[] seconds = {(byte) 0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0};
        System.arraycopy(seconds, 0, header, 136, 12);
        byte[] early = Arrays.copyOf(new TarMaker().entry('0', "early", "", 0, 0644).unfinished(), 512);
        Arrays.fill(early, 136, 148, (byte) 0xff);
        Image image = new Image(new TarMaker().block(header).block(early).end());
        image.extract();
        assertEquals(2L << 32, Files.getLastModifiedTime(image.root().resolve("late")).toInstant().getEpochSecond());
        assertEquals(-1, Files.getLastModifiedTime(image.root().resolve("early")).toInstant().getEpochSecond());
    }
}
