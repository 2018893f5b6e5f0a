package tests.mirrors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;
import static tests.support.Reply.closingAfter;
import static tests.support.Reply.ignoringRange;
import static tests.support.Reply.stallingAfter;
import static tests.support.Reply.status;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import lib.failure.RegistryException;
import org.junit.jupiter.api.Test;
import tests.support.FlakyRegistry;
import tests.support.Reply;

//SOURCES Mirrored.java

/** The parts of a blob come from several mirrors side by side, and the most from the fastest. */
class SeveralMirrorsTest extends Mirrored {
    @Test
    void should_take_something_from_each_of_equal_mirrors_and_nothing_from_the_registry() throws IOException {
        CountDownLatch asked = new CountDownLatch(4);
        for (int i = 0; i < 4; i++) {
            mirror(3_000_000).behave(onceAllAre(asked));
        }
        pull("a.tar");
        assertEquals(0, registry.sent());
        for (FlakyRegistry mirror : mirrors) {
            assertTrue(mirror.sent() > LARGE / 20, sent());
            assertTrue(hosts.totals().get("http://" + mirror.host()) > LARGE / 20, hosts.totals().toString());
        }
        assertTrue(all() < LARGE + SMALL + 2 * IN_FLIGHT, sent());
        assertRight("a.tar");
    }

    /** Answers no request for a part of a layer before each mirror has one. */
    private static Function<FlakyRegistry.Request, Reply> onceAllAre(CountDownLatch asked) {
        AtomicBoolean isAsked = new AtomicBoolean();
        return request -> {
            if (request.to() - request.from() > 1000) {
                if (!isAsked.getAndSet(true)) {
                    asked.countDown();
                }
                awaitQuietly(asked);
            }
            return RIGHT;
        };
    }

