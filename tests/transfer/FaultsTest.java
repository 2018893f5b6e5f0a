package tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;
import static tests.support.Reply.claimingRange;
import static tests.support.Reply.closingAfter;
import static tests.support.Reply.closingAt;
import static tests.support.Reply.flippingAt;
import static tests.support.Reply.ignoringRange;
import static tests.support.Reply.longerBy;
import static tests.support.Reply.redirecting;
import static tests.support.Reply.stallingAfter;
import static tests.support.Reply.status;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.support.Dray;
import tests.support.FlakyRegistry;
import tests.support.Program;

//SOURCES Pulling.java
//SOURCES ../support/Dray.java
//SOURCES ../support/FlakyRegistry.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java

/** What registries and lines do, and what must come of it. */
@Tag("slow")
class FaultsTest extends Pulling {
    /** What the fake sends at a time. */
    private static final int CHUNK = 16 * 1024;

    @Test
    void should_go_on_where_a_connection_was_lost() {
        registry.behave(request -> request.number() == 1 ? closingAfter(100_000) : RIGHT);
        pull("a.tar").orFail();
        assertRight("a.tar");
        for (FlakyRegistry.Request lost : registry.requests().stream().filter(request -> request.number() == 1 && request.to() - request.from() > 100_000).toList()) {
            assertTrue(registry.requests().stream().noneMatch(request -> request.number() > 1 && isWithin(request, lost, 100_000 - CHUNK)), "what had come is asked for again: " + registry.requests());
        }
    }

    /** Whether a request asks for some of the first bytes of what another, for the same blob, asked for. */
    private static boolean isWithin(FlakyRegistry.Request request, FlakyRegistry.Request other, int first) {
        return request.digest().equals(other.digest()) && request.from() < other.from() + first && request.to() > other.from();
    }

    @Test
    void should_go_on_as_long_as_every_try_brings_something() {
        registry.behave(request -> closingAfter(90_000));
        pull("a.tar", "--retries", "1").orFail();
        assertRight("a.tar");
    }

    @Test
    void should_give_up_when_nothing_comes_and_keep_what_had_come() {
        registry.behave(request -> closingAt(1_000_000, request));
        Program.Result result = pull("a.tar", "--retries", "1");
        assertFailed(6, "127.0.0.1", result, "a.tar");
        long before = registry.sent();
        assertTrue(before > 1_000_000);
        registry.behave(request -> RIGHT);
        pull("a.tar").orFail();
        assertRight("a.tar");
        assertTrue(registry.sent() <= imageSize - before + 4 * SEGMENT, registry.sent() + " bytes were sent again");
    }

    @Test
    void should_leave_a_connection_that_sends_nothing_more() {
        registry.behave(request -> request.number() == 1 ? stallingAfter(50_000) : RIGHT);
        pull("a.tar", "--stall-timeout", "3").orFail();
        assertRight("a.tar");
    }

    @Test
    void should_fetch_the_others_while_the_first_connections_have_stalled() {
        registry.image("1", new long[] {1, 2, 3, 4, 5}, MIDDLE, MIDDLE + 1, MIDDLE + 2, MIDDLE + 3, MIDDLE + 4);
        AtomicInteger all = new AtomicInteger();
        registry.behave(request -> request.to() >= MIDDLE && all.incrementAndGet() <= 2 ? stallingAfter(300_000) : RIGHT);
        Dray.script("pull", "-q", "--platform", "linux/amd64", "--segment", "1M", "--stall-timeout", "10", "-o", "a.tar", image).in(folder).run().orFail();
        List<String> asked = registry.requests().stream().map(FlakyRegistry.Request::digest).toList();
        assertEquals(asked.stream().distinct().count() + 2, asked.size(), asked.toString());
        assertEquals(Set.copyOf(asked), Set.copyOf(asked.subList(0, asked.size() - 2)), "the others waited for those that had stalled");
    }

    @Test
    void should_fetch_the_others_while_a_request_is_not_answered() {
        registry.image("1", new long[] {1, 2, 3, 4, 5}, MIDDLE, MIDDLE + 1, MIDDLE + 2, MIDDLE + 3, MIDDLE + 4);
        AtomicInteger all = new AtomicInteger();
        AtomicInteger meanwhile = new AtomicInteger();
        registry.behave(request -> {
            if (request.to() >= MIDDLE && all.incrementAndGet() == 2) {
                for (int look = 0; look < 2_000 && meanwhile.get() < 6; look++) {
                    Program.pause(10);
                    meanwhile.set((int) registry.requests().stream().map(FlakyRegistry.Request::digest).distinct().count());
                }
            }
            return RIGHT;
        });
        Dray.script("pull", "-q", "--platform", "linux/amd64", "--segment", "1M", "--retries", "0", "-o", "a.tar", image).in(folder)
                .env("JDK_JAVA_OPTIONS", "-XX:ActiveProcessorCount=1").run().orFail();
        assertEquals(6, meanwhile.get(), "the others waited for one that is not answered");
    }

