package lib.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import lib.failure.WrongContentException;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * Docker's first form of a manifest, which no engine of today loads. It has no config: what was known of the image when each layer was made
 * stands beside the layer's digest, newest first, as JSON in a string. Of that, a manifest and a config of today's form are made,
 * the same that Docker made of it when it pulled one.
 *
 * @param digests the layers that hold something, lowest first
 * @see <a href="https://distribution.github.io/distribution/spec/deprecated-schema-v1/">Image Manifest Version 2, Schema 1</a>
 */
public record Schema1(List<Digest> digests, ObjectNode newest, ArrayNode history) {
    private static final String[] NOT_OF_A_CONFIG = {"id", "parent", "parent_id", "layer_id", "Size", "throwaway"};

    /**
     * Reads a manifest of this form.
     *
     * @throws WrongContentException if its lists of layers and of history do not fit together, or are malformed
     */
    public static Schema1 of(Manifest manifest) throws WrongContentException {
        JsonNode layers = manifest.json().path("fsLayers");
        JsonNode entries = manifest.json().path("history");
        if (layers.size() == 0 || layers.size() != entries.size()) {
            throw new WrongContentException("the manifest " + manifest.digest() + " of schema 1 lists " + layers.size() + " layers, but " + entries.size() + " steps of history");
        }
        List<Digest> digests = new ArrayList<>();
        List<JsonNode> steps = new ArrayList<>();
        ObjectNode newest = null;
        for (int i = 0; i < layers.size(); i++) {
            ObjectNode step = Json.object(entries.get(i).path("v1Compatibility").asText().getBytes(StandardCharsets.UTF_8), "step " + (i + 1) + " of the manifest's history");
            newest = newest == null ? step : newest;
            steps.add(step(step));
            if (!isEmpty(step)) {
                digests.add(digest(layers.get(i).path("blobSum").asText(), i + 1));
            }
        }
        Collections.reverse(digests);
        Collections.reverse(steps);
        ArrayNode history = Json.newArray();
        return new Schema1(digests, newest, history.addAll(steps));
    }

    private static Digest digest(String text, int place) throws WrongContentException {
        try {
            return Digest.parse(text);
        } catch (IllegalArgumentException e) {
            throw new WrongContentException("layer " + place + " of the manifest: " + e.getMessage(), e);
        }
    }

    /** A step that changed no file has a layer too, always the same empty one: it is dropped. */
    private static boolean isEmpty(ObjectNode step) {
        return step.path("throwaway").asBoolean();
    }

    private static ObjectNode step(ObjectNode old) {
        ObjectNode step = Json.newObject().put("created", old.path("created").asText("0001-01-01T00:00:00Z"));
        List<String> command = new ArrayList<>();
        old.path("container_config").path("Cmd").forEach(word -> command.add(word.asText()));
        put(step, "author", old.path("author").asText());
        put(step, "created_by", String.join(" ", command));
        put(step, "comment", old.path("comment").asText());
        return isEmpty(old) ? step.put("empty_layer", true) : step;
    }

    private static void put(ObjectNode step, String key, String value) {
        if (!value.isEmpty()) {
            step.put(key, value);
        }
    }

    /**
     * Returns the bytes of a config, as Docker wrote it: the keys sorted, and characters escaped that mean something in HTML.
     *
     * @param diffIds the digests of the uncompressed layers, lowest first
     */
    public byte[] config(List<Digest> diffIds) {
        ObjectNode all = V1Config.isOld(newest) ? V1Config.of(newest) : newest.deepCopy();
        all.remove(List.of(NOT_OF_A_CONFIG));
        ObjectNode rootfs = Json.newObject().put("type", "layers");
        if (!diffIds.isEmpty()) {
            ArrayNode list = rootfs.putArray("diff_ids");
            diffIds.forEach(diffId -> list.add(diffId.toString()));
        }
        all.set("rootfs", rootfs);
        all.set("history", history);
        TreeSet<String> keys = new TreeSet<>();
        all.fieldNames().forEachRemaining(keys::add);
        ObjectNode sorted = Json.newObject();
        keys.forEach(key -> sorted.set(key, all.get(key)));
        String text = Json.text(sorted, false).replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e");
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Returns a manifest of this config and these layers, lowest first.
     *
     * @throws WrongContentException as {@link Manifest#parse} does
     */
    public static Manifest manifest(byte[] config, List<Descriptor> layers) throws WrongContentException {
        ObjectNode json = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.DOCKER_MANIFEST);
        json.set("config", Json.newObject().put("mediaType", MediaType.DOCKER_CONFIG).put("size", config.length).put("digest", Digest.of(config).toString()));
        ArrayNode list = json.putArray("layers");
        for (Descriptor layer : layers) {
            list.addObject().put("mediaType", MediaType.DOCKER_LAYER).put("size", layer.size()).put("digest", layer.digest().toString());
        }
        return Manifest.parse(Json.bytes(json), null);
    }

    /**
     * Reads a signed manifest. Its digest is that of the bytes without the signatures, which were put in before their end, so only what those
     * say counts. The signatures are not looked at: their keys are unknown.
     *
     * @param digest the digest that it must have, or null
     * @throws WrongContentException when it has another, or is not of this form
     */
    public static Manifest parseSigned(@Nullable Digest digest, byte[] signed, @Nullable String contentType) throws WrongContentException {
        JsonNode signatures = Json.object(signed, "the manifest").path("signatures");
        byte[] payload = signatures.isEmpty() ? signed : payload(signed, signatures.path(0));
        if (digest != null && !digest.isOf(payload)) {
            throw new WrongContentException("the manifest does not have the digest " + digest + ", but " + Digest.of(payload));
        }
        Manifest manifest = Manifest.parse(digest != null ? digest : Digest.of(payload), payload, contentType);
        if (manifest.isIndex() || !manifest.isSchema1()) {
            throw new WrongContentException("the manifest is sent as a signed one of schema 1, but is another");
        }
        manifest.json().set("signatures", signatures);
        return new Manifest(manifest.digest(), manifest.mediaType(), signed, manifest.json());
    }

    private static byte[] payload(byte[] signed, JsonNode signature) throws WrongContentException {
        try {
            ObjectNode form = Json.object(Base64.getUrlDecoder().decode(signature.path("protected").asText()), "the signature of the manifest");
            int length = form.path("formatLength").asInt(-1);
            if (length < 0 || length > signed.length) {
                throw new WrongContentException("the signature of the manifest is over " + form.path("formatLength") + " bytes of " + signed.length);
            }
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            payload.write(signed, 0, length);
            payload.writeBytes(Base64.getUrlDecoder().decode(form.path("formatTail").asText()));
            return payload.toByteArray();
        } catch (IllegalArgumentException e) {
            throw new WrongContentException("the signature of the manifest is not in base64: " + e.getMessage(), e);
        }
    }
}
