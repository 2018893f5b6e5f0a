package lib.store.files;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import lib.failure.NotFoundException;
import lib.store.layer.PathSelection;
import lib.store.tar.ByteName;
import lib.store.tar.PathWalk;
import lib.store.tar.TarEntry;

/** Finds what somebody means by a path in an image: links are followed as the image's own programs would, whose root folder is the image's. */
final class LinkWalk {
    private LinkWalk() { }

    /** What was found, and the path that it has without links on the way; "" for the root folder. */
    record Found(String path, FileNode.Name name) { }

    /**
     * Returns what is at a path.
     *
     * @param isLastFollowed whether a link at the end of the path is followed, too
     * @throws NotFoundException when there is nothing
     */
    static Found find(FileNode.Name root, String path, boolean isLastFollowed) throws NotFoundException {
        PathWalk walk = new PathWalk(List.of(path.split("/")));
        Deque<Found> way = new ArrayDeque<>(List.of(new Found("", root)));
        while (walk.hasNext()) {
            String part = walk.next();
            if (part.equals("..")) {
                if (way.size() > 1) {
                    way.pop();
                }
                continue;
            }
            Found folder = way.peek();
            FileNode.Name name = folder.name.node().names().get(part);
            String at = folder.path.isEmpty() ? part : folder.path + "/" + part;
            if (name == null) {
                throw missing(path, at);
            }
            TarEntry entry = name.node().entry();
            boolean isLink = entry != null && entry.isSymbolicLink();
            if (!isLink || !walk.hasNext() && !isLastFollowed) {
                way.push(new Found(at, name));
                continue;
            }
            if (!walk.follow(entry.link())) {
                throw new NotFoundException("'" + ByteName.shown(path) + "' leads into a circle of links");
            }
            if (entry.link().startsWith("/")) {
                way = new ArrayDeque<>(List.of(new Found("", root)));
            }
        }
        return way.peek();
    }

    private static NotFoundException missing(String path, String at) {
        String wanted = ByteName.shown(path);
        String there = ByteName.shown(at);
        return new NotFoundException("no layer has a file " + wanted + (PathSelection.normal(path).equals(at) ? "" : ": there is no " + there));
    }
}
