package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

//SOURCES Image.java
//SOURCES TarMaker.java

/** Headers with numbers that no system has: what is made of them is right everywhere, or nothing is. */
class NumbersTest {
    private static final int UID = 108;
    private static final int TIME = 136;
    private static final int MAJOR = 329;
    private static final byte[] NOTHING = new byte[512];

    /** Returns a tar with one entry that has these bytes in one of its fields. */
    private static byte[] tar(char type, int field, String bytes) {
        byte[] block = new TarMaker().entry(type, "odd", "", 0, 0644).unfinished();
        System.arraycopy(NOTHING, 0, block, field, 7);
        TarMaker.put(block, field, bytes);
        return new TarMaker().block(block).end();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "\u0080\0\0\0\u00ff\u00ff\u00ff\u00ff", "\u0080\0\0\1\0\0\0\0"})
    void should_refuse_owners_that_there_cannot_be(String uid) {
        new Image(tar('0', UID, uid)).refused("'odd'", "owner");
    }

    @Test
    void should_refuse_owners_that_there_cannot_be_in_an_extended_header_too() {
        new Image(new TarMaker().pax("gid", "-1").file("odd", "").end()).refused("'odd'", "owner");
        new Image(new TarMaker().pax("uid", "4294967296").file("odd", "").end()).refused("'odd'", "owner");
    }

    @Test
    void should_refuse_devices_that_there_cannot_be() throws Exception {
        new Image(tar('3', MAJOR, "\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff")).refused("device");
        new Image(tar('4', MAJOR, "\u0080\0\0\0\u007f\0\0\0")).refused("device");
        assertEquals("", new Image(tar('0', MAJOR, "what?")).content("odd"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0080\0\0\0\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff", "\u00ff\u00ff\u00ff\u00ff\u0080\0\0\0\0\0\0\0"})
    void should_take_times_beyond_all_calendars_for_the_last_or_the_first(String time) throws Exception {
        new Image(tar('0', TIME, time)).extract();
    }

    @Test
    void should_take_any_time_of_an_extended_header() throws Exception {
        Image image = new Image(new TarMaker().pax("mtime", "9999999999999999").file("late", "").pax("mtime", "-9999999999999999.5").file("early", "")
                .pax("mtime", "4102444800.25").file("later", "").end());
        image.extract();
        assertEquals(FileTime.from(Instant.parse("2100-01-01T00:00:00.25Z")), Files.getLastModifiedTime(image.root().resolve("later")));
    }

    /** A gap takes no place in this folder, but it does in a tar, and where a file system has none. */
    @Test
    void should_count_gaps_as_what_is_unpacked() {
        TarMaker tar = new TarMaker();
        for (int i = 0; i < 5; i++) {
            tar.pax("GNU.sparse.size", "900000", "GNU.sparse.map", "0,1").file("gaps" + i, "x");
        }
        new Image(tar.end()).maxSize(2_000_000).refused("2000000", "refused");
    }
}
