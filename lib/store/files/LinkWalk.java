package lib.store.files;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.store.layer.PathSelection;
import lib.store.tar.ByteName;
import lib.store.tar.EntryPath;
import lib.store.tar.PathWalk;
import org.jspecify.annotations.Nullable;

/** Finds what somebody means by a path in an image: links are followed as the image's own programs would, whose root folder is the image's. */
final class LinkWalk {
    private LinkWalk() { }

    /** What was found, and the path that it has without links on the way; "" for the root folder. */
    record Found(String path, FileNode.@Nullable Name name) {

        /** Returns what is in this folder under a name; its own name is null when there is nothing. */
        Found child(String part) {
            return new Found(path.isEmpty() ? part : path + "/" + part, name.node().names().get(part));
        }

        boolean isLink() {
            return name.node().entry() != null && name.node().entry().isSymbolicLink();
        }

        String link() {
            return name.node().entry().link();
        }
    }

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
                goUp(way);
                continue;
            }
            Found next = way.peek().child(part);
            if (next.name == null) {
                throw missing(path, next.path);
            }
            if (!next.isLink() || !walk.hasNext() && !isLastFollowed) {
                way.push(next);
                continue;
            }
            if (!walk.follow(next.link())) {
                throw new NotFoundException("'" + ByteName.shown(path) + "' leads into a circle of links");
            }
            goToStart(way, next.link());
        }
        return way.peek();
    }

    /**
     * Returns paths without links on their way, and with what those links lead to: all that is needed to find something under the paths.
     *
     * @throws NotFoundException     when there is nothing under one of them; a link that leads nowhere is something
     * @throws WrongContentException when one of them leads upwards
     */
    static List<String> withTargets(FileNode.Name root, Set<String> paths) throws NotFoundException, WrongContentException {
        Set<String> all = new LinkedHashSet<>();
        for (String path : paths) {
            addTargets(root, path, all);
        }
        return List.copyOf(all);
    }

    private static void addTargets(FileNode.Name root, String path, Set<String> all) throws NotFoundException, WrongContentException {
        PathWalk walk = new PathWalk(EntryPath.parts(path));
        Deque<Found> way = new ArrayDeque<>(List.of(new Found("", root)));
        boolean isCircle = false;
        while (walk.hasNext() && !isCircle) {
            String part = walk.next();
            if (part.equals("..")) {
                goUp(way);
                continue;
            }
            Found next = way.peek().child(part);
            if (next.name == null && !walk.hasFollowed()) {
                throw new NotFoundException("no such file in the image: " + path);
            }
            if (next.name == null) {
                return; // a link that leads nowhere is something too
            }
            if (next.isLink()) {
                all.add(next.path);
                goToStart(way, next.link());
                isCircle = !walk.follow(next.link());
            } else {
                way.push(next);
            }
        }
        all.add(way.peek().path);
    }

    private static void goUp(Deque<Found> way) {
        if (way.size() > 1) {
            way.pop();
        }
    }

    /** A link's target begins at the folder that the link is in or, if it has a slash at its front, at the root folder. */
    private static void goToStart(Deque<Found> way, String link) {
        while (link.startsWith("/") && way.size() > 1) {
            way.pop();
        }
    }

    private static NotFoundException missing(String path, String at) {
        String wanted = ByteName.shown(path);
        String there = ByteName.shown(at);
        return new NotFoundException("no such file in the image: " + wanted + (PathSelection.normal(path).equals(at) ? "" : " (there is no " + there + ")"));
    }
}
