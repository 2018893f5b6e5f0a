package lib.store.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.failure.NotFoundException;
import lib.store.layer.Layers;

/** The files that the layers of an image make together, without their content. What {@code lib.store.rootfs.RootFs} would refuse is refused here. */
public final class FileList {
    private final FileTree tree;

    private FileList(FileTree tree) {
        this.tree = tree;
    }

    /** Takes a file; what it throws ends the listing. */
    public interface Visitor {
        void file(ListedFile file) throws IOException;
    }

    /**
     * Reads what is in the layers. All names are held in memory.
     *
     * @throws lib.failure.WrongContentException if a layer is not what its digest says, or writes outside its folder
     * @throws IOException                       if a layer cannot be read
     */
    public static FileList of(Layers layers) throws IOException {
        FileTree tree = new FileTree();
        int[] count = {0};
        layers.visit(0, layers.descriptors().size(), (layer, entry, content, digest) -> {
            for (; count[0] <= layer; count[0]++) {
                tree.nextLayer();
            }
            tree.add(entry);
        });
        return new FileList(tree);
    }

    /**
     * Returns all files.
     *
     * @throws IOException only by the signature of {@link #visit}: all names are in memory
     */
    public List<ListedFile> all() throws IOException {
        List<ListedFile> files = new ArrayList<>();
        visit("", true, files::add);
        return files;
    }

    /**
     * Visits what is in a folder, in the order of names, or the one file that is at the path. A link to a folder is followed;
     * paths begin at the folder that it leads to.
     *
     * @param isDeep whether what is in folders below is visited too, behind each folder
     * @throws NotFoundException when there is nothing at the path
     */
    public void visit(String path, boolean isDeep, Visitor visitor) throws IOException {
        LinkWalk.Found found = LinkWalk.find(tree.root(), path, false);
        FileNode node = found.name().node();
        if (!node.isFolder() && node.entry().isSymbolicLink()) {
            found = folderBehind(path, found);
        }
        if (found.name().node().isFolder()) {
            visit(found.path().isEmpty() ? "" : found.path() + "/", found.name().node(), isDeep, visitor);
        } else {
            visitor.file(ListedFile.of(found.path(), found.name().node(), found.name().layer()));
        }
    }

    private LinkWalk.Found folderBehind(String path, LinkWalk.Found link) {
        try {
            LinkWalk.Found target = LinkWalk.find(tree.root(), path, true);
            return target.name().node().isFolder() ? target : link;
        } catch (NotFoundException e) {
            return link; // a link that leads nowhere is something too
        }
    }

    private static void visit(String path, FileNode folder, boolean isDeep, Visitor visitor) throws IOException {
        for (Map.Entry<String, FileNode.Name> name : folder.names().entrySet()) {
            String child = path + name.getKey();
            visitor.file(ListedFile.of(child, name.getValue().node(), name.getValue().layer()));
            if (isDeep) {
                visit(child + "/", name.getValue().node(), true, visitor);
            }
        }
    }
}
