package lib.store.volume;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import lib.file.TrustedFile;
import org.jspecify.annotations.Nullable;

/**
 * Where an archive is as long as it is not complete: in {@code NAME.part}, or in {@code NAME.001.part} and so on, one for each volume.
 *
 * @param archive    what the archive is to be called
 * @param volumeSize the size of each volume but the last, in bytes; 0 of an archive in one file
 * @param only       the number of the only volume that is wanted; 0 for all
 * @param ending     what is behind the name that each file is to have
 */
public record PartFiles(Path archive, long volumeSize, int only, String ending) {
    /** Files of that size are cut nowhere. */
    private static final long ANY_SIZE = Long.MAX_VALUE;

    /** Returns where an archive is until it is complete that is cut like this, null for one file; of volumes that are made one after the other, the first. */
    public static PartFiles of(Path archive, @Nullable VolumeChoice volumes) {
        return volumes == null ? ofVolumes(archive, 0, 0) : ofVolumes(archive, volumes.size(), volumes.each().iterator().next());
    }

    /** Returns where volumes are until they are complete; one alone is not mixed up with what a run for all of them has left. */
    public static PartFiles ofVolumes(Path archive, long volumeSize, int only) {
        return new PartFiles(archive, volumeSize, only, only == 0 ? ".part" : ".alone.part");
    }

    /** Returns a single file of this name. */
    public static PartFiles of(Path file) {
        return new PartFiles(file, 0, 0, "");
    }

    /** Returns the same files with another ending. */
    public PartFiles withEnding(String ending) {
        return new PartFiles(archive, volumeSize, only, ending);
    }

    /** Returns the files that there would be with volumes of another size, 0 for none. */
    public PartFiles withVolumeSize(long volumeSize) {
        return new PartFiles(archive, volumeSize, only, ending);
    }

    private boolean isOneFile() {
        return volumeSize == 0;
    }

    /** Returns where a volume is, or the archive, if it is one file. */
    public Path file(int number) {
        return Volumes.beside(archive, isOneFile() ? ending : String.format(".%03d%s", number, ending));
    }

    /** Returns the first file that there is, or will be. */
    public Path first() {
        return file(Math.max(1, only));
    }

    /** Returns whether some of it is there; throws IOException if the folder cannot be read. */
    public boolean exist() throws IOException {
        return !found().isEmpty();
    }

    private List<Path> found() throws IOException {
        if (isOneFile() || only != 0) {
            return Files.exists(first()) ? List.of(first()) : List.of();
        }
        Pattern name = Pattern.compile(Pattern.quote(archive.getFileName().toString()) + "\\.[0-9]{3}" + Pattern.quote(ending));
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(archive.toAbsolutePath().getParent(), file -> name.matcher(file.getFileName().toString()).matches())) {
            all.forEach(files::add);
        }
        return files;
    }

    /** Opens all of it as one file; throws as {@link TrustedFile#open}, but for volumes only when they are used. */
    public FileChannel open(OpenOption... options) throws IOException {
        if (isOneFile()) {
            return TrustedFile.open(first(), options);
        }
        Volumes all = new Volumes(archive, ANY_SIZE, volumeSize);
        return new VolumeChannel(all, number -> only == 0 || number == only ? TrustedFile.open(file(number), options) : null);
    }

    /** Removes what is there; throws IOException if that cannot be done. */
    public void delete() throws IOException {
        for (Path file : found()) {
            Files.delete(file);
        }
    }

    /** Has these files be found instead of those with another ending; throws IOException if they cannot be moved. */
    public void replace(PartFiles others) throws IOException {
        others.delete();
        for (Path file : found()) {
            String name = file.getFileName().toString();
            Files.move(file, file.resolveSibling(name.substring(0, name.length() - ending.length()) + others.ending),
                    StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
