package lib.store.volume;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import org.jspecify.annotations.Nullable;

/**
 * The volumes of an archive that are to be read, and what is wrong with them. One statement tells how all are cut; without any, such as of volumes
 * that {@code split} made, the files themselves do.
 */
public final class VolumeSet {
    private static final int BUFFER = 256 * 1024;
    private static final String ANEW = "; pull can make a single volume again";

    private final Volumes volumes;
    private final SortedMap<Integer, VolumeStatement> statements;

    private VolumeSet(Volumes volumes, SortedMap<Integer, VolumeStatement> statements) {
        this.volumes = volumes;
        this.statements = statements;
    }

    /**
     * Returns the volumes that a path leads to: a volume, a statement, what the archive would be called as one file, or a folder with volumes of one archive.
     *
     * @return null if it leads to something else, or nothing
     * @throws IllegalArgumentException for a folder with volumes of several archives
     * @throws WrongContentException    if a statement cannot be understood, or one is of another archive
     * @throws IOException              if the folder or a statement cannot be read
     */
    public static @Nullable VolumeSet at(Path place) throws IOException {
        Path archive = VolumeNames.archiveAt(place);
        if (archive == null) {
            return null;
        }
        SortedMap<Integer, VolumeStatement> statements = new TreeMap<>();
        for (int number : VolumeNames.numbersOf(archive)) {
            VolumeStatement statement = VolumeStatement.at(Volumes.statement(archive, number));
            if (statement != null) {
                check(archive, number, statement, statements);
                statements.put(number, statement);
            }
        }
        return new VolumeSet(statements.isEmpty() ? cut(archive) : geometry(archive, statements.get(statements.firstKey())), statements);
    }

    /** Returns whether a path leads to volumes, whatever is in them and however many are missing. */
    public static boolean isAt(Path place) {
        try {
            return VolumeNames.archiveAt(place) != null;
        } catch (IOException e) {
            return false;
        } catch (IllegalArgumentException e) {
            return true; // several archives: to open them says so
        }
    }

    /** Returns whether a path leads to volumes of which none is missing, by their sizes and statements. */
    public static boolean isComplete(Path place) {
        try {
            VolumeSet volumes = at(place);
            if (volumes != null) {
                volumes.checkComplete();
            }
            return volumes != null;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private static void check(Path archive, int number, VolumeStatement statement, SortedMap<Integer, VolumeStatement> others) throws WrongContentException {
        if (statement.number() != number) {
            throw new WrongContentException(Volumes.statement(archive, number) + " is the statement of volume " + statement.number());
        }
        if (!others.isEmpty() && !statement.isOfSame(others.get(others.firstKey()))) {
            throw new WrongContentException(Volumes.file(archive, number) + " is a volume of another archive, or of one that was cut in another way, than "
                    + Volumes.file(archive, others.firstKey()));
        }
    }

    private static Volumes geometry(Path archive, VolumeStatement statement) {
        return new Volumes(archive, statement.size(), statement.volumeSize());
    }

    /** Returns how volumes without any statement are cut. */
    private static Volumes cut(Path archive) throws IOException {
        long volumeSize = Math.max(1, Files.size(Volumes.file(archive, 1)));
        long size = 0;
        int last = 0;
        while (Files.isRegularFile(Volumes.file(archive, last + 1)) && size == last * volumeSize) {
            last++;
            size += Files.size(Volumes.file(archive, last));
        }
        return new Volumes(archive, Math.max(1, size), volumeSize);
    }

    /** Returns how the archive is cut. */
    public Volumes volumes() {
        return volumes;
    }

    /** Returns which volumes are there, whatever is in them. */
    public List<Integer> present() {
        return numbers().filter(number -> Files.isRegularFile(volumes.file(number))).boxed().toList();
    }

    private IntStream numbers() {
        return IntStream.rangeClosed(1, volumes.count());
    }

    /**
     * Checks that all volumes are there, and as long as they should be.
     *
     * @throws NotFoundException     if some are missing: all of these are named
     * @throws WrongContentException if one is longer or shorter
     * @throws IOException           if the size of one cannot be learned
     */
    public void checkComplete() throws IOException {
        List<Integer> missing = numbers().filter(number -> !Files.isRegularFile(volumes.file(number))).boxed().toList();
        if (!missing.isEmpty()) {
            throw new NotFoundException(named(missing) + (missing.size() == 1 ? " is missing" : " are missing") + ANEW);
        }
        for (int number : present()) {
            checkLength(number);
        }
    }

    private void checkLength(int number) throws IOException {
        long length = Files.size(volumes.file(number));
        if (length != volumes.length(number)) {
            throw new WrongContentException(named(List.of(number)) + " is damaged: it has " + length + " bytes instead of " + volumes.length(number) + ANEW);
        }
    }

    private String named(List<Integer> some) {
        return (some.size() == 1 ? "volume " : "volumes ") + some.stream().map(String::valueOf).collect(Collectors.joining(", ")) + " of " + volumes.count() + " ("
                + some.stream().map(number -> volumes.file(number).toString()).collect(Collectors.joining(", ")) + ")";
    }

    /** Opens all of it for reading, as if it were one file; a volume that is missing says so when it is read. */
    public FileChannel open() {
        return new VolumeChannel(volumes, number -> FileChannel.open(volumes.file(number), StandardOpenOption.READ));
    }

    /**
     * Reads a volume from its first byte to its last, and checks it by its statement.
     *
     * @return a sentence on what is wrong with it; null if it is what its statement says, or has none
     * @throws IOException if it cannot be read
     */
    public @Nullable String wrong(int number) throws IOException {
        try {
            checkLength(number);
        } catch (WrongContentException e) {
            return e.getMessage();
        }
        VolumeStatement statement = statements.get(number);
        Digest actual = statement == null ? null : digest(volumes.file(number));
        if (actual == null || actual.equals(statement.digest())) {
            return null;
        }
        return named(List.of(number)) + " is damaged: it does not have the digest in " + volumes.statement(number) + ANEW;
    }

    /** Returns the digest of all bytes of a file; throws IOException if it cannot be read. */
    static Digest digest(Path file) throws IOException {
        MessageDigest hash = Digest.newSha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hash.update(buffer, 0, count);
            }
        }
        return Digest.of("sha256", hash.digest());
    }

    /** Returns whether a volume has a statement. */
    public boolean isStated(int number) {
        return statements.containsKey(number);
    }

    /** Returns sentences on what is wrong with the volumes that some bytes of the archive are in; throws IOException if one cannot be read. */
    private List<String> wrong(long from, long to) throws IOException {
        List<String> wrong = new ArrayList<>();
        for (int number = volumes.number(from); number <= volumes.number(Math.max(from, to - 1)); number++) {
            String why = wrong(number);
            if (why != null) {
                wrong.add(why);
            }
        }
        return wrong;
    }

    /** Returns the same failure, which also names the volumes that are to blame, if some bytes of the archive are not what they should be. */
    public WrongContentException blame(WrongContentException failure, long from, long to) {
        try {
            List<String> wrong = wrong(from, to);
            return wrong.isEmpty() ? failure : new WrongContentException(failure.getMessage() + "; " + String.join("; ", wrong), failure);
        } catch (IOException e) {
            failure.addSuppressed(e);
            return failure;
        }
    }

    /** Returns a stream of some bytes of the archive whose failures name the volume that is to blame. */
    public InputStream blaming(InputStream checked, long from, long to) {
        return new FilterInputStream(checked) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                try {
                    return super.read(buffer, offset, length);
                } catch (WrongContentException e) {
                    throw blame(e, from, to);
                }
            }
        };
    }
}
