package lib.workload.chart;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import lib.failure.WrongContentException;
import lib.file.SmallFile;
import lib.store.tar.AheadBuffers;
import lib.store.tar.EntryPath;
import lib.store.tar.ReadAhead;
import lib.store.tar.TarEntry;
import lib.store.tar.TarReader;

/**
 * The files of a chart that tell its images, by their paths in it: {@code Chart.yaml}, {@code values.yaml}, and those of the charts below it.
 * Charts come from strangers: helm's own limits hold for all that is unpacked for one, the archives in it included.
 *
 * @see <a href="https://helm.sh/docs/topics/charts/">Helm, Charts</a>
 */
final class ChartFiles {
    static final String CHART = "Chart.yaml";
    static final String VALUES = "values.yaml";
    /** Where charts of the first form list what they depend on. */
    static final String REQUIREMENTS = "requirements.yaml";
    /** The size that an archive may have, in MiB. */
    static final int LARGEST_ARCHIVE = 20;
    private static final String WANTED = "(charts/[^/]+/)*(Chart|values|requirements)\\.yaml|(charts/[^/]+/)*charts/[^/._][^/]*\\.tgz";
    private static final int LARGEST_FILE = 5;
    private static final long MOST_BYTES = 100L << 20;
    private static final int MOST_ENTRIES = 50_000;
    private static final int DEEPEST = 8;

    private long bytes;
    private int entries;

    /** Returns the files of a folder; throws WrongContentException if they are too large or too many. */
    Map<String, byte[]> ofFolder(Path folder) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        add(folder, "", 0, files);
        return files;
    }

    private void add(Path folder, String prefix, int depth, Map<String, byte[]> files) throws IOException {
        check(folder.toString(), depth <= DEEPEST);
        for (String name : List.of(CHART, VALUES, REQUIREMENTS)) {
            addFile(folder.resolve(name), prefix + name, LARGEST_FILE, files);
        }
        if (!Files.isDirectory(folder.resolve("charts"))) {
            return;
        }
        try (Stream<Path> below = Files.list(folder.resolve("charts"))) {
            for (Path one : below.sorted().toList()) {
                String path = prefix + "charts/" + one.getFileName();
                if (Files.isRegularFile(one.resolve(CHART))) {
                    add(one, path + "/", depth + 1, files);
                } else if (path.matches(WANTED)) {
                    addFile(one, path, LARGEST_ARCHIVE, files);
                }
            }
        }
    }

    private void addFile(Path file, String path, int most, Map<String, byte[]> files) throws IOException {
        if (Files.isRegularFile(file)) {
            byte[] content = SmallFile.named(file, most);
            count(file.toString(), content.length);
            files.put(path, content);
        }
    }

    /** Returns the files of an archive; throws WrongContentException if it is not a chart's, or has too much. */
    Map<String, byte[]> ofArchive(String name, byte[] archive) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (ReadAhead tar = new ReadAhead(() -> new GZIPInputStream(new ByteArrayInputStream(archive)), AheadBuffers.few(), null)) {
            TarReader reader = new TarReader(tar);
            for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
                count(name, entry.size());
                add(name, entry, reader, files);
            }
        } catch (ZipException | EOFException | WrongContentException e) {
            throw new WrongContentException(name + " is not a Helm chart, or is damaged: " + e.getMessage(), e);
        }
        if (!files.containsKey(CHART)) {
            throw new WrongContentException(name + " is not a Helm chart: it has no " + CHART);
        }
        return files;
    }

    /** The files lie in a folder that is called like the chart. */
    private static void add(String name, TarEntry entry, InputStream content, Map<String, byte[]> files) throws IOException {
        List<String> parts = EntryPath.parts(entry.name().replace('\\', '/'));
        String path = parts.size() < 2 ? "" : String.join("/", parts.subList(1, parts.size()));
        if (entry.isFile() && entry.gaps() == 0 && path.matches(WANTED)) {
            files.put(path, SmallFile.upTo(content, name + ", " + path, path.endsWith(".tgz") ? LARGEST_ARCHIVE : LARGEST_FILE));
        }
    }

    private void count(String name, long size) throws WrongContentException {
        bytes += Math.min(size, MOST_BYTES + 1);
        entries++;
        check(name, bytes <= MOST_BYTES && entries <= MOST_ENTRIES);
    }

    /** Throws WrongContentException if charts lie too deep in each other, or have too much in them. */
    static void check(String name, boolean holds) throws WrongContentException {
        if (!holds) {
            throw new WrongContentException(name + " has more than " + (MOST_BYTES >> 20) + " MiB, " + MOST_ENTRIES + " files, or charts " + DEEPEST + " deep: refused");
        }
    }

    /** Returns whether charts may lie so deep in each other. */
    static boolean isShallow(int depth) {
        return depth <= DEEPEST;
    }
}
