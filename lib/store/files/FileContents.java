package lib.store.files;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import lib.failure.NotFoundException;
import lib.store.layer.LayerTar;
import lib.store.layer.Layers;
import lib.store.layer.TableOfContents;
import lib.store.layer.UnpackLimit;
import lib.store.layer.WholeContent;
import lib.store.tar.ByteName;
import lib.store.tar.TarEntry;

/**
 * What is in some files of an image. Layers are read from the highest down, and no further than it takes to be sure.
 * Of layers that have a table of contents only that and the contents are fetched. Contents that may be asked for are kept in a temporary file until their layer is verified.
 */
public final class FileContents implements Closeable {
    private final Layers layers;
    private final List<String> paths;
    private final boolean isFast;
    private final UnpackLimit limit;
    private final Spool spool = new Spool();
    private final List<LayerIndex> indexes = new ArrayList<>();
    private final WantedPaths wanted;
    private final Map<Integer, TableOfContents> tables = new HashMap<>();
    /** Layers whose table of contents has said something wrong. */
    private final Set<Integer> distrusted = new HashSet<>();
    private List<TopDown.Located> found = List.of();
    private boolean isVerified = true;

    private FileContents(Layers layers, List<String> paths, boolean isFast) throws IOException {
        this.layers = layers;
        this.paths = paths;
        this.wanted = new WantedPaths(paths);
        this.isFast = isFast;
        this.limit = new UnpackLimit(layers.most());
    }

    /**
     * Reads files.
     *
     * @param isFast whether reading ends with the last file instead of with its layer, without a look at the layer's digest
     * @throws NotFoundException        when no layer has one of them
     * @throws IllegalArgumentException if one of them is not a file but a folder or a device
     */
    public static FileContents of(Layers layers, List<String> paths, boolean isFast) throws IOException {
        FileContents contents = new FileContents(layers, paths, isFast);
        try {
            contents.read();
            return contents;
        } catch (IOException | RuntimeException e) {
            contents.close();
            throw e;
        }
    }

