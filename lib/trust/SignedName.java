package lib.trust;

import com.fasterxml.jackson.databind.JsonNode;
import lib.image.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Which name a signer has to have signed an image under: {@code signedIdentity} of containers-policy.json.
 *
 * @param type  such as {@code matchRepository}
 * @param names what the type needs besides, such as {@code dockerRepository}
 * @see <a href="https://github.com/containers/image/blob/v5.30.0/docs/containers-policy.json.5.md#signedby">containers-policy.json, signedIdentity</a>
 */
public record SignedName(String type, JsonNode names) {
    /** Returns whether this is a type that is known. */
    boolean isKnown() {
        return switch (type) {
            case "matchExact", "matchRepoDigestOrExact", "matchRepository" -> true;
            case "exactReference" -> isName("dockerReference");
            case "exactRepository" -> isName("dockerRepository");
            case "remapIdentity" -> names.path("prefix").isTextual() && names.path("signedPrefix").isTextual();
            default -> false;
        };
    }

    private boolean isName(String key) {
        return parsed(names.path(key).asText(null)) != null;
    }

    /** Returns whether an image of this name may be one that was signed under that name; null if none was signed. */
    public boolean matches(Reference image, @Nullable String signed) {
        Reference name = parsed(signed);
        if (name == null) {
            return false;
        }
        return switch (type) {
            case "matchExact" -> image.digest() == null && isSame(image, signed, true); // by a digest, a name with a tag is another one
            case "matchRepoDigestOrExact" -> isSame(image, signed, image.digest() == null);
            case "matchRepository" -> isSameRepository(image, name);
            case "exactReference" -> isSame(Reference.parse(names.path("dockerReference").asText()), signed, true);
            case "exactRepository" -> isSameRepository(Reference.parse(names.path("dockerRepository").asText()), name);
            default -> isSame(remapped(image), signed, image.digest() == null);
        };
    }

    /** A name without a tag names a repository only: it is exactly no image's. */
    private static boolean isSame(@Nullable Reference image, String signed, boolean wantsTag) {
        Reference name = parsed(signed);
        boolean hasTag = signed.substring(signed.lastIndexOf('/') + 1).contains(":");
        return image != null && name != null && isSameRepository(image, name) && (!wantsTag || hasTag && name.tag() != null && name.tag().equals(image.tag()));
    }

    private static boolean isSameRepository(Reference one, Reference other) {
        return one.registry().equals(other.registry()) && one.repository().equals(other.repository());
    }

    private @Nullable Reference remapped(Reference image) {
        String repository = image.registry() + "/" + image.repository();
        String prefix = names.path("prefix").asText();
        boolean isBelow = repository.equals(prefix) || repository.startsWith(prefix + "/");
        return isBelow ? parsed(names.path("signedPrefix").asText() + repository.substring(prefix.length()) + (image.tag() == null ? "" : ":" + image.tag())) : image;
    }

    private static @Nullable Reference parsed(@Nullable String name) {
        try {
            return name == null ? null : Reference.parse(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
