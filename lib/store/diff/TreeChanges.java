package lib.store.diff;

import java.io.IOException;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import lib.store.files.FileNode;
import lib.store.files.FileTree;
import lib.store.files.ListedFile;
import org.jspecify.annotations.Nullable;

/** The differences of two images whose layers were all read. */
final class TreeChanges {
    private final ContentHashes contents;
    private final Consumer<FileChange> changes;
    private final Map<FileNode, TreeSet<String>> namesOfA = new IdentityHashMap<>();
    private final Map<FileNode, TreeSet<String>> namesOfB = new IdentityHashMap<>();

    TreeChanges(ContentHashes contents, Consumer<FileChange> changes) {
        this.contents = contents;
        this.changes = changes;
    }

    /** Compares all files of two images. */
    void compare(FileTree a, FileTree b) throws IOException {
        Set<String> both = new HashSet<>();
        a.visit((path, node) -> both.add(path));
        Set<String> ofB = new HashSet<>();
        b.visit((path, node) -> ofB.add(path));
        both.retainAll(ofB);
        note(a, both, namesOfA);
        note(b, both, namesOfB);
        compare("", a.root().node(), b.root().node());
    }

    /** Notes which names a file has, of those that are in both images: a name that only one has is a difference of its own. */
    private static void note(FileTree tree, Set<String> both, Map<FileNode, TreeSet<String>> names) throws IOException {
        tree.visit((path, node) -> {
            if (!node.isFolder() && both.contains(path)) {
                names.computeIfAbsent(node, none -> new TreeSet<>()).add(path);
            }
        });
    }

    /** Compares what is in two folders and below; one of them may be null. */
    private void compare(String path, @Nullable FileNode a, @Nullable FileNode b) {
        Set<String> names = new TreeSet<>();
        if (a != null) {
            names.addAll(a.names().keySet());
        }
        if (b != null) {
            names.addAll(b.names().keySet());
        }
        for (String name : names) {
            FileNode.Name before = a == null ? null : a.names().get(name);
            FileNode.Name after = b == null ? null : b.names().get(name);
            file(path + name, before, after);
            compare(path + name + "/", before == null ? null : before.node(), after == null ? null : after.node());
        }
    }

    private void file(String path, FileNode.Name before, FileNode.Name after) {
        ListedFile one = before == null ? null : ListedFile.of(path, before.node(), before.layer());
        ListedFile other = after == null ? null : ListedFile.of(path, after.node(), after.layer());
        if (one == null) {
            changes.accept(new FileChange(path, FileChange.Kind.ADDED, List.of(), null, other));
        } else if (other == null) {
            changes.accept(new FileChange(path, FileChange.Kind.REMOVED, List.of(), one, null));
        } else {
            List<String> what = FileChange.differences(one, before.node().entry(), other, after.node().entry(), contents);
            if (!before.node().isFolder() && !after.node().isFolder() && !namesOfA.get(before.node()).equals(namesOfB.get(after.node()))) {
                what.add("hard links");
            }
            if (!what.isEmpty()) {
                changes.accept(new FileChange(path, FileChange.Kind.CHANGED, what, one, other));
            }
        }
    }
}
