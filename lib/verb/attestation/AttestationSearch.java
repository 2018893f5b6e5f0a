package lib.verb.attestation;

import java.io.IOException;
import java.util.ArrayList;
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
import lib.image.ManifestTree;
import lib.image.MediaType;
import lib.image.Origin;
import lib.image.Referrer;
import lib.trust.Statement;
import lib.verb.referrers.ImageReferrers;

/**
 * Looks for attestations of images: BuildKit's beside them in their index, what refers to them, and what lies under cosign's tags.
 *
 * @see <a href="https://github.com/moby/buildkit/blob/v0.17.0/docs/attestations/attestation-storage.md">BuildKit, Image Attestation Storage</a>
 */
final class AttestationSearch {
    /** More attestations of one image are not listed. */
    private static final int MOST = 1000;
    /** More images of one index are not looked at. */
    private static final int MOST_SUBJECTS = 100;
    /** As much is read, in bytes together, of those that do not say outside what they state. */
    private static final long MOST_BYTES = 32L * 1024 * 1024;
    private static final int DEEPEST = 4;
    private static final List<String> ENDINGS = List.of(".att", ".sbom");

    private final ManifestTree.Source source;
    private final ImageReferrers referrers;
    private final Map<Digest, String> platforms = new LinkedHashMap<>();
    private final List<Note> notes = new ArrayList<>();
    private final List<Attestation> found = new ArrayList<>();
    private final Set<String> left = new LinkedHashSet<>();
    private long bytes;

    AttestationSearch(ManifestTree.Source source, ImageReferrers referrers) {
        this.source = source;
        this.referrers = referrers;
    }

    /** An entry of an index that is a note about an image there. */
    private record Note(Digest subject, Descriptor entry) { }

    /** Looks for those of an image, and of the indexes that lead to it. */
    void add(Manifest image, List<Manifest> above) throws WrongContentException {
        platforms.putIfAbsent(image.digest(), "");
        for (Manifest index : above) {
            platforms.putIfAbsent(index.digest(), "");
            for (Descriptor entry : index.entries()) {
                if (image.digest().toString().equals(entry.attested())) {
                    addNote(image.digest(), entry);
                } else if (entry.digest().equals(image.digest()) && entry.platform() != null) {
                    platforms.put(image.digest(), entry.platform().toString());
                }
            }
        }
    }

    /** Looks for those of an index, and of all that it leads to. */
    void addAll(Manifest root) throws IOException {
        platforms.putIfAbsent(root.digest(), "");
        addBelow(root, 1);
    }

    private void addBelow(Manifest index, int depth) throws IOException {
        for (Descriptor entry : index.isIndex() ? index.entries() : List.<Descriptor>of()) {
            if (platforms.size() == MOST_SUBJECTS) {
                left.add("the index leads to more than " + MOST_SUBJECTS + " images: the rest is not looked at");
                return;
            }
            if (entry.isAttestation()) {
                try {
                    addNote(Digest.parse(entry.attested()), entry);
                } catch (IllegalArgumentException e) {
                    left.add("the attestations in " + entry.digest() + " are left out, because their entry does not say which image they belong to");
                }
            } else if (MediaType.mayBeManifest(entry.mediaType())) {
                platforms.putIfAbsent(entry.digest(), entry.platform() == null ? "" : entry.platform().toString());
                if (MediaType.isIndex(entry.mediaType()) && depth < DEEPEST && source.hasAny(entry)) {
                    addBelow(source.manifest(entry), depth + 1);
                }
            }
        }
    }

    private void addNote(Digest subject, Descriptor entry) {
        if (notes.size() == ImageReferrers.MOST) {
            left.add("the index lists more than " + notes.size() + " manifests of attestations: the rest is not looked at");
        } else if (notes.stream().noneMatch(note -> note.subject.equals(subject) && note.entry.digest().equals(entry.digest()))) {
            notes.add(new Note(subject, entry));
        }
    }

