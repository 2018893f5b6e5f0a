package lib.verb.attestation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Referrer;
import lib.text.Json;

/**
 * Something that is stated of an image: what is in it, how it was built. Nothing of it is to be believed before its envelope is verified.
 *
 * @param subject  the manifest or index that it is attached to
 * @param platform what that runs on, as its index says; "" for an index, and where it is not said
 * @param place    where it was found
 * @param tag      cosign's tag that it lies under; "" elsewhere
 * @param manifest the digest of the manifest that has it
 * @param blob     the attestation itself
 * @param form     how it is packed, as its media type says
 * @param type     what it says that it states, such as {@code https://spdx.dev/Document}; of a bare document its media type; "" where it is not said
 */
public record Attestation(Digest subject, String platform, Place place, String tag, Digest manifest, Descriptor blob, Form form, String type) {
    /** Where an attestation may be. */
    public enum Place {
        /** A manifest beside the image in its index, as BuildKit writes it. */
        INDEX,
        /** A manifest whose subject the image is. */
        REFERRERS,
        /** A tag that is made of the image's digest, as cosign's {@code .att} and {@code .sbom}. */
        TAG;

        /** Returns its name, as output has it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How an attestation may be packed. */
    public enum Form {
        /** A document alone, such as an SBOM. */
        DOCUMENT,
        /** A statement by in-toto, which says what it is about. */
        STATEMENT,
        /** A statement with signatures (DSSE). */
        ENVELOPE,
        /** An envelope with what is needed to verify it (Sigstore). */
        BUNDLE;

        static Form of(String mediaType) {
            if (mediaType.startsWith(Referrer.BUNDLE)) {
                return BUNDLE;
            }
            return mediaType.contains("dsse") ? ENVELOPE : mediaType.contains("in-toto") ? STATEMENT : DOCUMENT;
        }
    }

    /** Returns what is stated of what, and where it was found. */
    @Override
    public String toString() {
        return (type.isEmpty() ? "unknown type" : type) + " of " + subject + (platform.isEmpty() ? "" : " (" + platform + ")") + ", " + (isSigned() ? "in an envelope" : "not signed")
                + ": " + blob.digest() + ", found by " + place.word();
    }

    /** Returns whether it is in an envelope with signatures. Whether one of these is right is another question. */
    public boolean isSigned() {
        return form == Form.ENVELOPE || form == Form.BUNDLE;
    }

    /** Returns all of this as JSON. */
    ObjectNode json() {
        ObjectNode json = Json.newObject().put("subject", subject.toString());
        if (!platform.isEmpty()) {
            json.put("platform", platform);
        }
        json.put("foundIn", place.word());
        if (!tag.isEmpty()) {
            json.put("tag", tag);
        }
        json.put("manifest", manifest.toString()).put("mediaType", blob.mediaType()).put("digest", blob.digest().toString()).put("size", blob.size());
        if (form != Form.DOCUMENT) {
            json.put("predicateType", type);
        }
        return json.put("signed", isSigned());
    }

    boolean isSame(Attestation other) {
        return subject.equals(other.subject) && manifest.equals(other.manifest) && blob.digest().equals(other.blob.digest());
    }
}
