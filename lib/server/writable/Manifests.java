package lib.server.writable;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.store.Layout;

/** The manifests among the blobs of a layout, and what each of them needs. */
record Manifests(Layout layout) {

    /** Reads a manifest; throws NotFoundException or WrongContentException for what is not one. */
    Manifest read(Digest digest) throws IOException {
        Descriptor found = ServedBlob.in(layout, digest);
        if (found.size() > Manifest.LONGEST) {
            throw new NotFoundException(digest + " is not a manifest");
        }
        return Manifest.parse(digest, Files.readAllBytes(layout.blobPath(digest)), "");
    }

    /** Returns the digests of all manifests that these lead to, if they are indexes. */
    Set<Digest> below(Collection<Digest> digests) {
        Set<Digest> below = new LinkedHashSet<>();
        digests.forEach(digest -> addBelow(digest, below));
        return below;
    }

    private void addBelow(Digest digest, Set<Digest> below) {
        try {
            Manifest manifest = read(digest);
            for (Descriptor each : manifest.isIndex() ? manifest.entries() : List.<Descriptor>of()) {
                if (below.add(each.digest())) {
                    addBelow(each.digest(), below);
                }
            }
        } catch (IOException e) {
            // it leads nowhere that can be known
        }
    }

    /** Tells whether one of these manifests needs a blob. */
    boolean need(Set<Digest> digests, Digest blob) {
        for (Digest digest : digests) {
            try {
                Manifest manifest = read(digest);
                if (!manifest.isIndex() && manifest.blobs().stream().anyMatch(each -> each.digest().equals(blob))) {
                    return true;
                }
            } catch (IOException e) {
                // it needs nothing that can be known
            }
        }
        return false;
    }

    /** Returns what has to be here before a manifest; throws WrongContentException if it is malformed. */
    static List<Descriptor> needed(Manifest manifest) throws WrongContentException {
        return manifest.isIndex() ? manifest.entries() : manifest.blobs();
    }

    /** Throws RefusedException if something is not here that a manifest needs, but for layers that it says to fetch from elsewhere. */
    void requireParts(Manifest manifest) throws IOException {
        for (Descriptor each : needed(manifest)) {
            try {
                Descriptor found = each.urls().isEmpty() ? ServedBlob.in(layout, each.digest()) : each;
                if (found.size() != each.size()) {
                    throw new RefusedException(400, "MANIFEST_INVALID", each.digest() + " has " + found.size() + " bytes, not " + each.size() + " as the manifest says");
                }
            } catch (NotFoundException e) {
                throw new RefusedException(404, "MANIFEST_BLOB_UNKNOWN", "the manifest needs " + each.digest() + ", which is not here: push that first");
            }
        }
    }
}
