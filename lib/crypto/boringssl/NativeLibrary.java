package lib.crypto.boringssl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.Locale;
import lib.file.TemporaryPath;
import lib.file.TrustedFile;
import org.jspecify.annotations.Nullable;

/**
 * The native library inside of Conscrypt's archive. It can be loaded from a file only: where JBang has a cache the file is kept there, since to unpack it
 * takes longer than to load it; else it is a temporary one.
 */
public final class NativeLibrary {
    static final String NAME = "BoringSSL (Conscrypt 2.9.0)";
    /** A library of another version would end Java: this is part of the kept file's name. */
    private static final String VERSION = "conscrypt-2.9.0";

    /** Conscrypt keeps to itself why its library did not load, and fails once more where that is needed. */
    private static @Nullable UnsatisfiedLinkError failure;

    private NativeLibrary() { }

    /** Loads it; throws UnsatisfiedLinkError if there is none for this machine, or where it cannot be written anywhere that code may be run from. */
    public static void load() {
        try {
            loadFromFile();
        } catch (UnsatisfiedLinkError e) {
            failure = e;
            throw e;
        }
    }

    private static void loadFromFile() {
        String name = name(System.getProperty("os.name"), System.getProperty("os.arch"));
        if (isMusl()) {
            throw new UnsatisfiedLinkError("it needs glibc, and this Java is for musl");
        }
        Path kept = kept(name);
        if (kept != null && isLoaded(kept)) {
            return;
        }
        if (kept != null) {
            TemporaryPath.delete(kept); // who sees it may take it for good
        }
        loadTemporary(name);
    }

    /** Returns the name that the library for such a machine has, or would have, within the archive. */
    static String name(String system, String processor) {
        String os = system.toLowerCase(Locale.ROOT);
        String architecture = switch (processor) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "aarch_64";
            default -> processor;
        };
        return os.startsWith("linux") ? "libconscrypt_openjdk_jni-linux-" + architecture + ".so"
                : os.startsWith("mac") ? "libconscrypt_openjdk_jni-osx-" + architecture + ".dylib"
                : "conscrypt_openjdk_jni-windows-" + architecture + ".dll";
    }

    /** Returns whether Java was built for musl, where the library might load and crash. */
    private static boolean isMusl() {
        try {
            return Files.readString(Path.of("/proc/self/maps")).contains("/ld-musl-");
        } catch (IOException e) {
            return false; // not Linux
        }
    }

    /** Returns the kept file, which is made where it is missing, or null if it cannot be kept, or is another user's. */
    private static @Nullable Path kept(String name) {
        try {
            Path jbang = jbangsCache();
            Path folder = jbang.resolve("dray").resolve("native");
            if (!Files.isDirectory(jbang)) {
                return null;
            }
            make(folder);
            Path file = find(name, folder);
            if (file != null && !(TrustedFile.isOwn(folder) && TrustedFile.isOwn(file))) {
                return null;
            }
            if (file == null || !file.getFileName().toString().startsWith(VERSION + "-" + Files.size(file) + "-")) {
                file = keep(name, folder);
            }
            return TrustedFile.isOwn(folder) ? file : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Its size is part of the file's name: Java would crash over one that lacks its end. */
    private static @Nullable Path find(String name, Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, VERSION + "-*-" + name)) {
            Iterator<Path> found = files.iterator();
            return found.hasNext() ? found.next() : null;
        }
    }

    private static void make(Path folder) throws IOException {
        Files.createDirectories(folder.getParent());
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
            FileAttribute<?>[] ours = posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))} : new FileAttribute<?>[0];
            Files.createDirectories(folder, ours);
        }
    }

    private static Path jbangsCache() {
        String cache = System.getenv("JBANG_CACHE_DIR");
        String jbang = System.getenv("JBANG_DIR");
        return cache != null ? Path.of(cache) : jbang != null ? Path.of(jbang, "cache") : Path.of(System.getProperty("user.home"), ".jbang", "cache");
    }

    /** Writes it under another name first: a start beside this one, or after a power failure, finds all of it or nothing. All others go. */
    private static Path keep(String name, Path folder) throws IOException {
        Path temporary = Files.createTempFile(folder, "unpacking", null);
        Path file;
        try (TemporaryPath gone = new TemporaryPath(temporary)) {
            unpack(name, temporary);
            file = folder.resolve(VERSION + "-" + Files.size(temporary) + "-" + name);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException(e);
        }
        try (DirectoryStream<Path> others = Files.newDirectoryStream(folder, "conscrypt-*")) {
            for (Path other : others) {
                if (!other.equals(file)) {
                    TemporaryPath.delete(other);
                }
            }
        }
        return file;
    }

    private static void unpack(String name, Path file) throws IOException {
        try (InputStream in = NativeLibrary.class.getResourceAsStream("/META-INF/native/" + name); FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            if (in == null) {
                throw new UnsatisfiedLinkError("there is no " + name + " in it");
            }
            in.transferTo(Channels.newOutputStream(out));
            out.force(true);
        }
    }

    private static boolean isLoaded(Path file) {
        try {
            System.load(file.toAbsolutePath().toString());
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false; // such as where no code may be run from that file system
        }
    }

    /** Where the system lets nobody delete a file that is in use, it is deleted at the end, or stays. */
    private static void loadTemporary(String name) {
        try {
            Path file = Files.createTempFile("dray", name);
            try (TemporaryPath gone = new TemporaryPath(file)) {
                unpack(name, file);
                System.load(file.toString());
            }
        } catch (IOException e) {
            throw new UnsatisfiedLinkError("it cannot be unpacked: " + e);
        }
    }

    /** Returns why it did not load, in one line, where this is how Conscrypt failed then. */
    static String why(Throwable trouble) {
        Throwable why = failure != null ? failure : trouble;
        return String.valueOf(why.getMessage()).lines().findFirst().orElse("");
    }
}
