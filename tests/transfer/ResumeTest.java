package tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.support.Reply.RIGHT;
import static tests.support.Reply.closingAt;
import static tests.support.Reply.flippingAt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tests.support.Program;
import tests.support.Tools;

//SOURCES Pulling.java
//SOURCES ../support/Program.java
//SOURCES ../support/Reply.java
//SOURCES ../support/Tools.java

/** A pull that was ended, in whatever way, is taken up by the next one. */
@Tag("slow")
class ResumeTest extends Pulling {
    private static final int CONNECTIONS = 4;
    private static final int CHUNK = 16 * 1024;
    private static final int RATE = 4_000_000;
    private static final int UNLIMITED = 1_000_000_000;

    /** Fetches some of the image, and is ended by a registry that has no more. */
    private long begin(String archive) {
        registry.behave(request -> closingAt(1_200_000, request));
        assertEquals(6, pull(archive, "--retries", "0").exitCode());
        long sent = registry.sent();
        registry.behave(request -> RIGHT);
        return sent;
    }

    @Test
    void should_survive_being_killed_at_twenty_points() {
        registry.behave(request -> RIGHT.at(RATE));
        int kills = 20;
        for (int kill = 1; kill <= kills; kill++) {
            long point = imageSize * kill / (kills + 1);
            registry.holdAfter(point);
            try (Program.Running running = script("a.tar").start()) {
                for (int look = 0; look < 3_000 && running.process().isAlive() && registry.sent() < point; look++) {
                    Program.pause(5);
                }
                assertTrue(running.process().isAlive(), () -> "ended by itself: " + running.finish());
                running.process().destroyForcibly();
                running.finish();
            }
        }
        registry.holdAfter(Long.MAX_VALUE);
        pull("a.tar").orFail();
        assertRight("a.tar");
        long again = registry.sent() - imageSize;
        assertTrue(again <= (long) kills * CONNECTIONS * (SEGMENT + CHUNK), again + " bytes were sent again");
    }

    @Test
    void should_note_what_has_come_when_it_is_interrupted() {
        boolean deaf = ignoresInterrupts();
        registry.behave(request -> RIGHT.at(500_000));
        registry.holdAfter(imageSize / 3);
        try (Program.Running running = script("a.tar").start()) {
            for (int look = 0; look < 3_000 && registry.sent() < imageSize / 3; look++) {
                Program.pause(5);
            }
            Program.run("bash", "-c", "kill -" + (deaf ? "TERM " : "INT ") + running.process().pid()).orFail();
            Program.Result ended = running.finish();
            assertEquals(deaf ? 143 : 130, ended.exitCode());
            assertTrue(ended.stderr().matches("(?s)(.*\n)?interrupted: [0-9.]+ [kM]B of [0-9.]+ MB are kept in \\S*a.tar.part; run the same command to continue\n"), ended.stderr());
        }
        long before = registry.sent();
        registry.behave(request -> RIGHT);
        pull("a.tar").orFail();
        assertRight("a.tar");
        assertTrue(registry.sent() <= imageSize - before + CONNECTIONS * SEGMENT / 2, registry.sent() + " of " + imageSize + " bytes after " + before);
    }

    /** What a shell starts in the background ignores SIGINT, and so does all that it starts in turn. */
    private static boolean ignoresInterrupts() {
        return Program.run("bash", "-c", "grep SigIgn /proc/self/status || true").orFail().text().lines()
                .filter(line -> line.startsWith("SigIgn:")).anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
    }

    @Test
    void should_refetch_at_most_what_a_damaged_journal_told() throws IOException {
        Path journal = folder.resolve("a.tar.part.journal");
        List<byte[]> damages = List.of(new byte[0], "nonsense".getBytes(), new byte[] {0, -1, 10, 0}, "have sha256:00 0 99999999999999999999\nslot x".getBytes());
        for (byte[] damage : damages) {
            begin("a.tar");
            Files.write(journal, damage);
            pull("a.tar").orFail();
            assertRight("a.tar");
            Files.delete(folder.resolve("a.tar"));
        }
        begin("a.tar");
        String notes = Files.readString(journal, StandardCharsets.ISO_8859_1);
        Files.writeString(journal, notes.substring(0, notes.length() - 5), StandardCharsets.ISO_8859_1);
        pull("a.tar").orFail();
        assertRight("a.tar");
    }

