package lib.workload;

/**
 * An image and where a Kubernetes resource has it, which is how patches find it.
 *
 * @param kind    the resource's kind
 * @param name    the resource's name
 * @param path    the keys down to the image, where an item of a list is told by its name, as strategic merge patches do
 * @param pointer the same with numbers, as JSON Patch does (RFC 6901)
 * @param image   as written there; null in a patch that deletes what is there
 */
record ResourceImage(String kind, String name, String path, String pointer, String image) {
    ResourceImage {
        kind = kind == null ? "" : kind;
        name = name == null ? "" : name;
    }

    boolean isOf(String otherKind, String otherName) {
        return kind.equals(otherKind) && name.equals(otherName);
    }

    boolean isAt(ResourceImage other) {
        return isOf(other.kind, other.name) && path.equals(other.path);
    }

    ResourceImage withImage(String other) {
        return new ResourceImage(kind, name, path, pointer, other);
    }

    /** Returns the same image of another resource. */
    ResourceImage of(String otherKind, String otherName) {
        return new ResourceImage(otherKind, otherName, path, pointer, image);
    }

    /** Returns whether this stands at a place or below it. */
    boolean isBelow(String otherPointer) {
        return (pointer + "/").startsWith(otherPointer + "/");
    }

    /** Returns whether kustomize looks here for images to replace: in containers and volumes. */
    boolean isOfContainer() {
        return path.matches(".*/(containers|initContainers|ephemeralContainers)/[^/]+/image|.*/volumes/[^/]+/image/reference");
    }
}
