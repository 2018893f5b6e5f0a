package lib.verb;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/** docker load goes by a list of its own, manifest.json, where containerd and podman go by index.json: an archive must not have two meanings. */
public final class DockersList {
    private static final String NAME = "manifest.json";

    private final Set<String> images = new HashSet<>();

    /** Adds an image that index.json leads to; throws WrongContentException if its manifest is malformed. */
    public void add(Manifest image) throws WrongContentException {
        List<String> layers = new ArrayList<>();
        for (Descriptor layer : image.layers()) {
            layers.add(ImageStore.path(layer.digest()));
        }
        images.add(ImageStore.path(image.config().digest()) + " " + String.join(" ", layers));
    }

    /**
     * Returns the path of the config of an image that docker would load of this and that was not added, or the name of its older list if only that is there.
     *
     * @param names the full names of the images that matter, null for all
     * @return null if there is none
     * @throws WrongContentException if the list cannot be read
     */
    public @Nullable String other(ImageStore store, @Nullable Collection<String> names) throws IOException {
        if (Files.isDirectory(store.path()) && !Files.exists(store.path().resolve("index.json"))) {
            return null; // skopeo has a manifest under that name
        }
        byte[] list = bytes(store, NAME);
        if (list.length == 0 && bytes(store, "repositories").length > 0) {
            return "repositories";
        }
        for (JsonNode image : list.length == 0 ? Json.newArray() : Json.array(list, NAME + " of " + store.path())) {
            List<String> layers = new ArrayList<>();
            image.path("Layers").forEach(layer -> layers.add(layer.asText()));
            String config = image.path("Config").asText();
            if (isOneOf(names, image.path("RepoTags")) && !images.contains(config + " " + String.join(" ", layers))) {
                return config;
            }
        }
        return null;
    }

    private static boolean isOneOf(@Nullable Collection<String> names, JsonNode tags) {
        for (JsonNode tag : tags) {
            if (names != null && names.contains(full(tag.asText()))) {
                return true;
            }
        }
        return names == null;
    }

    private static String full(String tag) {
        try {
            return String.valueOf(Reference.parse(tag).taggedName());
        } catch (IllegalArgumentException e) {
            return tag; // docker does not load it under that
        }
    }

    private static byte[] bytes(ImageStore store, String name) throws IOException {
        try (InputStream in = store.file(name)) {
            return in.readNBytes(Manifest.LONGEST);
        } catch (NotFoundException e) {
            return new byte[0];
        }
    }
}
