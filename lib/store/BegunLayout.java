package lib.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** What is there of a layout before all of it is: an empty folder, or one with nothing in it but what a layout begins with. */
final class BegunLayout {
    /** Files that are being written have names of their own, and so have locks and notes. */
    private static final Pattern BEGINNINGS = Pattern.compile("blobs|(oci-layout|index\\.json)(\\..*)?|dray\\.journal(\\..*)?");
    private static final Pattern ALGORITHMS = Pattern.compile("sha(256|384|512)");

    private BegunLayout() { }

    static boolean isAt(Path path) throws IOException {
        return holdsOnly(path, BEGINNINGS) && (!Files.exists(path.resolve("blobs")) || holdsOnly(path.resolve("blobs"), ALGORITHMS));
    }

    private static boolean holdsOnly(Path folder, Pattern names) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                if (!names.matcher(entry.getFileName().toString()).matches()) {
                    return false;
                }
            }
            return true;
        }
    }
}
