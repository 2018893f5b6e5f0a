package lib.store.tar;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The parts of a path in an image, one after the other, and instead of a symbolic link the parts of what it leads to. Who walks looks at each part,
 * knows what is there, and says which links are followed; here their number is bounded. A {@code ..} is a part too: the one who walks goes up by it,
 * and never above the image's own root folder.
 */
public final class PathWalk {
    /** As many as Linux follows for one path (path_resolution(7)). */
    private static final int MOST_LINKS = 40;

    private final Deque<String> left = new ArrayDeque<>();
    private int links;
    private int ofLink;
    private boolean isOfLink;

    /** Begins a walk from the root folder. Parts that are empty or a dot change nothing, and are skipped. */
    public PathWalk(List<String> parts) {
        push(parts);
    }

    /** Returns a path without empty parts, {@code .} and {@code ..}, as if no part was a link. It never leads above the root folder, whose path is "". */
    public static String normal(String path) {
        Deque<String> way = new ArrayDeque<>();
        for (PathWalk walk = new PathWalk(List.of(path.split("/"))); walk.hasNext(); ) {
            String part = walk.next();
            if (part.equals("..")) {
                way.pollLast();
            } else {
                way.addLast(part);
            }
        }
        return String.join("/", way);
    }

    /** Returns whether a part is left. */
    public boolean hasNext() {
        return !left.isEmpty();
    }

    /** Returns the next part; there has to be one. */
    public String next() {
        isOfLink = ofLink > 0;
        ofLink -= isOfLink ? 1 : 0;
        return left.pop();
    }

    /** Returns whether the part that was taken last comes from a link. */
    public boolean isOfLink() {
        return isOfLink;
    }

    /** Returns whether a link was followed so far. */
    public boolean hasFollowed() {
        return links > 0;
    }

    /** Returns the parts that are left. */
    public List<String> left() {
        return List.copyOf(left);
    }

    /** Follows a link: the parts of its target come next. Returns false, and does nothing, where it were one too many: the links lead in a circle. */
    public boolean follow(String target) {
        return follow(List.of(target.split("/")));
    }

    /** Follows a link whose target has these parts. */
    public boolean follow(List<String> target) {
        if (links == MOST_LINKS) {
            return false;
        }
        links++;
        ofLink += push(target);
        return true;
    }

    private int push(List<String> parts) {
        int count = 0;
        for (int i = parts.size() - 1; i >= 0; i--) {
            if (!parts.get(i).isEmpty() && !parts.get(i).equals(".")) {
                left.push(parts.get(i));
                count++;
            }
        }
        return count;
    }
}
