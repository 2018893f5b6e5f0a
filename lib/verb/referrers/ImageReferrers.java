package lib.verb.referrers;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Referrer;
import lib.store.ImageStore;

/**
 * What refers to an image, wherever the image is: signatures, attestations, lists of contents, and what refers to these. Anybody who may write to a repository
 * may have anything refer to an image, so number, size and depth are bounded, and nothing of it is believed before it is verified.
 */
public final class ImageReferrers {
    /** As many are looked at, all together. */
    public static final int MOST = 200;
    /** The longest that their manifests may be, all together, in bytes. */
    public static final long MOST_BYTES = 32L * 1024 * 1024;
    /** A signature of an attestation of a list of contents of an image has the depth 3. */
    public static final int DEEPEST = 4;

    /** How cosign's tags end: of signatures, of attestations, of lists of contents. */
    public static final List<String> ENDINGS = List.of(".sig", ".att", ".sbom");

    private final ReferrerSource source;

    ImageReferrers(ReferrerSource source) {
        this.source = source;
    }

    /**
     * What was found.
     *
     * @param referrers what refers to the image before what refers to that
     * @param left      what could not be looked at or was too much, a sentence each
     */
    public record Found(List<Referrer> referrers, List<String> left) { }

    /**
     * What refers to images in a layout or an archive.
     *
     * @throws WrongContentException when index.json cannot be read
     */
    public static ImageReferrers of(ImageStore store) throws IOException {
        return new ImageReferrers(new StoreSource(store));
    }

    /** Returns what is referred to by something in a layout or an archive, whether it is there or not; empty for a registry, which does not list that. */
    public Set<Digest> subjects() {
        return source instanceof StoreSource stored ? stored.subjects() : Set.of();
    }

    /**
     * Returns what refers to manifests, and what refers to that, and so on: each manifest once for each that it refers to.
     *
     * @param roots mostly an index and the manifest that was chosen of it
     * @throws RegistryException if the registry does not say what refers to them
     */
    public Found all(Collection<Digest> roots) throws IOException {
        Found found = find(roots, ENDINGS, DEEPEST);
        List<Referrer> whole = new ArrayList<>();
        List<String> left = new ArrayList<>(found.left);
        for (Referrer referrer : found.referrers) {
            try {
                List<Manifest> below = below(referrer.manifest(), MOST - whole.stream().mapToInt(other -> other.below().size()).sum());
                whole.add(new Referrer(referrer.subject(), referrer.descriptor(), referrer.manifest(), referrer.tag(), referrer.depth(), below));
            } catch (WrongContentException | NotFoundException e) {
                left.add(e.getMessage());
            } catch (RegistryException e) {
                if (e.status() != 404) {
                    throw e;
                }
                left.add(e.getMessage());
            }
        }
        return new Found(List.copyOf(whole), List.copyOf(left));
    }

    /**
     * Returns what refers to a manifest itself, by the referrers API and under these of cosign's tags, such as {@code .sig}.
     *
     * @throws RegistryException if the registry does not say it
     * @throws IOException       if the store cannot be read
     */
    public Found direct(Digest subject, List<String> endings) throws IOException {
        return direct(List.of(subject), endings);
    }

    /**
     * Does the same for several manifests.
     *
     * @throws RegistryException if the registry does not say it
     * @throws IOException       if the store cannot be read
     */
    public Found direct(Collection<Digest> subjects, List<String> endings) throws IOException {
        return find(subjects, endings, 1);
    }

    private Found find(Collection<Digest> roots, List<String> endings, int deepest) throws IOException {
        List<Referrer> found = new ArrayList<>();
        Set<String> left = new LinkedHashSet<>();
        Deque<Referrer> queue = new ArrayDeque<>();
        Set<Digest> asked = new HashSet<>(roots);
        source.ask(roots, endings);
        for (Digest root : new LinkedHashSet<>(roots)) {
            addDirect(root, endings, 1, found, queue, left);
        }
        while (!queue.isEmpty()) {
            source.ask(queue.stream().filter(waiting -> waiting.depth() < deepest).map(waiting -> waiting.manifest().digest()).toList(), endings);
            Referrer next = queue.remove();
            if (next.depth() < deepest && asked.add(next.manifest().digest())) {
                addDirect(next.manifest().digest(), endings, next.depth() + 1, found, queue, left);
            }
        }
        return new Found(List.copyOf(found), List.copyOf(left));
    }