    @Test
    void should_make_nothing_of_a_journal_of_one_line_without_an_end_in_a_small_heap() throws IOException {
        begin("a.tar");
        Files.writeString(folder.resolve("a.tar.part.journal"), "have ".repeat(20_000_000), StandardCharsets.ISO_8859_1);
        script("a.tar").env("JAVA_TOOL_OPTIONS", "-Xmx24m").run().orFail();
        assertRight("a.tar");
    }

    @Test
    void should_not_wait_for_a_part_file_or_a_journal_that_is_a_pipe() throws IOException {
        Program.run("mkfifo", folder.resolve("a.tar.part.journal").toString()).orFail();
        assertFailed(1, "a.tar.part.journal: not a regular file", pull("a.tar"), "a.tar");
        Files.delete(folder.resolve("a.tar.part.journal"));
        begin("a.tar");
        Files.delete(folder.resolve("a.tar.part"));
        Program.run("mkfifo", folder.resolve("a.tar.part").toString()).orFail();
        assertFailed(1, "a.tar.part: not a regular file", pull("a.tar"), "a.tar");
    }

    @Test
    void should_make_nothing_of_a_journal_whose_numbers_cannot_be() throws IOException {
        Path journal = folder.resolve("a.tar.part.journal");
        for (String wrong : List.of("slot $1 -5 $2", "slot $1 999999999999999999 $2", "slot $1 0 $2\nhave $1 -70000 60000", "slot $1 0 $2\nhave $1 0 999999999999999999")) {
            begin("a.tar");
            String notes = Files.readString(journal, StandardCharsets.ISO_8859_1);
            Files.writeString(journal, notes.replaceAll("slot ([^ ]+) [0-9]+ (" + LARGE + "|" + MIDDLE + ")", wrong), StandardCharsets.ISO_8859_1);
            pull("a.tar").orFail();
            assertRight("a.tar");
            Files.delete(folder.resolve("a.tar"));
        }
    }

    @Test
    void should_only_ever_add_to_the_journal_so_that_no_moment_can_lose_it() throws IOException {
        Path journal = folder.resolve("a.tar.part.journal");
        begin("a.tar");
        String notes = Files.readString(journal, StandardCharsets.ISO_8859_1);
        Files.writeString(journal, notes + "have sha256:12", StandardCharsets.ISO_8859_1);
        registry.behave(request -> closingAt(2_400_000, request));
        assertEquals(6, pull("a.tar", "--retries", "0").exitCode());
        assertTrue(Files.readString(journal, StandardCharsets.ISO_8859_1).startsWith(notes), "what was noted first is gone");
        long sent = registry.sent();
        registry.behave(request -> RIGHT);
        pull("a.tar").orFail();
        assertRight("a.tar");
        assertTrue(registry.sent() <= imageSize - sent, registry.sent() + " bytes were sent: what a plan after a damaged line says was not read");
    }

    @Test
    void should_remove_the_notes_of_a_run_that_was_ended_after_its_last_step() throws IOException {
        pull("a.tar").orFail();
        Files.writeString(folder.resolve("a.tar.part.journal"), "run 1\n");
        registry.behave(request -> RIGHT);
        pull("a.tar").orFail();
        assertRight("a.tar");
        assertEquals(0, registry.sent());
    }

    @Test
    void should_say_that_no_file_can_be_so_large_there_and_go_on_where_one_can() {
        assertFailed(1, "FAT32", script("a.tar").startedBy("bash", "-c", "ulimit -f 2000; exec \"$@\"", "bash").run(), "a.tar");
        pull("a.tar").orFail();
        assertRight("a.tar");
    }

    @Test
    void should_not_believe_a_journal_that_claims_more_than_is_there() throws IOException {
        begin("a.tar");
        Path journal = folder.resolve("a.tar.part.journal");
        String notes = Files.readString(journal, StandardCharsets.ISO_8859_1);
        String slot = notes.lines().filter(line -> line.startsWith("slot ") && line.endsWith(" " + LARGE)).findFirst().orElseThrow();
        Files.writeString(journal, notes + "have " + slot.split(" ")[1] + " 0 " + LARGE + "\n", StandardCharsets.ISO_8859_1);
        assertTrue(pull("a.tar").orFail().stderr().contains("once more"));
        assertRight("a.tar");
    }

