package lib.store.volume;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which archive a name or a folder means, by the names of volumes and statements alone. */
final class VolumeNames {
    private static final Pattern NAME = Pattern.compile("(.+)\\.([0-9]{3})(\\.json)?");

    private VolumeNames() { }

    /** Returns what the archive in volumes that a path leads to would be called as one file; null if it leads to no volumes. Throws IllegalArgumentException if there are several. */
    static @Nullable Path archiveAt(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            SortedSet<String> archives = new TreeSet<>();
            for (Matcher name : namesIn(place)) {
                if (name.group(3) != null) { // a folder may hold other files with numbers
                    archives.add(name.group(1));
                }
            }
            if (archives.size() > 1) {
                throw new IllegalArgumentException(place + " holds volumes of several archives: name one of " + String.join(".001, ", archives) + ".001");
            }
            return archives.isEmpty() ? null : place.resolve(archives.first());
        }
        Path file = place.getFileName();
        Matcher name = NAME.matcher(file == null ? "" : file.toString());
        if (name.matches()) {
            Path archive = place.resolveSibling(name.group(1));
            return numbersOf(archive).isEmpty() ? null : archive;
        }
        boolean hasFirst = file != null && !Files.exists(place) && (Files.exists(Volumes.file(place, 1)) || Files.exists(Volumes.statement(place, 1)));
        return hasFirst && !numbersOf(place).isEmpty() ? place : null;
    }

    /** Returns the numbers of the volumes and statements that there are of an archive; none for a single file that merely has such a name. */
    static SortedSet<Integer> numbersOf(Path archive) throws IOException {
        SortedSet<Integer> numbers = new TreeSet<>();
        boolean isStated = false;
        Path folder = archive.toAbsolutePath().getParent();
        for (Matcher name : folder != null && Files.isDirectory(folder) ? namesIn(folder) : List.<Matcher>of()) {
            if (name.group(1).equals(archive.getFileName().toString())) {
                numbers.add(Integer.parseInt(name.group(2)));
                isStated |= name.group(3) != null;
            }
        }
        numbers.remove(0);
        return isStated || numbers.contains(1) && numbers.contains(2) ? numbers : new TreeSet<>();
    }

    private static List<Matcher> namesIn(Path folder) throws IOException {
        List<Matcher> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
