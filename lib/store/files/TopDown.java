package lib.store.files;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.store.layer.Whiteouts;
import lib.store.tar.ByteName;
import lib.store.tar.EntryPath;
import lib.store.tar.PathWalk;
import lib.store.tar.TarEntry;
import org.jspecify.annotations.Nullable;

/**
 * Finds a file by the upper layers alone, where they are enough. That is so when they describe each folder on the way, and when
 * nothing that they write could come to stand on that way by a link of a layer which was not read. In doubt there is no answer.
 */
final class TopDown {
    /** The layers that were read, the highest first. */
    private final List<LayerIndex> layers;
    /** The number of the highest layer, counted from 0, the lowest. */
    private final int top;
    private final Set<String> consulted;
    private final Set<String> names = new HashSet<>();

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

    /** Returns what is at a path, links followed, or null where the layers below could have a say in that; throws NotFoundException when there certainly is nothing. */
    @Nullable Located find(String path) throws NotFoundException {
        try {
            Located located;
            try {
                located = walk(path);
            } catch (NotFoundException e) {
                makeSure();
                throw e;
            }
            makeSure();
            return located;
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
                throw new NotFoundException("no layer has a file " + ByteName.shown(path) + ": " + ByteName.shown(String.join("/", way)) + " is not a folder");
            }
            way.add(part);
            consulted.add(join(way, walk.left()));
            at = look(String.join("/", way), top);
            if (at == null) {
                throw new NotFoundException("no layer has a file " + ByteName.shown(path));
            }
            if (at.entry.type() == TarEntry.HARD_LINK) {
                at = linked(at);
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

    /** Returns what these layers from one downwards have at a path, or null where they have taken away what there was. */
    private @Nullable Located look(String path, int from) throws Doubt {
        names.add(path.substring(path.lastIndexOf('/') + 1));
        boolean isImplied = false;
        for (int layer = from; layer > top - layers.size(); layer--) {
            LayerIndex index = index(layer);
            LayerIndex.Item item = index.item(path);
            if (item != null) {
                return new Located(item.entry(), new FileNode.Content(layer, item.number()));
            }
            isImplied |= index.implies(path);
            if (index.hides(path) && isImplied) {
                break; // something was put into a folder that this layer or one above it has made without an entry
            }
            if (index.hides(path)) {
                return null;
            }
        }
        throw new Doubt();
    }

    private LayerIndex index(int layer) {
        return layers.get(top - layer);
    }

    /** Returns the file that a hard link led to when it was made. */
    private Located linked(Located link) throws Doubt {
        Located at = link;
        while (at.entry.type() == TarEntry.HARD_LINK) {
            List<String> parts = targetOf(at.entry);
            int layer = at.content.layer();
            for (int length = 1; length < parts.size(); length++) {
                Located folder = look(String.join("/", parts.subList(0, length)), layer);
                if (folder == null || !folder.entry.isFolder()) {
                    throw new Doubt();
                }
            }
            String path = String.join("/", parts);
            consulted.add(path);
            Located target = look(path, layer);
            boolean isLater = target != null && target.content.layer() == layer && target.content.number() >= at.content.number();
            if (target == null || isLater || target.entry.isFolder() || index(layer).hides(path)) {
                throw new Doubt();
            }
            at = target;
        }
        return at;
    }

    private static List<String> targetOf(TarEntry link) throws Doubt {
        try {
            List<String> parts = EntryPath.parts(link.link());
            if (!parts.isEmpty()) {
                return parts;
            }
        } catch (WrongContentException e) {
            // whoever applies all layers refuses it
        }
        throw new Doubt();
    }

    /** Throws Doubt when the way could be another one: by the order of entries in a layer, or by a link of a layer that was not read. */
    private void makeSure() throws Doubt {
        Set<String> onTheWay = Set.copyOf(names);
        for (int layer = top; layer > top - layers.size(); layer--) {
            LayerIndex index = index(layer);
            if (index.twice().stream().anyMatch(onTheWay::contains)) {
                throw new Doubt();
            }
            for (Map.Entry<String, LayerIndex.Loose> folder : index.loose().entrySet()) {
                boolean matters = folder.getValue().names().stream().anyMatch(name -> Whiteouts.isOpaque(name) || onTheWay.contains(name));
                makeSure(folder.getKey(), folder.getValue().first(), layer, onTheWay, matters);
            }
        }
    }

    /** Throws Doubt when a folder on the way to another one may be a link of a lower layer, and what lies behind it matters. */
    private void makeSure(String folder, long first, int layer, Set<String> onTheWay, boolean matters) throws Doubt {
        String path = folder;
        for (boolean isIn = matters; !path.isEmpty(); path = path.substring(0, Math.max(0, path.lastIndexOf('/')))) {
            if (isIn && !index(layer).isFolder(path, first) && !isFolderBelow(path, layer)) {
                throw new Doubt();
            }
            isIn |= onTheWay.contains(path.substring(path.lastIndexOf('/') + 1));
        }
    }

    private boolean isFolderBelow(String path, int layer) throws Doubt {
        Located below = look(path, layer - 1);
        return below != null && below.entry.isFolder();
    }
}
