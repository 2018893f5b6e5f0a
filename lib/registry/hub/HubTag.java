package lib.registry.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import lib.image.Platform;

/**
 * A tag as Docker Hub describes it.
 *
 * @param json the Hub's own words
 */
public record HubTag(ObjectNode json) {
    /** One of the images that a tag may point to, with its compressed size in bytes. */
    public record Image(Platform platform, long size) { }

    /** Returns the tag's name. */
    public String name() {
        return json.path("name").asText();
    }

    /** Returns the day on which the tag was last pushed, as {@code 2025-01-31}; "" if Docker Hub does not say. */
    public String day() {
        String time = json.path("tag_last_pushed").asText(json.path("last_updated").asText());
        return time.substring(0, Math.min(10, time.length()));
    }

    /** Returns what the tag may point to, without attestations, which are for no platform. */
    public List<Image> images() {
        List<Image> images = new ArrayList<>();
        for (JsonNode image : json.path("images")) {
            if (!image.path("os").asText("unknown").equals("unknown")) {
                Platform platform = new Platform(image.path("os").asText(), image.path("architecture").asText(), image.path("variant").asText(""), image.path("os_version").asText(""));
                images.add(new Image(platform, image.path("size").asLong()));
            }
        }
        return images;
    }

    /** Returns whether one of its images runs on a platform. */
    public boolean has(Platform platform) {
        return images().stream().anyMatch(image -> platform.takes(image.platform()));
    }
}