    private void addDirect(Digest subject, List<String> endings, int depth, List<Referrer> found, Deque<Referrer> queue, Set<String> left) throws IOException {
        long bytes = found.stream().mapToLong(referrer -> referrer.manifest().bytes().length).sum();
        List<String> unread = new ArrayList<>();
        for (ReferrerSource.Pointer pointer : source.pointers(subject, endings, unread)) {
            long size = pointer.descriptor().size();
            if (found.size() == MOST || size > MOST_BYTES - bytes) {
                left.add("more than " + (found.size() == MOST ? MOST + " manifests refer to the image" : MOST_BYTES + " bytes of manifests refer to the image") + ": the rest is not looked at");
                return;
            }
            bytes += size;
            boolean isThere = found.stream().anyMatch(other -> other.subject().equals(subject) && other.descriptor().digest().equals(pointer.descriptor().digest()));
            if (!isThere) {
                add(subject, pointer, depth, found, queue, left);
            }
        }
        left.addAll(unread);
    }

    private void add(Digest subject, ReferrerSource.Pointer pointer, int depth, List<Referrer> found, Deque<Referrer> queue, Set<String> left) throws IOException {
        try {
            Manifest manifest = source.manifest(pointer.descriptor());
            Referrer referrer = new Referrer(subject, pointer.descriptor(), manifest, pointer.tag(), depth);
            found.add(referrer);
            queue.add(referrer);
        } catch (WrongContentException | NotFoundException e) {
            left.add(e.getMessage());
        } catch (RegistryException e) {
            if (e.status() != 404) {
                throw e;
            }
            left.add(e.getMessage());
        }
    }

    /** Returns what an index leads to that refers to something, however deep: without that it is worth nothing. */
    private List<Manifest> below(Manifest referrer, int most) throws IOException {
        Map<Digest, Manifest> below = new LinkedHashMap<>();
        Deque<Manifest> queue = new ArrayDeque<>(List.of(referrer));
        long bytes = 0;
        while (!queue.isEmpty()) {
            Manifest next = queue.remove();
            List<Descriptor> entries = next.isIndex() ? next.entries() : List.of();
            source.fetch(entries);
            for (Descriptor entry : entries) {
                bytes += entry.size();
                if (below.size() == most || bytes > MOST_BYTES) {
                    throw new WrongContentException("the index " + referrer.digest() + ", which refers to the image, leads to too many manifests: left out");
                }
                Manifest one = source.manifest(entry);
                if (below.put(entry.digest(), one) == null) {
                    queue.add(one);
                }
            }
        }
        return List.copyOf(below.values());
    }

    /** Begins to ask what refers to a manifest, where that takes time. */
    public void ask(Digest manifest) {
        source.ask(List.of(manifest), ENDINGS);
    }

    /** Begins to fetch manifests that will be wanted, side by side. */
    public void fetch(Collection<Descriptor> manifests) {
        source.fetch(manifests);
    }

    /**
     * Returns a manifest from where these are, checked against its descriptor.
     *
     * @throws NotFoundException     if it is not there
     * @throws WrongContentException if it is not what its digest says
     * @throws RegistryException     if the registry does not give it
     */
    public Manifest manifest(Descriptor descriptor) throws IOException {
        return source.manifest(descriptor);
    }

    /**
     * Opens a blob of what was found. It is checked while it is read; how much of it is read is for the caller to bound.
     *
     * @throws NotFoundException if it is not there
     * @throws RegistryException if the registry does not give it
     */
    public InputStream blob(Descriptor blob) throws IOException {
        return source.blob(blob);
    }

    /**
     * Returns the bytes of a blob.
     *
     * @param most how many bytes it may have
     * @throws WrongContentException if it has more, or is not what its descriptor says
     * @throws RegistryException     if the registry does not give it
     */
    public byte[] bytes(Descriptor blob, int most) throws IOException {
        if (blob.size() > most) {
            throw new WrongContentException("the blob " + blob.digest() + " has " + blob.size() + " bytes: more than " + most + " are not read");
        }
        try (InputStream in = source.blob(blob)) {
            return in.readAllBytes();
        }
    }
}
