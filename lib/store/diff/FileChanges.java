package lib.store.diff;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lib.store.files.FileTree;
import lib.store.files.LayerIndex;
import lib.store.layer.Layers;

/** In what two images differ. The layers that both begin with make the same files: what lies above them makes the difference. */
public final class FileChanges {
    private final Layers a;
    private final Layers b;
    private final int common;
    private final ContentHashes contents = new ContentHashes();

    /** Nothing is read yet but what the two have in common by the digests of their layers. */
    public FileChanges(Layers a, Layers b) {
        this.a = a;
        this.b = b;
        int same = 0;
        while (same < a.descriptors().size() && same < b.descriptors().size() && isSame(same)) {
            same++;
        }
        this.common = same;
    }

    /** A layer may be compressed in two ways, and still be the same. */
    private boolean isSame(int layer) {
        boolean isSameTar = a.diffIds().get(layer) != null && a.diffIds().get(layer).equals(b.diffIds().get(layer));
        return isSameTar || a.descriptors().get(layer).digest().equals(b.descriptors().get(layer).digest());
    }

    /** Returns how many layers both images begin with. */
    public int common() {
        return common;
    }

    /**
     * Finds the differences by the layers above those in common; in the order of paths. The layers in common are only read where
     * a hard link leads into them.
     *
     * @return whether it could be told for all files what was done to them
     * @throws lib.failure.WrongContentException if a layer is not what its digest says, or writes outside its folder
     * @throws IOException                       if a layer cannot be read
     */
    public boolean above(Consumer<FileChange> changes) throws IOException {
        if (common == 0) {
            all(a, changes);
            return true;
        }
        UpperChanges.Upper upperA = upper(a);
        UpperChanges.Upper upperB = upper(b);
        if (upperA.linksDown() || upperB.linksDown()) {
            all(a, changes);
            return true;
        }
        boolean[] isComplete = {true};
        new UpperChanges(contents, change -> {
            isComplete[0] &= change.kind().ordinal() <= FileChange.Kind.CHANGED.ordinal();
            changes.accept(change);
        }).compare(upperA, upperB);
        return isComplete[0];
    }

    private UpperChanges.Upper upper(Layers layers) throws IOException {
        List<LayerIndex> indexes = new ArrayList<>();
        for (int layer = common; layer < layers.descriptors().size(); layer++) {
            indexes.add(new LayerIndex());
        }
        layers.visit(common, layers.descriptors().size(), (layer, entry, content, digest) -> {
            contents.add(entry, content, digest);
            indexes.get(layer - common).add(entry);
        });
        return new UpperChanges.Upper(indexes, common);
    }

    /**
     * Finds the differences by all layers, in the order of paths; those in common are read once, as one of the images has them.
     *
     * @throws lib.failure.WrongContentException if a layer is not what its digest says, or writes outside its folder
     * @throws IOException                       if a layer cannot be read
     */
    public void all(Layers ofCommon, Consumer<FileChange> changes) throws IOException {
        if (common == a.descriptors().size() && common == b.descriptors().size()) {
            return;
        }
        FileTree treeA = new FileTree();
        FileTree treeB = new FileTree();
        read(ofCommon, 0, common, List.of(treeA, treeB));
        read(a, common, a.descriptors().size(), List.of(treeA));
        read(b, common, b.descriptors().size(), List.of(treeB));
        new TreeChanges(contents, changes).compare(treeA, treeB);
    }

    private void read(Layers layers, int from, int to, List<FileTree> trees) throws IOException {
        int[] next = {from};
        layers.visit(from, to, (layer, entry, content, digest) -> {
            contents.add(entry, content, digest);
            for (; next[0] <= layer; next[0]++) {
                trees.forEach(FileTree::nextLayer);
            }
            for (FileTree tree : trees) {
                tree.add(entry);
            }
        });
        for (; next[0] < to; next[0]++) {
            trees.forEach(FileTree::nextLayer);
        }
    }
}
