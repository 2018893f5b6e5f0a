package lib.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * The {@code image} key, which joins the stages of a pipe: where the JSON beside it came from.
 * Whatever is not known yet is null: the digest before the manifest was fetched, the layout before the blobs were.
 *
 * @param reference the image's name, as it was asked for
 * @param endpoint  the address of the registry or mirror that answered, such as {@code https://registry-1.docker.io}
 * @param digest    the digest of the manifest that was chosen
 * @param platform  the platform that it is for, where an index said so
 * @param layout    the folder that holds the blobs
 * @param archive   the file that holds the whole image
 */
public record Origin(Reference reference, @Nullable String endpoint, @Nullable Digest digest, @Nullable Platform platform, @Nullable String layout, @Nullable String archive) {
    /** Of an image that is in no archive. */
    public Origin(Reference reference, @Nullable String endpoint, @Nullable Digest digest, @Nullable Platform platform, @Nullable String layout) {
        this(reference, endpoint, digest, platform, layout, null);
    }

    /** Returns this origin as the value of the {@code image} key. */
    public ObjectNode toJson() {
        ObjectNode json = Json.newObject();
        json.put("name", reference.toString());
        json.put("registry", reference.registry());
        putIfKnown(json, "endpoint", endpoint);
        json.put("repository", reference.repository());
        putIfKnown(json, "tag", reference.tag());
        putIfKnown(json, "digest", digest);
        putIfKnown(json, "platform", platform);
        putIfKnown(json, "layout", layout);
        putIfKnown(json, "archive", archive);
        return json;
    }

    private static void putIfKnown(ObjectNode json, String key, Object value) {
        if (value != null) {
            json.put(key, value.toString());
        }
    }

    /**
     * Takes the {@code image} key out of a stage's JSON, which is then as the registry sent it.
     *
     * @throws IllegalArgumentException when there is no such key, or one that no stage wrote
     */
    public static Origin takeFrom(ObjectNode stage) {
        JsonNode json = stage.remove("image");
        if (json == null || !json.path("name").isTextual()) {
            throw new IllegalArgumentException("the JSON on stdin is not a stage's output: it has no \"image\" key with a name");
        }
        return new Origin(
                Reference.parse(json.path("name").asText()),
                json.path("endpoint").asText(null),
                json.hasNonNull("digest") ? Digest.parse(json.path("digest").asText()) : null,
                json.hasNonNull("platform") ? Platform.parse(json.path("platform").asText()) : null,
                json.path("layout").asText(null),
                json.path("archive").asText(null));
    }

    /** Returns the layout or the archive that the image is in, or null if it is in none. */
    public @Nullable String place() {
        return layout != null ? layout : archive;
    }

    /** Returns the same origin, whose blobs are in this layout or archive. */
    public Origin withLayout(String folder) {
        return new Origin(reference, endpoint, digest, platform, folder);
    }

    /** Returns the same origin of an image that is in this archive. */
    public Origin withArchive(String file) {
        return new Origin(reference, endpoint, digest, platform, null, file);
    }

    /** Returns the same origin with the digest of another manifest. */
    public Origin withDigest(Digest other) {
        return new Origin(reference, endpoint, other, platform, layout, archive);
    }
}
