package tests.mirrors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;
import static tests.support.Reply.flippingAt;
import static tests.support.Reply.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import org.junit.jupiter.api.Test;
import tests.support.FlakyRegistry;
import tests.support.Reply;

//SOURCES Mirrored.java

/** A mirror that sends something wrong is found, named and left, and the image still comes. */
class LiarsTest extends Mirrored {
    /** One wrong byte in the first part of each layer. */
    private static final Function<FlakyRegistry.Request, Reply> ONCE = request -> request.to() - request.from() > 1000 && request.number() == 1 ? flippingAt(request.from() + 17) : RIGHT;
    private static final Function<FlakyRegistry.Request, Reply> ALWAYS = request -> flippingAt(request.from() + 17);
    /** Other bytes than this one changes. */
    private static final Function<FlakyRegistry.Request, Reply> ELSEWHERE = request -> flippingAt(request.from() + 99);

    @Test
    void should_name_the_one_of_four_mirrors_that_sent_one_wrong_byte_and_fetch_little_again() throws IOException {
        FlakyRegistry liar = mirror(400_000);
        liar.behave(ONCE);
        for (int i = 0; i < 3; i++) {
            mirror(4_000_000);
        }
        pull("a.tar");
        assertNamed(liar);
        long all = mirrors.stream().mapToLong(FlakyRegistry::sent).sum();
        assertTrue(all < LARGE + SMALL + 2 * IN_FLIGHT, all + " " + said);
        assertEquals(0, registry.sent());
        assertRight("a.tar");
    }

    @Test
    void should_find_the_liar_also_where_it_sent_most() throws IOException {
        mirror(1_500_000);
        FlakyRegistry liar = mirror(6_000_000);
        liar.behave(ONCE);
        pull("a.tar");
        assertNamed(liar);
        assertEquals(0, registry.sent());
        assertRight("a.tar");
    }

    @Test
    void should_take_a_blob_anew_from_elsewhere_that_one_mirror_alone_sent() throws IOException {
        FlakyRegistry liar = mirror(6_000_000);
        liar.behave(ALWAYS);
        pull("a.tar");
        assertNamed(liar);
        assertTrue(registry.sent() >= LARGE, registry.sent() + " " + said);
        assertRight("a.tar");
    }

    @Test
    void should_not_name_an_honest_mirror_that_a_liar_contradicts() throws IOException {
        mirror(1_500_000);
        FlakyRegistry liar = mirror(6_000_000);
        liar.behave(ALWAYS);
        pull("a.tar");
        assertNamed(liar);
        assertTrue(registry.sent() < LARGE / 2, registry.sent() + " bytes of the registry " + said);
        assertRight("a.tar");
    }

    @Test
    void should_take_the_blob_from_the_one_mirror_of_three_that_does_not_lie_all_the_time() throws IOException {
        connections = 3;
        mirror(2_000_000).behave(ALWAYS);
        mirror(2_000_000).behave(ELSEWHERE);
        mirror(2_000_000);
        pull("a.tar");
        assertRight("a.tar");
    }

    /** Two lie, and mostly nobody finds out who does: then all of the blob is taken from one of them, from the other, from the third, which fails by then, and from the registry. */
    @Test
    void should_take_the_blob_from_the_registry_where_the_last_mirror_that_is_believed_fails() throws IOException {
        connections = 3;
        mirror(2_000_000).behave(ALWAYS);
        mirror(2_000_000).behave(ELSEWHERE);
        mirror(2_000_000).behave(request -> request.number() > 1 ? status(503, null) : RIGHT);
        registry.behave(request -> request.number() <= 2 ? status(503, null) : RIGHT);
        pull("a.tar");
        assertRight("a.tar");
    }

    @Test
    void should_refuse_a_blob_that_is_wrong_everywhere() throws IOException {
        registry.behave(ALWAYS);
        mirror(6_000_000).behave(ALWAYS);
        mirror(6_000_000).behave(ALWAYS);
        assertThrows(WrongContentException.class, () -> pull("a.tar"), said.toString());
        assertFalse(Files.exists(folder.resolve("a.tar")));
    }

    @Test
    void should_know_after_an_interruption_who_sent_what() throws IOException {
        FlakyRegistry liar = mirror(3_000_000);
        mirror(3_000_000);
        pullHalf(ONCE);
        pull("a.tar");
        assertNamed(liar);
        assertRight("a.tar");
    }

    @Test
    void should_name_nobody_where_an_older_journal_does_not_say_who_sent_what() throws IOException {
        mirror(3_000_000);
        mirror(3_000_000);
        pullHalf(ONCE);
        Path journal = folder.resolve("a.tar.part.journal");
        Files.writeString(journal, Files.readString(journal).replaceAll(" http://127.0.0.1:[0-9]+", ""));
        pull("a.tar");
        assertEquals(0, said("nothing more is taken").size(), said.toString());
        assertRight("a.tar");
    }

    /** The first mirror behaves like this, and neither of them sends the second half of the large layer. */
    private void pullHalf(Function<FlakyRegistry.Request, Reply> first) {
        registry.behave(request -> status(404, null));
        long half = LARGE / 2;
        mirrors.get(0).behave(request -> request.from() >= half ? status(403, null) : request.to() > half ? first.apply(request).upTo(half, request) : first.apply(request));
        mirrors.get(1).behave(request -> request.from() >= half ? status(403, null) : request.to() > half ? RIGHT.upTo(half, request) : RIGHT);
        assertThrows(RegistryException.class, () -> pull("a.tar"));
        said.clear();
        registry.behave(request -> RIGHT);
        mirrors.forEach(mirror -> mirror.behave(request -> RIGHT));
    }

    private void assertNamed(FlakyRegistry liar) {
        assertEquals(1, said("; nothing more is taken from it").size(), said.toString());
        assertTrue(said("; nothing more is taken from it").get(0).startsWith("mirror skipped: http://" + liar.host() + " sent "), said.toString());
    }
}