    private static void awaitQuietly(CountDownLatch asked) {
        try {
            asked.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void should_take_most_from_the_fastest_and_not_wait_for_the_slowest() throws IOException {
        FlakyRegistry slow = mirror(300_000);
        FlakyRegistry fast = mirror(3_000_000);
        pull("a.tar");
        assertTrue(fast.sent() > 4 * slow.sent(), sent());
        assertTrue(slow.sent() > 0 && all() < LARGE + SMALL + IN_FLIGHT, sent());
        assertEquals(0, registry.sent());
        assertRight("a.tar");
    }

    @Test
    void should_go_on_without_a_mirror_that_dies_in_the_middle() throws IOException {
        FlakyRegistry dying = mirror(3_000_000);
        AtomicBoolean dead = new AtomicBoolean();
        dying.behave(request -> dead.getAndSet(request.number() > 2 || dead.get()) ? closingAfter(0) : closingAfter(200_000));
        mirror(3_000_000);
        pull("a.tar");
        assertEquals(0, registry.sent());
        assertEquals(1, said("mirror skipped: http://" + dying.host()).stream().filter(line -> line.contains("asked again in")).count(), said.toString());
        assertTrue(all() < LARGE + SMALL + IN_FLIGHT, sent());
        assertRight("a.tar");
    }

    @Test
    void should_take_the_parts_of_a_mirror_that_stalls_from_the_others() throws IOException {
        FlakyRegistry stalling = mirror(3_000_000);
        stalling.behave(request -> stallingAfter(150_000));
        mirror(1_000_000);
        pull("a.tar");
        assertEquals(0, registry.sent());
        assertTrue(stalling.sent() < LARGE / 3, sent());
        assertTrue(all() < LARGE + SMALL + IN_FLIGHT, sent());
        assertRight("a.tar");
    }

    @Test
    void should_leave_a_mirror_alone_as_long_as_it_says() throws IOException {
        FlakyRegistry limited = mirror(3_000_000);
        limited.behave(request -> status(429, "60"));
        mirror(3_000_000);
        pull("a.tar");
        assertTrue(limited.requests().size() <= connections, limited.requests().toString());
        assertEquals(1, said("429").size(), said.toString());
        assertTrue(said("429").get(0).endsWith("; asked again in 60.0 s"), said.toString());
        assertEquals(0, registry.sent());
        assertRight("a.tar");
    }

    @Test
    void should_use_a_mirror_without_ranges_only_for_what_it_sends_as_a_whole() throws IOException {
        FlakyRegistry whole = mirror(3_000_000);
        whole.behave(request -> ignoringRange());
        mirror(3_000_000);
        pull("a.tar");
        assertTrue(all() < LARGE + SMALL + 3 * IN_FLIGHT, sent());
        assertEquals(0, registry.sent());
        assertRight("a.tar");
        mirrors.remove(1).close();
        pull("b.tar");
        assertEquals(0, registry.sent());
        assertRight("b.tar");
    }

    @Test
    void should_not_ask_in_vain_again_and_again_where_a_mirror_sends_parts_no_more() throws IOException {
        FlakyRegistry fickle = mirror(8_000_000);
        fickle.behave(request -> request.from() == 0 ? RIGHT : ignoringRange());
        mirror(1_000_000);
        pull("a.tar");
        assertTrue(fickle.requests().size() < 20, fickle.requests().size() + " requests " + said);
        assertRight("a.tar");
    }

    @Test
    void should_take_what_a_mirror_that_lags_behind_has_not_from_the_others() throws IOException {
        FlakyRegistry lagging = new FlakyRegistry();
        lagging.image("0", new long[] {2}, SMALL);
        mirrors.add(lagging);
        mirror(3_000_000);
        pull("a.tar");
        assertEquals(1, said("it may still have some of the blobs").size(), said.toString());
        assertTrue(said("mirror skipped: http://" + lagging.host() + "/v2/app/blobs/").size() <= 1 && said.size() <= 2, "said more than once: " + said);
        assertEquals(0, registry.sent());
        assertRight("a.tar");
    }

    @Test
    void should_ask_the_registry_only_when_no_mirror_is_left_and_fail_with_its_words() throws IOException {
        for (int i = 0; i < 2; i++) {
            mirror(3_000_000).behave(request -> status(403, null));
        }
        pull("a.tar");
        assertTrue(registry.sent() >= LARGE + SMALL, registry.sent() + "");
        assertEquals(2, said("mirror skipped: ").size(), said.toString());
        assertRight("a.tar");
        registry.behave(request -> status(404, null));
        RegistryException failure = assertThrows(RegistryException.class, () -> pull("b.tar"));
        assertTrue(failure.getMessage().contains("http://" + registry.host() + "/v2/app/blobs/") && failure.status() == 404, failure.toString());
    }

    @Test
    void should_have_the_registry_join_where_the_settings_list_it_among_the_mirrors() throws IOException {
        mirror(2_000_000);
        registry.limit(2_000_000);
        mirrors.add(registry);
        pull("a.tar");
        assertTrue(registry.sent() > LARGE / 5 && mirrors.get(0).sent() > LARGE / 5, sent());
        assertRight("a.tar");
    }

    @Test
    void should_give_each_mirror_no_more_connections_than_it_may_have() throws IOException {
        connections = 12;
        connectionsPerHost = 2;
        for (int i = 0; i < 2; i++) {
            mirror(50_000_000).behave(request -> RIGHT.at(500_000));
        }
        pull("a.tar");
        assertEquals(List.of(2, 2), mirrors.stream().map(mirror -> opened.most(mirror.host())).toList());
        assertRight("a.tar");
    }

    @Test
    void should_show_each_mirror_no_token_but_its_own() throws IOException {
        for (int i = 0; i < 2; i++) {
            FlakyRegistry mirror = mirror(10_000_000);
            mirror.gate(authorization -> authorization == null ? 401 : authorization.startsWith("Bearer " + mirror.host()) ? 200 : 403);
        }
        pull("a.tar");
        assertTrue(said.isEmpty() && mirrors.stream().allMatch(mirror -> mirror.sent() > 0), said.toString());
        assertRight("a.tar");
    }

    @Test
    void should_rely_on_the_registry_where_the_only_mirror_keeps_breaking() throws IOException {
        FlakyRegistry breaking = mirror(10_000_000);
        breaking.behave(request -> closingAfter(20_000));
        pull("a.tar");
        assertTrue(breaking.sent() > 0 && breaking.requests().size() < 40 && registry.sent() > LARGE / 2, breaking.requests().size() + " requests, " + registry.sent());
        assertRight("a.tar");
    }

    private long all() {
        return mirrors.stream().mapToLong(FlakyRegistry::sent).sum();
    }

    private String sent() {
        List<List<String>> requests = mirrors.stream().map(mirror -> mirror.requests().stream().map(request -> request.digest().substring(7, 11) + " " + request.from() + "-" + request.to()).toList()).toList();
        return mirrors.stream().map(FlakyRegistry::sent).toList() + " " + said + " " + requests;
    }
}