    /** Returns the text of one file, in UTF-8; throws what {@link #of} does. */
    public static String text(Layers layers, String path) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FileContents contents = of(layers, List.of(path), false)) {
            contents.writeTo(out);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Returns whether all layers that were begun were read to their ends, and are what their digests say. */
    public boolean isVerified() {
        return isVerified;
    }

    /**
     * Writes the contents, one after the other, in the order in which they were asked for.
     *
     * @throws IOException if the stream cannot be written
     */
    public void writeTo(OutputStream out) throws IOException {
        for (TopDown.Located file : found) {
            spool.writeTo(out, file.content());
        }
    }

    private void read() throws IOException {
        indexes.clear();
        boolean isCertain = false;
        for (int layer = top(); layer >= 0 && !isCertain; layer--) {
            indexes.add(new LayerIndex());
            if (!readTable(layer)) {
                stream(layer);
            }
            isCertain = isCertain();
        }
        if (!isCertain) {
            found = byAllLayers();
        }
        for (int i = 0; i < found.size(); i++) {
            check(paths.get(i), found.get(i).entry());
        }
        if (!fetchParts()) {
            spool.clear();
            limit.clear();
            read();
            return;
        }
        readAgain();
    }

    private int top() {
        return layers.descriptors().size() - 1;
    }

    private boolean readTable(int layer) throws IOException {
        TableOfContents table = distrusted.contains(layer) ? null : tables.containsKey(layer) ? tables.get(layer) : layers.contents(layer);
        if (table == null) {
            return false;
        }
        tables.put(layer, table);
        for (TarEntry entry : table.entries()) {
            indexes.get(indexes.size() - 1).add(entry);
        }
        return true;
    }

    /** Fetches the contents that are in layers with a table of contents; returns whether that went well. If not, those layers are read as others are. */
    private boolean fetchParts() throws IOException {
        for (TopDown.Located file : found) {
            TableOfContents table = tables.get(file.content().layer());
            if (table == null || spool.has(file.content())) {
                continue;
            }
            try {
                limit.check(file.entry());
                spool.add(file.content(), out -> table.write((int) file.content().number(), out));
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                distrusted.add(file.content().layer());
                tables.remove(file.content().layer());
                return false;
            }
        }
        return true;
    }

    private void stream(int layer) throws IOException {
        LayerIndex index = indexes.get(indexes.size() - 1);
        boolean[] isNew = {false};
        try (LayerTar tar = layers.open(layer, limit)) {
            isVerified &= tar.visit((entry, content) -> {
                FileNode.Content at = new FileNode.Content(layer, index.entries().size());
                index.add(entry);
                isNew[0] = wanted.has(entry);
                if (isNew[0] && entry.isFile()) {
                    spool.add(at, out -> WholeContent.write(entry, content, out));
                }
            }, limit, () -> isFast && isNew[0] && isEnough());
        }
    }

    /** Returns whether the layers that were read tell what is at all paths, and then keeps it. */
    private boolean isCertain() throws NotFoundException {
        List<TopDown.Located> all = new ArrayList<>();
        Set<String> consulted = new HashSet<>();
        boolean isCertain = true;
        for (String path : paths) {
            TopDown.Located located = new TopDown(indexes, top(), consulted).find(path);
            isCertain &= located != null;
            all.add(located);
        }
        wanted.addAll(consulted);
        found = isCertain ? all : List.of();
        return isCertain;
    }

    /** Tells the same in the middle of a layer, where what is not there may still come. */
    private boolean isEnough() {
        try {
            return isCertain() && found.stream().allMatch(this::isThere);
        } catch (NotFoundException e) {
            return false;
        }
    }

    /** Applies all layers, the lowest first. */
    private List<TopDown.Located> byAllLayers() throws IOException {
        FileTree tree = new FileTree();
        for (int i = indexes.size() - 1; i >= 0; i--) {
            tree.nextLayer();
            for (TarEntry entry : indexes.get(i).entries()) {
                tree.add(entry);
            }
        }
        List<TopDown.Located> all = new ArrayList<>();
        for (String path : paths) {
            FileNode node = LinkWalk.find(tree.root(), path, true).name().node();
            all.add(new TopDown.Located(node.entry(), node.content()));
        }
        return all;
    }

    private static void check(String path, TarEntry entry) {
        if (entry == null || entry.isFolder()) {
            throw new IllegalArgumentException((path.isEmpty() ? "/" : ByteName.shown(path)) + " is a folder: name files in it, which ls lists");
        }
        if (!entry.isFile()) {
            throw new IllegalArgumentException(ByteName.shown(path) + " is a device or a pipe, which has no content in an image");
        }
    }

    private boolean isThere(TopDown.Located file) {
        return file.entry() == null || !file.entry().isFile() || spool.has(file.content());
    }

    /** Reads layers once more for contents that nothing had said would be wanted, such as what a hard link leads to. */
    private void readAgain() throws IOException {
        Set<FileNode.Content> missing = new HashSet<>();
        found.stream().filter(file -> !isThere(file)).forEach(file -> missing.add(file.content()));
        Set<Integer> numbers = new TreeSet<>();
        missing.forEach(content -> numbers.add(content.layer()));
        for (int layer : numbers) {
            limit.clear();
            long[] count = {0};
            try (LayerTar tar = layers.open(layer, limit)) {
                isVerified &= tar.visit((entry, content) -> {
                    FileNode.Content at = new FileNode.Content(layer, count[0]++);
                    if (missing.remove(at)) {
                        spool.add(at, out -> WholeContent.write(entry, content, out));
                    }
                }, limit, () -> isFast && missing.stream().noneMatch(content -> content.layer() == layer));
            }
        }
    }

    @Override
    public void close() throws IOException {
        spool.close();
    }
}
