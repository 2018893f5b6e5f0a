package tests.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import lib.cli.Target;
import lib.file.TrustedFile;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.rootfs.RootFs;
import org.junit.jupiter.api.Test;
import tests.support.Program;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES TarMaker.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

/** Folders that others may read or write too. */
class SharedFolderTest {
    private static final int SOMEBODY = 54_321;
    private static final int HALF = 4_000_000;

    private final Path folder = Scratch.folder("shared");

    private void give(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", SOMEBODY, LinkOption.NOFOLLOW_LINKS);
    }

    private static void append(Path file) throws IOException {
        TrustedFile.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    }

    @Test
    void should_not_follow_a_link_of_somebody_else() throws IOException {
        Tools.assumeRoot();
        Path victim = folder.resolve("victim");
        Path link = Files.createSymbolicLink(folder.resolve("link"), victim);
        append(link);
        assertTrue(Files.exists(victim), "a link of one's own is followed");
        assertEquals(victim, Target.of(link.toString()).path());
        give(link);
        assertTrue(assertThrows(FileSystemException.class, () -> append(link)).getMessage().contains("another user"));
        assertThrows(FileSystemException.class, () -> Target.of(link.toString()));
        give(folder); // whose folder it is may do as they like
        append(link);
    }

    @Test
    void should_not_write_into_a_file_that_somebody_else_put_into_a_folder_for_everybody() throws IOException {
        Tools.assumeRoot();
        Path file = Files.createFile(folder.resolve("file"));
        give(file);
        append(file);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThrows(FileSystemException.class, () -> append(file));
        append(folder.resolve("mine"));
        append(folder.resolve("mine"));
    }

    @Test
    void should_open_nothing_that_is_no_regular_file() throws IOException {
        Program.run("mkfifo", folder.resolve("pipe").toString()).orFail();
        for (Path other : List.of(folder.resolve("pipe"), folder, Files.createSymbolicLink(folder.resolve("null"), Path.of("/dev/null")))) {
            assertTrue(assertThrows(FileSystemException.class, () -> append(other)).getMessage().contains("not a regular file"));
        }
    }

    /** What nobody but its owner may read is so in every moment, also while it is being written. */
    @Test
    void should_let_nobody_read_a_private_file_that_is_half_written() throws IOException {
        byte[] tar = new TarMaker().folder("secret", 0700).entry('0', "shadow", "", 2 * HALF, 0600).bytes("x".repeat(2 * HALF)).pad().end();
        Set<String> seen = new ConcurrentSkipListSet<>();
        Path root = folder.resolve("root");
        Descriptor layer = new Descriptor("", Digest.of(tar), tar.length, null, null);
        RootFs.into(root, List.of()).apply(List.of(layer), Collections.singletonList(null), blob -> watched(tar, root, seen), 1 << 30);
        assertTrue(seen.contains("rwx------") && Set.of("rw-------", "rwx------").containsAll(seen), seen.toString());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("shadow"))));
    }

    private static InputStream watched(byte[] tar, Path root, Set<String> seen) {
        return new FilterInputStream(new ByteArrayInputStream(tar)) {
            private int at;

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                for (int look = 0; look < 4_000 && at > HALF && !Files.exists(root.resolve("shadow")); look++) {
                    Program.pause(5);
                }
                for (String name : List.of("shadow", "secret")) {
                    try {
                        seen.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(name))));
                    } catch (IOException e) {
                        // not there yet
                    }
                }
                int count = super.read(buffer, offset, Math.min(length, 64 * 1024));
                at += count;
                return count;
            }
        };
    }

    @Test
    void should_say_who_is_at_work_in_a_folder_that_another_run_fills() throws IOException {
        Path root = folder.resolve("root");
        RootFs first = RootFs.into(root, List.of());
        String refused = assertThrows(IllegalArgumentException.class, () -> RootFs.into(root, List.of())).getMessage();
        assertTrue(refused.contains("another run (process " + ProcessHandle.current().pid() + ") is writing to " + root), refused);
        first.apply(List.of(), List.of(), null, 1);
        RootFs.into(root, List.of()).apply(List.of(), List.of(), null, 1);
        assertEquals(List.of("root"), List.of(folder.toFile().list()));
    }
}
