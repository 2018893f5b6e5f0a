package tests.mirrors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;
import static tests.support.Reply.closingAfter;
import static tests.support.Reply.flippingAt;
import static tests.support.Reply.ignoringRange;
import static tests.support.Reply.status;

import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.Registry;
import lib.transfer.BlobStream;
import lib.transfer.Settings;
import org.junit.jupiter.api.Test;
import tests.support.FlakyRegistry;

//SOURCES Mirrored.java

/** A blob that is read in order also comes from several mirrors, one part after the other. */
class StreamedTest extends Mirrored {
    @Test
    void should_read_on_at_another_mirror_where_one_breaks() throws IOException {
        FlakyRegistry breaking = mirror(50_000_000);
        breaking.behave(request -> request.number() == 1 ? closingAfter(400_000) : status(403, null));
        mirror(50_000_000);
        assertRead();
        assertEquals(0, registry.sent());
        assertTrue(mirrors.get(1).sent() >= LARGE - 500_000, mirrors.get(1).requests().toString());
    }

    @Test
    void should_read_most_from_the_fastest() throws IOException {
        FlakyRegistry slow = mirror(50_000_000);
        slow.behave(request -> RIGHT.at(1_500_000));
        FlakyRegistry fast = mirror(50_000_000);
        assertRead();
        assertTrue(slow.sent() > 0 && fast.sent() > 2 * slow.sent(), slow.requests() + " " + fast.requests());
    }

    @Test
    void should_read_from_mirrors_that_send_no_parts() throws IOException {
        mirror(50_000_000).behave(request -> request.number() == 1 ? ignoringRange() : RIGHT);
        mirror(50_000_000).behave(request -> ignoringRange());
        assertRead();
        assertEquals(0, registry.sent());
    }

    @Test
    void should_say_which_mirrors_sent_what_proved_wrong() {
        FlakyRegistry liar = mirror(50_000_000);
        liar.behave(request -> flippingAt(request.from()));
        String message = assertThrows(WrongContentException.class, this::assertRead).getMessage();
        assertTrue(message.contains("; they came from http://" + liar.host()), message);
        assertEquals(1, said("nothing more is taken from it").size(), said.toString());
    }

    /** The large layer is read to its end, and is right. */
    private void assertRead() throws IOException {
        Settings settings = settings();
        Registry reader = new Registry(Reference.parse(image), network());
        Descriptor layer = reader.manifest(Platform.parse("linux/amd64")).manifest().layers().get(0);
        byte[] right = new byte[LARGE];
        new Random(1).nextBytes(right);
        try (InputStream in = BlobStream.of(reader, layer, settings)) {
            assertArrayEquals(right, in.readAllBytes());
        }
    }
}
