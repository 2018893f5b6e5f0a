package lib.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import lib.failure.WrongContentException;
import lib.text.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * What points at content: its media type, its digest and its size in bytes, so that it can be checked on arrival.
 * The platform is null if none is given; {@code json} is the descriptor as it was written.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md">image-spec, Content Descriptors</a>
 */
public record Descriptor(String mediaType, Digest digest, long size, @Nullable Platform platform, @Nullable ObjectNode json) {
    /** Manifests and configs are short texts; one longer than this, in bytes, is refused to protect memory. */
    public static final int LONGEST_MANIFEST = 8 * 1024 * 1024;

    /** Reads a descriptor; {@code what} names it in the WrongContentException that is thrown when a part is missing or malformed. */
    public static Descriptor of(JsonNode json, String what) throws WrongContentException {
        if (!(json instanceof ObjectNode object)) {
            throw new WrongContentException(what + " is not a descriptor: " + (json.isNull() || json.isMissingNode() ? "there is nothing" : PlainText.line(json.toString())));
        }
        JsonNode size = object.path("size");
        if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
            throw new WrongContentException(what + " has no proper size: " + (size.isNull() || size.isMissingNode() ? "there is none" : PlainText.line(size.toString())));
        }
        try {
            Digest digest = Digest.parse(object.path("digest").asText());
            return new Descriptor(object.path("mediaType").asText(), digest, size.longValue(), platform(object.path("platform")), object);
        } catch (IllegalArgumentException e) {
            throw new WrongContentException(what + ": " + e.getMessage(), e);
        }
    }

    /** Returns how many bytes these have together; throws WrongContentException if that is more than a long can hold. */
    public static long total(Iterable<Descriptor> all) throws WrongContentException {
        long total = 0;
        for (Descriptor one : all) {
            if (one.size > Long.MAX_VALUE - total) {
                throw new WrongContentException("the sizes of the blobs add up to more than " + Long.MAX_VALUE + " bytes: refused");
            }
            total += one.size;
        }
        return total;
    }

    private static @Nullable Platform platform(JsonNode json) {
        Platform platform = new Platform(json.path("os").asText(), json.path("architecture").asText(), json.path("variant").asText(), json.path("os.version").asText());
        return platform.os().isEmpty() || platform.architecture().isEmpty() ? null : platform; // the image's config tells then
    }

    /** Returns the places outside the registry where a foreign layer may be had, mostly none. */
    public List<String> urls() {
        List<String> urls = new ArrayList<>();
        if (json == null) {
            return urls;
        }
        json.path("urls").forEach(url -> urls.add(url.asText()));
        return urls;
    }

    /** Returns whether this entry of an index is not an image but a note about one, which build tools put beside it. */
    public boolean isAttestation() {
        return json.path("annotations").path("vnd.docker.reference.type").asText().equals("attestation-manifest");
    }

    /** Returns the digest of the image that such a note is about, as it stands there; "" where it does not say. */
    public String attested() {
        return isAttestation() ? json.path("annotations").path("vnd.docker.reference.digest").asText() : "";
    }

    /** Returns what a person wants to know of it, in one line. */
    @Override
    public String toString() {
        return digest + ", " + size + " bytes, " + PlainText.line(mediaType) + (platform == null ? "" : ", " + platform);
    }

    // As in Digest: what a record brings is linked at run time, which takes some milliseconds of each start, and would hash all of the JSON.
    @Override
    public boolean equals(Object other) {
        return other instanceof Descriptor descriptor && digest.equals(descriptor.digest) && size == descriptor.size && mediaType.equals(descriptor.mediaType)
                && Objects.equals(platform, descriptor.platform) && Objects.equals(json, descriptor.json);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }
}