    @Test
    void should_try_again_after_429_and_5xx_as_told() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(2));
        registry.behave(request -> switch (request.number()) {
            case 1 -> status(429, "1");
            case 2 -> status(503, date);
            case 3 -> status(500, null);
            default -> RIGHT;
        });
        Program.Result result = pull("a.tar").orFail();
        assertRight("a.tar");
        assertTrue(result.stderr().contains("429") && result.stderr().contains("503"), "it does not say what it waits for: " + result.stderr());
    }

    @Test
    void should_count_a_wait_by_the_clock_of_the_server_that_names_its_end() throws IOException {
        ZonedDateTime theirs = ZonedDateTime.now(ZoneOffset.UTC).plusHours(1);
        String later = "429 Too Many Requests\r\nDate: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs)
                + "\r\nRetry-After: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs.plusSeconds(1));
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Iterator<String> answers = List.of(later, "404 Not Found", "404 Not Found, nor a login at the front door").iterator();
            new Thread(() -> {
                while (answers.hasNext()) {
                    try (Socket client = server.accept()) {
                        byte[] request = new byte[8192];
                        client.getInputStream().read(request);
                        String answer = request[0] == 'G' ? answers.next() : "400 This is no TLS";
                        client.getOutputStream().write(("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").getBytes());
                    } catch (IOException e) {
                        return; // closed
                    }
                }
            }).start();
            assertEquals(3, Dray.run("manifest", "--insecure", "127.0.0.1:" + server.getLocalPort() + "/app:1").exitCode());
        }
    }

    @Test
    void should_end_with_7_when_the_limit_stays_and_with_6_when_the_registry_stays_broken() {
        registry.behave(request -> status(429, "0"));
        assertFailed(7, ", 0 of 100 pulls left (per 6 hours)", pull("a.tar", "--retries", "1"), "a.tar");
        registry.behave(request -> status(500, null));
        assertFailed(6, "500", pull("b.tar", "--retries", "1"), "b.tar");
        registry.behave(request -> status(429, "7200"));
        assertFailed(7, "; try again in 2 hours, or log in", pull("c.tar"), "c.tar");
        registry.behave(request -> status(503, "1800"));
        assertFailed(6, "; try again in 30 minutes", pull("d.tar"), "d.tar");
    }

    @Test
    void should_not_try_again_what_is_not_allowed_or_not_there() {
        registry.behave(request -> status(403, null));
        assertFailed(4, "403", pull("a.tar"), "a.tar");
        assertAskedOnce();
        registry.behave(request -> status(404, null));
        assertFailed(3, "404", pull("b.tar"), "b.tar");
        assertAskedOnce();
    }

    /** Java itself asks a second time where a connection that it kept turns out to be closed. Dray would ask six times. */
    private void assertAskedOnce() {
        assertTrue(registry.requests().stream().allMatch(request -> request.number() <= 2), registry.requests().toString());
    }

    @Test
    void should_take_all_of_a_blob_from_a_server_without_ranges() {
        registry.behave(request -> ignoringRange());
        pull("a.tar").orFail();
        assertRight("a.tar");
        assertEquals(imageSize, registry.sent());
    }

    @Test
    void should_fetch_a_blob_whole_when_its_ranges_are_refused_or_wrong() {
        registry.behave(request -> request.from() > 0 || request.to() < LARGE && request.to() == SEGMENT ? status(416, null) : RIGHT);
        pull("a.tar").orFail();
        assertRight("a.tar");
        registry.behave(request -> claimingRange("bytes 0-99/100"));
        pull("b.tar").orFail();
        assertRight("b.tar");
    }

    @Test
    void should_begin_anew_where_a_server_without_ranges_loses_the_connection() {
        registry.behave(request -> request.number() == 1 ? new tests.support.Reply(0, null, 200_000, -1, true, null, -1, 0, null, 0, false, 0) : ignoringRange());
        pull("a.tar").orFail();
        assertRight("a.tar");
    }

    @Test
    void should_fetch_a_wrong_blob_once_more_and_then_refuse_it() {
        registry.behave(request -> request.number() == 1 ? flippingAt(request.from()) : RIGHT);
        Program.Result once = pull("a.tar").orFail();
        assertRight("a.tar");
        assertTrue(once.stderr().contains("once more"), once.stderr());
        registry.behave(request -> flippingAt(request.from()));
        assertFailed(5, "digest", pull("b.tar"), "b.tar");
    }

    @Test
    void should_do_without_ranges_where_their_bytes_are_wrong_though_their_headers_are_right() {
        registry.behave(request -> request.to() - request.from() < LARGE && request.to() > MIDDLE ? flippingAt(request.from()) : RIGHT);
        assertTrue(pull("a.tar").orFail().stderr().contains("once more"));
        assertRight("a.tar");
    }

    @Test
    void should_say_that_a_connection_was_lost_also_where_it_brought_something() {
        registry.behave(request -> request.number() == 1 ? closingAfter(100_000) : RIGHT);
        String said = pull("a.tar").orFail().stderr();
        assertTrue(said.contains("the connection was lost before the answer was complete; retry 1 of 5 in "), said);
    }

    @Test
    void should_give_up_a_registry_that_only_ever_stalls() {
        registry.behave(request -> stallingAfter(0));
        assertFailed(6, "stalled", pull("a.tar", "--retries", "1", "--stall-timeout", "3"), "a.tar");
    }

    @Test
    void should_refuse_a_blob_of_unstated_length_that_goes_on_after_its_last_byte() {
        registry.behave(request -> ignoringRange().inChunks());
        pull("a.tar").orFail();
        assertRight("a.tar");
        registry.behave(request -> longerBy(1).inChunks());
        assertFailed(5, "sends more than", pull("b.tar"), "b.tar");
    }

    @Test
    void should_share_a_large_blob_among_connections_which_a_slow_answer_does_not_prevent() {
        registry.behave(request -> RIGHT.at(600_000).after(300));
        pull("a.tar").orFail();
        assertRight("a.tar");
        assertEquals(imageSize, registry.sent());
        assertTrue(registry.mostAtOnce() > 1, "one request after the other for a blob");
    }

    @Test
    void should_share_what_one_slow_connection_still_has_to_bring() {
        registry.behave(request -> RIGHT.at(250_000));
        Dray.script("pull", "-q", "--platform", "linux/amd64", "--segment", "2900K", "--connections", "4", "-o", "a.tar", image).in(folder).run().orFail();
        assertRight("a.tar");
        assertTrue(registry.requests().stream().filter(request -> request.to() > MIDDLE && request.from() < 2900 * 1024).count() > 1, registry.requests().toString());
        assertTrue(registry.sent() <= imageSize + 4 * 64 * 1024, registry.sent() - imageSize + " bytes were sent twice");
    }

    @Test
    void should_ask_the_registry_again_where_it_sends_us_to_nobody_or_to_a_broken_host() {
        registry.behave(request -> request.number() == 1 ? redirecting("http://127.0.0.1:9/v2/app") : RIGHT);
        assertTrue(pull("a.tar").orFail().stderr().contains("try 1 of 5"));
        assertRight("a.tar");
        try (FlakyRegistry store = new FlakyRegistry()) {
            store.image("1", new long[] {1, 2, 3}, LARGE, MIDDLE, SMALL);
            store.behave(request -> request.number() == 1 ? closingAfter(100_000) : status(503, null));
            registry.behave(request -> request.number() == 1 ? redirecting("http://" + store.host() + "/v2/app") : RIGHT);
            pull("b.tar").orFail();
            assertRight("b.tar");
        }
    }

    @Test
    void should_refuse_a_blob_that_is_a_byte_too_long_or_too_short() {
        registry.behave(request -> longerBy(1));
        assertFailed(5, "bytes", pull("a.tar"), "a.tar");
        registry.behave(request -> longerBy(-1));
        Program.Result shorter = pull("b.tar", "--retries", "1");
        assertTrue(Set.of(5, 6).contains(shorter.exitCode()), shorter.toString());
        assertFailed(shorter.exitCode(), "", shorter, "b.tar");
    }

    @Test
    void should_send_no_token_to_another_host_and_ask_the_registry_again_when_a_signature_expires() {
        try (FlakyRegistry store = new FlakyRegistry()) {
            store.image("1", new long[] {1, 2, 3}, LARGE, MIDDLE, SMALL);
            AtomicInteger withToken = new AtomicInteger();
            Set<String> used = ConcurrentHashMap.newKeySet();
            store.behave(request -> {
                if (request.authorization() != null) {
                    withToken.incrementAndGet();
                    return status(400, null);
                }
                int uses = (int) store.requests().stream().filter(other -> other.digest().equals(request.digest()) && other.query().equals(request.query())).count();
                used.add(request.query());
                return uses > 2 ? status(403, null) : closingAfter(120_000);
            });
            registry.gate(authorization -> authorization == null ? 401 : 200);
            registry.behave(request -> redirecting("http://" + store.host() + "/v2/app"));
            pull("a.tar").orFail();
            assertRight("a.tar");
            assertEquals(0, withToken.get());
            assertTrue(used.size() > 2, "the registry was not asked again: " + used);
        }
    }

    @Test
    void should_get_a_new_token_when_the_old_one_ends_in_the_middle() {
        Map<String, AtomicInteger> tokens = new ConcurrentHashMap<>();
        registry.gate(authorization -> {
            if (authorization == null) {
                return 401;
            }
            // no more than six requests are under way at once: the seventh comes from who has seen that the token was good
            return tokens.computeIfAbsent(authorization, token -> new AtomicInteger()).incrementAndGet() > 6 ? 401 : 200;
        });
        pull("a.tar").orFail();
        assertRight("a.tar");
        assertTrue(tokens.size() > 1, "no token was renewed");
    }
}