    @Test
    void should_see_a_part_file_that_was_damaged_or_cut() throws IOException {
        begin("a.tar");
        Path part = folder.resolve("a.tar.part");
        try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap("damage".getBytes()), 300_000);
        }
        pull("a.tar").orFail();
        assertRight("a.tar");
        Files.delete(folder.resolve("a.tar"));
        for (long size : new long[] {400_000, 0}) {
            begin("a.tar");
            try (FileChannel file = FileChannel.open(part, StandardOpenOption.WRITE)) {
                file.truncate(size);
            }
            pull("a.tar").orFail();
            assertRight("a.tar");
            Files.delete(folder.resolve("a.tar"));
        }
        begin("a.tar");
        Files.delete(part);
        pull("a.tar").orFail();
        assertRight("a.tar");
    }

    @Test
    void should_end_with_5_when_the_bytes_are_wrong_after_a_resume_and_once_more() {
        begin("a.tar");
        registry.behave(request -> flippingAt(request.from()));
        assertFailed(5, "digest", pull("a.tar"), "a.tar");
        registry.behave(request -> RIGHT);
        pull("a.tar").orFail();
        assertRight("a.tar");
    }

    @Test
    void should_keep_what_two_versions_of_a_tag_have_in_common() {
        begin("a.tar");
        registry.image("1", new long[] {9, 2, 3}, 800_000, MIDDLE, SMALL);
        pull("new.tar", "--reuse", ".").orFail();
        registry.behave(request -> RIGHT);
        pull("a.tar").orFail();
        assertEquals(digest("new.tar"), digest("a.tar"));
        registry.image("1", new long[] {1, 2, 3}, LARGE, MIDDLE, SMALL);
        begin("b.tar");
        long middle = MIDDLE + SMALL;
        registry.image("1", new long[] {9, 2, 3}, 800_000, MIDDLE, SMALL);
        registry.behave(request -> RIGHT);
        assertTrue(Tools.isInstalled("rm") && folder.resolve("new.tar").toFile().delete() && folder.resolve("a.tar").toFile().delete());
        pull("b.tar").orFail();
        assertTrue(registry.sent() < 800_000 + middle + 1_000, registry.sent() + " bytes: nothing was kept");
    }

    @Test
    void should_wait_for_another_run_with_the_same_target() {
        registry.limit(RATE / 8);
        try (Program.Running first = script("a.tar").start()) {
            for (int look = 0; look < 3_000 && registry.sent() < imageSize / 4; look++) {
                Program.pause(5);
            }
            registry.limit(RATE / 20); // so that the first is still at it when the second comes
            try (Program.Running second = script("a.tar").start()) {
                for (int look = 0; look < 3_000 && !second.stderr().contains("waiting for it to end"); look++) {
                    Program.pause(5);
                }
                assertTrue(second.stderr().contains("waiting for it to end"), second.stderr());
                registry.limit(UNLIMITED);
                first.finish().orFail();
                second.finish().orFail();
            }
        } finally {
            registry.limit(UNLIMITED);
        }
        assertRight("a.tar");
        assertEquals(imageSize, registry.sent());
    }

    @Test
    void should_say_what_is_full_and_go_on_when_there_is_room() {
        Tools.assumeRoot();
        Path small = folder.resolve("small");
        assertTrue(small.toFile().mkdir());
        Program.run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString()).orFail();
        try {
            assertFailed(1, "disk is full", pull("small/a.tar"), "small/a.tar");
            long before = registry.sent();
            Program.run("mount", "-o", "remount,size=20m", small.toString()).orFail();
            registry.behave(request -> RIGHT);
            pull("small/a.tar").orFail();
            assertRight("small/a.tar");
            assertTrue(registry.sent() < imageSize, "nothing was kept of " + before + " bytes");
        } finally {
            Program.run("umount", small.toString());
        }
    }
}
