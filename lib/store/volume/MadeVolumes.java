package lib.store.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import lib.failure.WrongContentException;
import lib.file.AtomicFile;
import lib.file.TrustedFile;
import lib.image.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Volumes that are to be made.
 *
 * @param cut    how the archive is cut
 * @param only   the number of the only volume that is wanted; 0 for all
 * @param plan   the digest of the list of what stands where in the archive
 * @param images what is in it, for people
 */
public record MadeVolumes(Volumes cut, int only, Digest plan, List<String> images) {
    /** Returns what the first of those that are wanted is called. */
    public Path first() {
        return cut.file(Math.max(1, only));
    }

    private List<Integer> wanted() {
        return only != 0 ? List.of(only) : IntStream.rangeClosed(1, cut.count()).boxed().toList();
    }

    /** Returns whether a volume is there that states that it is this one. */
    private boolean isThere(int number) throws IOException {
        return Files.isRegularFile(cut.file(number)) && Files.size(cut.file(number)) == cut.length(number) && stated(number) != null;
    }

    /** Returns the statement that is there of a volume, if it is of this archive; else null. */
    private @Nullable VolumeStatement stated(int number) throws IOException {
        try {
            VolumeStatement statement = VolumeStatement.at(cut.statement(number));
            return statement != null && statement.isOf(plan, cut, number) ? statement : null;
        } catch (WrongContentException e) {
            return null; // damaged: it is written anew
        }
    }

    /**
     * Returns whether those that are wanted are there, by their statements. A volume alone is compared with its digest; of all together, the archive that they are tells more.
     *
     * @throws IOException if one cannot be read
     */
    public boolean areComplete() throws IOException {
        for (int number : wanted()) {
            if (!isThere(number) || only != 0 && !isStated(number, VolumeSet.digest(cut.file(number)))) {
                return false;
            }
        }
        return true;
    }

    /** Opens the volumes for reading, as one file. */
    public FileChannel open() {
        return new VolumeChannel(cut, number -> FileChannel.open(cut.file(number), StandardOpenOption.READ));
    }

    /** Does the same with the part of the only volume that is wanted, as it is not there yet. */
    public FileChannel openWith(PartFiles parts) {
        return new VolumeChannel(cut, number -> FileChannel.open(number == only ? parts.first() : cut.file(number), StandardOpenOption.READ));
    }

    /**
     * Returns whether the other volumes that some bytes of the archive are in are here, and right by their statements.
     *
     * @throws IOException if one cannot be read
     */
    public boolean areOthersRight(long from, long to) throws IOException {
        for (int number = cut.number(from); number <= cut.number(to - 1); number++) {
            if (number != only && !(isThere(number) && isStated(number, VolumeSet.digest(cut.file(number))))) {
                return false;
            }
        }
        return true;
    }

    private boolean isStated(int number, Digest digest) throws IOException {
        return digest.equals(VolumeStatement.at(cut.statement(number)).digest());
    }

    /**
     * Checks that the volumes beside the only one that is wanted belong to it.
     *
     * @throws WrongContentException if one is of another archive, as when a tag has moved meanwhile, or of one that was cut in another way
     * @throws IOException           if a statement cannot be read
     */
    public void checkOthers() throws IOException {
        for (int number : only == 0 ? List.<Integer>of() : VolumeNames.numbersOf(cut.archive())) {
            VolumeStatement other = number == only ? null : VolumeStatement.at(cut.statement(number));
            if (other != null && !other.isOf(plan, cut, number)) {
                String others = String.join(", ", other.images());
                String these = String.join(", ", images);
                String difference = others.equals(these) && other.volumeSize() == cut.volumeSize() ? ": stored under another name, or in another form" : "";
                throw new WrongContentException(cut.file(number) + " is of " + others + " in volumes of " + other.volumeSize() + " bytes, but this would be of "
                        + these + " in volumes of " + cut.volumeSize() + " bytes" + difference);
            }
        }
    }

    /**
     * Has volumes that are there and right be parts again, unless one is made alone; returns the bytes of the archive that are in them, the first of each
     * and the one after its last.
     *
     * @throws IOException if they cannot be moved
     */
    public Map<Long, Long> takeBack(PartFiles parts) throws IOException {
        Map<Long, Long> bytes = new TreeMap<>();
        for (int number : only != 0 ? List.<Integer>of() : wanted()) {
            if (isThere(number) && !Files.exists(parts.file(number)) && isStated(number, VolumeSet.digest(cut.file(number)))) {
                Files.move(cut.file(number), parts.file(number));
                Files.delete(cut.statement(number));
                bytes.put(cut.begin(number), cut.end(number));
            }
        }
        return bytes;
    }

    /**
     * Gives complete parts their names, and states what they are.
     *
     * @param isVerified whether all blobs were verified; else a volume alone, of which a statement is there already, has to be what that says
     * @return whether that proves what was not verified
     * @throws WrongContentException if it is something else
     * @throws IOException           if a part cannot be read, or a file not be written
     */
    public boolean finish(PartFiles parts, boolean isVerified) throws IOException {
        boolean isProved = isVerified;
        Map<Integer, Digest> digests = new TreeMap<>();
        for (int number : wanted()) {
            try (FileChannel part = TrustedFile.open(parts.file(number), StandardOpenOption.WRITE)) {
                part.truncate(cut.length(number)); // a damaged part may be longer
                part.force(true);
            }
            digests.put(number, VolumeSet.digest(parts.file(number)));
            VolumeStatement earlier = isVerified ? null : stated(number);
            if (earlier != null && !earlier.digest().equals(digests.get(number))) {
                throw new WrongContentException("volume " + number + " is not what " + cut.statement(number) + " says: what came of a blob that goes on in another volume is wrong");
            }
            isProved |= earlier != null;
        }
        if (only == 0) {
            deleteOthers();
        }
        for (int number : wanted()) {
            String name = cut.archive().getFileName().toString();
            new VolumeStatement(name, plan, cut.size(), cut.volumeSize(), number, cut.count(), digests.get(number), images).write(cut.statement(number));
        }
        writeSums();
        for (int number : wanted()) { // last: a volume with its name has all that belongs to it, also if the program is killed now
            Files.move(parts.file(number), cut.file(number), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
        return isProved;
    }

    /** An earlier archive of this name may have had more volumes. */
    private void deleteOthers() throws IOException {
        for (int number : VolumeNames.numbersOf(cut.archive())) {
            if (number > cut.count() && Files.exists(cut.statement(number))) {
                Files.delete(cut.statement(number));
                Files.deleteIfExists(cut.file(number));
            }
        }
    }

    private void writeSums() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int number : VolumeNames.numbersOf(cut.archive())) {
            VolumeStatement statement = VolumeStatement.at(cut.statement(number));
            if (statement != null) {
                lines.append(statement.digest().hex()).append("  ").append(cut.file(number).getFileName()).append('\n');
            }
        }
        AtomicFile.write(cut.sums(), out -> out.write(lines.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
