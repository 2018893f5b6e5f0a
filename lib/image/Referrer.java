package lib.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import lib.failure.WrongContentException;

/**
 * A manifest that refers to another one: a signature, an attestation, a list of contents.
 *
 * @param subject    the manifest that it refers to
 * @param descriptor points at it, with the annotations and the artifact type that it is listed with; nothing is to be believed of these
 * @param manifest   checked against the descriptor's digest
 * @param tag        the tag that it lies under, which is made of the subject's digest, such as {@code sha256-HEX.sig}; "" where its subject alone leads to it
 * @param depth      1 for what refers to the image, 2 for what refers to that, and so on
 * @param below      what it leads to where it is an index, each once; they travel with it
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md">image-spec, subject</a>
 */
public record Referrer(Digest subject, Descriptor descriptor, Manifest manifest, String tag, int depth, List<Manifest> below) {
    /** Signatures by cosign, one a layer: the signed text is the layer, the signature an annotation of it. */
    public static final String SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
    /** A signature or an attestation in one JSON, of whatever version. */
    public static final String BUNDLE = "application/vnd.dev.sigstore.bundle";
    public static final String NOTATION = "application/vnd.cncf.notary.signature";
    /** cosign's older form of signatures, attestations and lists of contents as referrers: {@code sig}, {@code att} or {@code sbom} and the version follow. */
    private static final String COSIGNS = "application/vnd.dev.cosign.artifact.";
    /** What cosign says in a bundle that signs an image and states nothing else. */
    static final String SIGNED = "https://sigstore.dev/cosign/sign/v1";

    /** What it says that it is. */
    public enum Kind { SIGNATURE, ATTESTATION, SBOM, OTHER }

    /** One that is not an index, or whose own manifest is all that matters. */
    public Referrer(Digest subject, Descriptor descriptor, Manifest manifest, String tag, int depth) {
        this(subject, descriptor, manifest, tag, depth, List.of());
    }

    /**
     * One that lies under a tag.
     *
     * @throws WrongContentException if the manifest's own descriptor is malformed
     */
    public Referrer(Digest subject, Manifest manifest, String tag) throws WrongContentException {
        this(subject, Descriptor.of(manifest.descriptor(), tag), manifest, tag, 1);
    }

    /** Returns what it says that it is, by its tag, its types and its annotations. None of these is signed. */
    public Kind kind() {
        String type = manifest.artifactType();
        if (tag.endsWith(".sig") || type.equals(SIMPLE_SIGNING) || type.equals(NOTATION) || type.equals(COSIGNS + "sig.v1+json")) {
            return Kind.SIGNATURE;
        }
        String predicate = predicateType();
        if (type.startsWith(BUNDLE) && (predicate.isEmpty() || predicate.equals(SIGNED))) {
            return Kind.SIGNATURE;
        }
        if (tag.endsWith(".sbom") || type.startsWith(COSIGNS + "sbom") || isSbom(type) || isSbom(predicate)) {
            return Kind.SBOM;
        }
        boolean isAttestation = tag.endsWith(".att") || type.startsWith(COSIGNS + "att") || type.startsWith(BUNDLE) || type.contains("in-toto") || type.contains("dsse");
        return isAttestation ? Kind.ATTESTATION : Kind.OTHER;
    }

    private static boolean isSbom(String type) {
        return type.contains("spdx") || type.contains("cyclonedx") || type.contains("syft");
    }

    /** Returns how many it holds: under one of cosign's tags, a signature or an attestation a layer. */
    public int count() {
        return tag.endsWith(".sig") || tag.endsWith(".att") ? Math.max(1, manifest.json().path("layers").size()) : 1;
    }

    /** Returns its artifact type, as a list of referrers has it; for cosign's older signatures the type of what is signed. */
    public String artifactType() {
        String type = manifest.artifactType();
        return type.isEmpty() ? manifest.referrer().path("artifactType").asText() : type;
    }

    /** Returns its manifest, and where that is an index what it leads to, an index before what is in it. */
    public List<Manifest> manifests() {
        List<Manifest> all = new ArrayList<>(List.of(manifest));
        all.addAll(below);
        return all;
    }

    /**
     * Returns the blobs of all of these, each once.
     *
     * @throws WrongContentException if a list in one of the manifests is malformed
     */
    public List<Descriptor> blobs() throws WrongContentException {
        return manifest.isSchema1() ? List.of() : new ManifestTree(manifest, below).blobs();
    }

    /** Returns which kind of statement it says that it makes, such as {@code https://spdx.dev/Document}; "" where it does not say. */
    public String predicateType() {
        return predicateType(manifest.json(), manifest.json().path("layers").path(0));
    }

    /** Returns the same as the annotations of a manifest, or of one of its layers, say; the first that has it counts. */
    public static String predicateType(JsonNode... annotated) {
        for (JsonNode one : annotated) {
            for (String key : new String[] {"dev.sigstore.bundle.predicateType", "in-toto.io/predicate-type", "predicateType"}) {
                String type = one.path("annotations").path(key).asText();
                if (!type.isEmpty()) {
                    return type;
                }
            }
        }
        return "";
    }
}
