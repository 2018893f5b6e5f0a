package lib.store.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import lib.failure.NotFoundException;
import lib.store.tar.ByteName;
import lib.store.tar.PathWalk;
import lib.store.tar.TarEntry;
import org.jspecify.annotations.Nullable;

/**
 * Finds a file by the upper layers alone. That is certain where each of them has entries for the folders it writes into, as almost all layers have:
 * then no link of a layer below can lead elsewhere what they write. In any doubt there is no answer, and all layers have to be applied.
 */
final class TopDown {
    /** The layers that were read, the highest first. */
    private final List<LayerIndex> layers;
    /** The number of the highest layer, counted from 0, the lowest. */
    private final int top;
    private final Set<String> consulted;

    /** @param consulted is given the paths that were looked for, links followed */
    TopDown(List<LayerIndex> layers, int top, Set<String> consulted) {
        this.layers = layers;
        this.top = top;
        this.consulted = consulted;
    }

    /** A file that no layer below can change. */
    record Located(TarEntry entry, FileNode.Content content) { }

    /** There is no certain answer yet. */
    private static final class Doubt extends Exception {
        private static final long serialVersionUID = 1;

        Doubt() {
            super(null, null, false, false);
        }
    }

    /**
     * Returns what is at a path, links followed, or null if the layers below could have a say in that.
     *
     * @throws NotFoundException if there certainly is nothing
     */
    @Nullable Located find(String path) throws NotFoundException {
        try {
            return layers.stream().allMatch(LayerIndex::isPlain) ? walk(path) : null;
        } catch (Doubt e) {
            return null;
        }
    }

    private Located walk(String path) throws NotFoundException, Doubt {
        PathWalk walk = new PathWalk(List.of(path.split("/")));
        List<String> way = new ArrayList<>();
        Located at = new Located(null, null);
        while (walk.hasNext()) {
            String part = walk.next();
            if (part.equals("..")) {
                way = new ArrayList<>(way.subList(0, Math.max(0, way.size() - 1)));
                at = new Located(null, null); // a folder: there is something below it
                continue;
            }
            if (at.entry != null && !at.entry.isFolder()) {
                throw new NotFoundException("no such file in the image: " + ByteName.shown(path) + " (" + ByteName.shown(String.join("/", way)) + " is not a folder)");
            }
            way.add(part);
            consulted.add(join(way, walk.left()));
            at = look(String.join("/", way));
            if (at == null) {
                throw new NotFoundException("no such file in the image: " + ByteName.shown(path));
            }
            if (at.entry.type() == TarEntry.HARD_LINK) {
                throw new Doubt(); // what it led to when it was made may be in a layer below
            }
            if (at.entry.isSymbolicLink()) {
                if (!walk.follow(at.entry.link())) {
                    throw new NotFoundException("'" + ByteName.shown(path) + "' leads into a circle of links");
                }
                way = at.entry.link().startsWith("/") ? new ArrayList<>() : new ArrayList<>(way.subList(0, way.size() - 1));
                at = new Located(null, null);
            }
        }
        return at;
    }

    private static String join(List<String> way, List<String> left) {
        List<String> all = new ArrayList<>(way);
        all.addAll(left);
        return String.join("/", all);
    }

    /** Returns what these layers have at a path, or null if they have taken away what there was. */
    private @Nullable Located look(String path) throws Doubt {
        for (int i = 0; i < layers.size(); i++) {
            LayerIndex.Item item = layers.get(i).item(path);
            if (item != null) {
                return new Located(item.entry(), new FileNode.Content(top - i, item.number()));
            }
            if (layers.get(i).hides(path)) {
                return null;
            }
        }
        throw new Doubt();
    }
}