    /**
     * Returns what there is.
     *
     * @throws RegistryException if the registry does not say what refers to the image
     */
    AttestedImage find(Origin origin) throws IOException {
        referrers.fetch(notes.stream().map(Note::entry).filter(source::hasAny).toList());
        for (Note note : notes) {
            if (!source.hasAny(note.entry)) {
                left.add("the attestations in " + note.entry.digest() + " are missing here, though the index lists them");
                continue;
            }
            try {
                addManifest(new Referrer(note.subject, note.entry, referrers.manifest(note.entry), "", 1), Attestation.Place.INDEX);
            } catch (WrongContentException | NotFoundException | RegistryException e) {
                leave(note.entry, e);
            }
        }
        ImageReferrers.Found referring = referrers.direct(platforms.keySet(), ENDINGS);
        left.addAll(referring.left());
        for (Referrer referrer : referring.referrers()) {
            try {
                addManifest(referrer, referrer.tag().isEmpty() ? Attestation.Place.REFERRERS : Attestation.Place.TAG);
            } catch (WrongContentException e) {
                leave(referrer.descriptor(), e);
            }
        }
        return new AttestedImage(origin, Set.copyOf(platforms.keySet()), List.copyOf(found), List.copyOf(left), referrers);
    }

    /** What cannot be read is left out and told; but if a registry fails, it is unknown what it has. */
    private void leave(Descriptor what, IOException why) throws IOException {
        if (why instanceof RegistryException e && e.status() != 404) {
            throw why;
        }
        left.add("the attestation " + what.digest() + ": " + why.getMessage());
    }

    private void addManifest(Referrer referrer, Attestation.Place place) throws IOException {
        if (referrer.manifest().isIndex() || referrer.manifest().isSchema1()) {
            return;
        }
        for (Descriptor layer : referrer.manifest().layers()) {
            Attestation.Form form = Attestation.Form.of(layer.mediaType());
            String type = form == Attestation.Form.DOCUMENT ? documentType(referrer, layer, place) : predicateType(referrer, layer);
            boolean isAttestation = form == Attestation.Form.DOCUMENT ? !type.isEmpty() : !type.equals(Statement.SIGNED);
            if (isAttestation && found.size() == MOST) {
                left.add("more than " + MOST + " attestations are there: the rest is not looked at");
                return;
            }
            Attestation one = new Attestation(referrer.subject(), platforms.getOrDefault(referrer.subject(), ""), place, referrer.tag(), referrer.manifest().digest(), layer, form, type);
            if (isAttestation && found.stream().noneMatch(one::isSame)) {
                found.add(one);
            }
        }
    }

    /** Returns the type of a bare document; "" where it is none that says something of an image. */
    private static String documentType(Referrer referrer, Descriptor layer, Attestation.Place place) {
        if (SbomFormat.ofType(layer.mediaType()) != null) {
            return layer.mediaType();
        }
        Referrer.Kind kind = referrer.kind();
        if (kind == Referrer.Kind.SBOM && SbomFormat.ofType(referrer.artifactType()) != null) {
            return referrer.artifactType();
        }
        return kind == Referrer.Kind.SBOM || kind == Referrer.Kind.ATTESTATION || place == Attestation.Place.INDEX ? layer.mediaType() : "";
    }

    private String predicateType(Referrer referrer, Descriptor layer) throws IOException {
        String stated = Referrer.predicateType(layer.json(), referrer.manifest().json());
        if (!stated.isEmpty()) {
            return stated;
        }
        try {
            if (layer.size() > MOST_BYTES - bytes) {
                throw new WrongContentException("it does not say outside what it states, and is too long to be looked into");
            }
            bytes += layer.size();
            return AttestationContent.of(referrers.bytes(layer, AttestationContent.LONGEST)).predicateType();
        } catch (WrongContentException | NotFoundException | RegistryException e) {
            leave(layer, e);
            return "";
        }
    }
}
