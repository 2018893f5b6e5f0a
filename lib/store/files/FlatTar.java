package lib.store.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.layer.BlobSource;
import lib.store.layer.LayerTar;
import lib.store.layer.LayersAhead;
import lib.store.layer.PathSelection;
import lib.store.layer.UnpackLimit;
import lib.store.layer.WholeContent;
import lib.store.tar.EntryPath;
import lib.store.tar.TarEntry;
import lib.store.tar.TarHeader;
import lib.store.tar.TarWriter;
import org.jspecify.annotations.Nullable;

/**
 * One tar of what the layers of an image make together, with all owners, devices and extended attributes, also if made without root.
 * The layers are read twice: once to know which files are left in the end, and once for their content. First come links
 * and devices, then files in the order in which the layers have them, and folders last, each behind what is in it: a program that unpacks
 * the tar gives a folder its time and mode when it comes, and whatever it puts in there later changes the one, and may be forbidden by the other.
 */
public final class FlatTar {
    private static final int MODE_OF_FOLDERS = 0755;

    private final OutputStream out;
    private final WritableByteChannel channel;
    /** The names of each file that is left. */
    private final Map<FileNode, List<String>> names = new LinkedHashMap<>();
    /** Files by where their content is. */
    private final Map<FileNode.Content, FileNode> files = new HashMap<>();
    /** Folders, each before those that it is in. */
    private final Deque<FileNode> folders = new ArrayDeque<>();
    private long entries;

    private FlatTar(OutputStream out) {
        this.out = out;
        this.channel = Channels.newChannel(out);
    }

    /**
     * Writes the tar of all files, or of those that are chosen, and returns how many entries it has.
     *
     * @param diffIds the digests of the uncompressed layers; null for one that is not known
     * @param stored  gives the layers as they are stored, twice; their own reading checks them against their digests
     * @param chosen  the paths that are wanted, with what is below them; all if there are none
     * @param most    how many bytes the layers may unpack to
     * @throws lib.failure.WrongContentException when a layer is not what it should be, or has an entry that {@code lib.store.rootfs.RootFs} would refuse
     * @throws lib.failure.NotFoundException     when a chosen path is in no layer
     */
    public static long write(List<Descriptor> layers, List<@Nullable Digest> diffIds, BlobSource stored, List<String> chosen, long most, OutputStream out) throws IOException {
        PathSelection wanted = new PathSelection(chosen);
        FileTree tree = new FileTree();
        UnpackLimit limit = new UnpackLimit(most);
        try (LayersAhead ahead = new LayersAhead(layers, diffIds, stored, limit)) {
            for (LayerTar layer = ahead.next(); layer != null; layer = ahead.next()) {
                tree.nextLayer();
                layer.visit((entry, content) -> tree.add(entry), limit);
            }
        }
        PathSelection paths = new PathSelection(LinkWalk.withTargets(tree.root(), wanted.wanted()));
        FlatTar tar = new FlatTar(out);
        tree.visit((path, node) -> {
            if (paths.includes(EntryPath.parts(path))) {
                tar.names.computeIfAbsent(node, none -> new ArrayList<>()).add(path);
            }
        });
        tar.withoutContent();
        limit.clear();
        try (LayersAhead ahead = new LayersAhead(layers, diffIds, stored, limit)) {
            int number = 0;
            for (LayerTar layer = ahead.next(); layer != null; layer = ahead.next()) {
                tar.contents(layer, number++, limit);
            }
        }
        for (FileNode folder : tar.folders) {
            tar.folder(folder);
        }
        out.write(new byte[2 * TarHeader.BLOCK]);
        out.flush();
        return tar.entries;
    }

    private void withoutContent() throws IOException {
        for (Map.Entry<FileNode, List<String>> file : names.entrySet()) {
            FileNode node = file.getKey();
            if (node.isFolder()) {
                folders.push(node);
            } else if (node.entry().isFile()) {
                files.put(node.content(), node);
            } else {
                header(named(node.entry(), file.getValue().get(0)));
                links(node);
            }
        }
    }

    private void contents(LayerTar layer, int number, UnpackLimit limit) throws IOException {
        long[] count = {0};
        layer.visit((entry, content) -> {
            FileNode node = files.get(new FileNode.Content(number, count[0]++));
            if (node != null) {
                header(named(entry, names.get(node).get(0)));
                WholeContent.write(entry, content, channel);
                WholeContent.zeros(TarHeader.padding(entry.size()), channel);
                links(node);
            }
        }, limit);
    }

    /** Writes the other names of a file as hard links to its first one. */
    private void links(FileNode node) throws IOException {
        List<String> all = names.get(node);
        for (String other : all.subList(1, all.size())) {
            TarEntry entry = node.entry();
            header(new TarEntry(other, TarEntry.HARD_LINK, entry.mode(), entry.uid(), entry.gid(), 0, entry.modified(), all.get(0), 0, 0, Map.of(), null));
        }
    }

    private void header(TarEntry entry) throws IOException {
        out.write(TarWriter.header(entry));
        entries++;
    }

    private static TarEntry named(TarEntry entry, String name) {
        return new TarEntry(name, entry.type(), entry.mode(), entry.uid(), entry.gid(), entry.size(), entry.modified(), entry.link(), entry.major(), entry.minor(),
                entry.extended(), null);
    }

    /** Writes a folder, also one that no layer describes, but that files are in. */
    private void folder(FileNode folder) throws IOException {
        String name = names.get(folder).get(0) + "/";
        header(folder.entry() != null ? named(folder.entry(), name)
                : new TarEntry(name, TarEntry.FOLDER, MODE_OF_FOLDERS, 0, 0, 0, FileTime.fromMillis(0), "", 0, 0, Map.of(), null));
    }
}
