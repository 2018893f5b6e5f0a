package lib.verb.attestation;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import lib.failure.WrongContentException;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * The two forms that lists of what is in an image have.
 *
 * @see <a href="https://spdx.github.io/spdx-spec/v2.3/">SPDX</a>
 * @see <a href="https://cyclonedx.org/specification/overview/">CycloneDX</a>
 */
public enum SbomFormat {
    SPDX("SPDX"), CYCLONEDX("CycloneDX");

    private static final int BEGIN = 4096;

    private final String title;

    SbomFormat(String title) {
        this.title = title;
    }

    /** Returns the format of this name, in any case of its letters; throws IllegalArgumentException for another one. */
    public static SbomFormat parse(String name) {
        for (SbomFormat format : values()) {
            if (format.title.equalsIgnoreCase(name)) {
                return format;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is not an SBOM format: use spdx or cyclonedx");
    }

    /** Returns the format that a media type or the type of a predicate names; null if it names none. */
    public static @Nullable SbomFormat ofType(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return lower.contains("spdx") ? SPDX : lower.contains("cyclonedx") ? CYCLONEDX : null;
    }

    /** Returns the format that a document in JSON has; null if it is something else. */
    static @Nullable SbomFormat of(JsonNode document) {
        if (document.path("spdxVersion").isTextual() || document.path("@context").asText().contains("spdx.org")) {
            return SPDX;
        }
        return document.path("bomFormat").asText().equals("CycloneDX") ? CYCLONEDX : null;
    }

    /** Does the same for the bytes of a document, which may also be XML or lines of tags and values; throws WrongContentException for something else. */
    static SbomFormat of(byte[] document) throws WrongContentException {
        String begin = new String(document, 0, Math.min(document.length, BEGIN), StandardCharsets.UTF_8).strip();
        SbomFormat format = begin.startsWith("{") ? of(Json.exact(document, "the SBOM"))
                : begin.startsWith("<") && begin.contains("cyclonedx.org/schema/bom") ? CYCLONEDX
                : begin.contains("SPDXVersion:") ? SPDX : null;
        if (format == null) {
            throw new WrongContentException("it is neither SPDX nor CycloneDX, though it is said to be");
        }
        return format;
    }

    @Override
    public String toString() {
        return title;
    }
}
