package lib.verb.referrers;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;

/** A registry or a store, which has what refers to manifests, and its blobs. */
interface ReferrerSource {
    /**
     * What is said to refer to a manifest. The manifest that does is not looked at yet.
     *
     * @param tag see {@link lib.image.Referrer#tag}
     */
    record Pointer(Descriptor descriptor, String tag) { }

    /** Begins to ask for what will be wanted of these, where asking takes time. */
    default void ask(Collection<Digest> subjects, List<String> endings) { }

    /**
     * Returns what refers to a manifest itself; an empty list where nothing does.
     *
     * @param endings of cosign's tags to look under, such as {@code .sig}
     * @param left    is told what could not be looked at, a sentence each
     */
    List<Pointer> pointers(Digest subject, List<String> endings, List<String> left) throws IOException;

    /** Begins to fetch manifests that will be wanted, where that takes time. */
    default void fetch(Collection<Descriptor> manifests) { }

    /** Returns the manifest, checked against the descriptor. */
    Manifest manifest(Descriptor descriptor) throws IOException;

    /** Opens a blob, which is checked while it is read. */
    InputStream blob(Descriptor blob) throws IOException;
}
