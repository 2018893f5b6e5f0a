package lib.verb.attestation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lib.failure.NoSignatureException;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;
import lib.trust.Trust;
import org.jspecify.annotations.Nullable;

/**
 * A list of what is in an image, a software bill of materials, that is attached to it.
 *
 * @param image       the image
 * @param attestation where it is
 */
public record Sbom(AttestedImage image, Attestation attestation) {
    /** More are not verified. */
    private static final int MOST = 50;
    private static final long MOST_BYTES = 2L * AttestationContent.LONGEST;
    private static final int MOST_REASONS = 3;

    /**
     * The document itself.
     *
     * @param bytes   as they were attached or, out of a statement, JSON on one line
     * @param warning what is odd about it, a sentence; "" mostly
     */
    public record Document(Sbom sbom, SbomFormat format, byte[] bytes, String warning) { }

    /**
     * Returns the SBOMs of images, each once, by what they say that they are.
     *
     * @param format the one that is wanted; null for any
     * @param digest how the digest of the attestation, or of its manifest, has to begin, with or without {@code sha256:}; null for any
     */
    public static List<Sbom> of(List<AttestedImage> images, @Nullable SbomFormat format, @Nullable String digest) {
        List<Sbom> all = new ArrayList<>();
        for (AttestedImage image : images) {
            for (Attestation attestation : image.attestations()) {
                SbomFormat is = SbomFormat.ofType(attestation.type());
                boolean isWanted = is != null && (format == null || format == is)
                        && (digest == null || begins(attestation.blob().digest().toString(), digest) || begins(attestation.manifest().toString(), digest));
                if (isWanted && all.stream().noneMatch(other -> other.attestation.blob().digest().equals(attestation.blob().digest()))) {
                    all.add(new Sbom(image, attestation));
                }
            }
        }
        return all;
    }

    private static boolean begins(String digest, String wanted) {
        return digest.startsWith(wanted) || digest.substring(digest.indexOf(':') + 1).startsWith(wanted);
    }

    /** Returns the format that it says that it has. */
    public SbomFormat format() {
        SbomFormat format = SbomFormat.ofType(attestation.type());
        if (format == null) {
            throw new IllegalStateException("an attestation that is no SBOM");
        }
        return format;
    }

    /**
     * Fetches the document, and takes it out of what it is packed in. Nobody knows who made it.
     *
     * @throws WrongContentException if it is not what it says, or too long
     * @throws RegistryException     if the registry does not give it
     */
    public Document document() throws IOException {
        try {
            return document(content());
        } catch (WrongContentException e) {
            throw new WrongContentException("the SBOM " + attestation.blob().digest() + ": " + e.getMessage(), e);
        }
    }

    private AttestationContent content() throws IOException {
        return AttestationContent.of(image.blobs().bytes(attestation.blob(), AttestationContent.LONGEST));
    }

    private Document document(AttestationContent content) throws WrongContentException {
        byte[] bytes = content.sbom();
        List<String> subjects = content.subjects();
        boolean isOfAnother = !subjects.isEmpty() && image.subjects().stream().noneMatch(subject -> subjects.contains(subject.toString()));
        return new Document(this, SbomFormat.of(bytes), bytes, isOfAnother ? "the SBOM is attached to this image, but says that it is about another one, " + subjects.get(0) : "");
    }

    /**
     * Returns the documents of those that somebody who is trusted signed, and that are about the image they are attached to.
     *
     * @param name what to call the image in messages
     * @throws NoSignatureException    if none is signed
     * @throws WrongSignatureException if some are, and none of them is right
     * @throws RegistryException       if the registry fails
     */
    public static List<Document> verified(List<Sbom> sboms, Trust trust, String name) throws IOException {
        List<Document> right = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        List<Sbom> signed = sboms.stream().filter(sbom -> sbom.attestation.isSigned()).toList();
        long bytes = 0;
        for (Sbom sbom : signed) {
            try {
                bytes += Math.min(sbom.attestation.blob().size(), MOST_BYTES);
                if (right.size() + wrong.size() == MOST || bytes > MOST_BYTES) {
                    wrong.add("more than " + MOST + " SBOMs, or than " + MOST_BYTES + " bytes of them, are there: the rest is not looked at");
                    break;
                }
                AttestationContent content = sbom.content();
                content.verify(trust, sbom.image.subjects());
                right.add(sbom.document(content));
            } catch (WrongSignatureException | WrongContentException | NotFoundException e) {
                wrong.add("the attestation " + sbom.attestation.blob().digest() + ": " + e.getMessage());
            } catch (RegistryException e) {
                if (e.status() != 404) {
                    throw e;
                }
                wrong.add(e.getMessage());
            }
        }
        if (right.isEmpty() && signed.isEmpty()) {
            throw new NoSignatureException(name + " has no signed SBOM, but " + sboms.size() + (sboms.size() == 1 ? " that is not signed" : " that are not signed"));
        }
        if (right.isEmpty()) {
            throw new WrongSignatureException(name + ": no signature of an SBOM is right: " + String.join("; ", wrong.subList(0, Math.min(MOST_REASONS, wrong.size())))
                    + (wrong.size() > MOST_REASONS ? "; and " + (wrong.size() - MOST_REASONS) + " more" : ""));
        }
        return right;
    }
}
