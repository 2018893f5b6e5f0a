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
        if (!Files.isRegularFile(cut.file(number)) || Files.size(cut.file(number)) != cut.length(number)) {
            return false;
        }
        try {
            VolumeStatement statement = VolumeStatement.at(cut.statement(number));
            return statement != null && statement.isOf(plan, cut, number);
        } catch (WrongContentException e) {
            return false;
        }
    }

    /**
     * Returns whether those that are wanted are there, by their statements. A volume alone is compared with its digest; of all together, the archive that they are tells more.
     *
     * @throws IOException if one cannot be read
     */
    public boolean areComplete() throws IOException {
        for (int number : wanted()) {
            if (!isThere(number) || only != 0 && !VolumeSet.digest(cut.file(number)).equals(VolumeStatement.at(cut.statement(number)).digest())) {
                return false;
            }
        }
        return true;
    }

    /** Opens the volumes for reading, as one file. */
    public FileChannel open() {
        return new VolumeChannel(cut, number -> FileChannel.open(cut.file(number), StandardOpenOption.READ));
    }

    /**
     * Has volumes that are there be parts again; returns the bytes of the archive that are in them, the first of each and the one after its last.
     *
     * @throws IOException if they cannot be moved
     */
    public Map<Long, Long> takeBack(PartFiles parts) throws IOException {
        Map<Long, Long> bytes = new TreeMap<>();
        for (int number : wanted()) {
            if (isThere(number) && !Files.exists(parts.file(number))) {
                Files.delete(cut.statement(number));
                Files.move(cut.file(number), parts.file(number));
                bytes.put(cut.begin(number), cut.end(number));
            }
        }
        return bytes;
    }

    /**
     * Gives complete parts their names, and states what they are.
     *
     * @throws WrongContentException if a volume beside the one that is wanted is of another archive
     * @throws IOException           if a part cannot be read, or a file not be written
     */
    public void finish(PartFiles parts) throws IOException {
        Map<Integer, Digest> digests = new TreeMap<>();
        for (int number : wanted()) {
            try (FileChannel part = TrustedFile.open(parts.file(number), StandardOpenOption.WRITE)) {
                part.truncate(cut.length(number)); // a damaged part may be longer
                part.force(true);
            }
            digests.put(number, VolumeSet.digest(parts.file(number)));
        }
        for (int number : wanted()) {
            Files.deleteIfExists(cut.statement(number)); // it is of what is replaced now
            Files.move(parts.file(number), cut.file(number), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            String name = cut.archive().getFileName().toString();
            new VolumeStatement(name, plan, cut.size(), cut.volumeSize(), number, cut.count(), digests.get(number), images).write(cut.statement(number));
        }
        if (only == 0) {
            deleteOthers();
        }
        writeSums();
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
            VolumeStatement statement = Files.exists(cut.file(number)) ? VolumeStatement.at(cut.statement(number)) : null;
            if (statement != null) {
                lines.append(statement.digest().hex()).append("  ").append(cut.file(number).getFileName()).append('\n');
            }
        }
        AtomicFile.write(cut.sums(), out -> out.write(lines.toString().getBytes(StandardCharsets.UTF_8)));
    }
}
