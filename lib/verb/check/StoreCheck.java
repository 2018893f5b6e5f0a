package lib.verb.check;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.StoredImage;
import lib.store.StoredImages;
import lib.text.Json;
import lib.text.PlainText;
import lib.text.Version;
import lib.verb.DockersList;
import lib.verb.ImageChoice;
import lib.verb.referrers.ImageReferrers;

/**
 * Reads a layout or an archive as a whole: every manifest, every blob that one leads to, and what refers to the images.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">image-spec, image-layout.md</a>
 */
public final class StoreCheck {
    private final ImageStore store;
    private final ImageChoice choice;
    private final Map<String, Long> blobs = new TreeMap<>();
    private final Set<String> wrong = new LinkedHashSet<>();
    private final DockersList forDocker = new DockersList();

    private StoreCheck(ImageStore store, ImageChoice choice) {
        this.store = store;
        this.choice = choice;
    }

    /**
     * What was found.
     *
     * @param receipt what is there: images, what refers to them, and blobs with their sizes, in bytes
     * @param wrong   a sentence for each thing that is not what it should be; none where all is well
     */
    public record Checked(ObjectNode receipt, List<String> wrong) {
        /** Returns the receipt, and behind it what is wrong, a line each. */
        @Override
        public String toString() {
            return PlainText.json(Json.text(receipt, true)) + wrong.stream().map(one -> "\nwrong: " + PlainText.line(one)).collect(Collectors.joining());
        }
    }

    /** Checks all that is in a layout or an archive, and throws what {@link #of(Path, ImageChoice, Consumer)} does. */
    public static Checked of(Path place) throws IOException {
        return of(place, ImageChoice.ALL, line -> { });
    }

    /**
     * Checks these images of a layout or an archive and what refers to them; where all are meant, all that is there.
     *
     * @param notice is told what takes long before it can be read, a line each
     * @throws NotFoundException     if there is nothing, or volumes are missing: those that are there are checked
     * @throws WrongContentException if nothing of it can be read
     */
    public static Checked of(Path place, ImageChoice choice, Consumer<String> notice) throws IOException {
        List<String> damagedVolumes = VolumeCheck.of(place);
        StoreCheck check = new StoreCheck(ImageStore.open(place, null, notice), choice);
        check.wrong.addAll(damagedVolumes);
        return check.run();
    }

    private Checked run() throws IOException {
        StoredImages stored = choice.of(store);
        stored.damages().forEach(wrong::add);
        ObjectNode receipt = Json.newObject().put("path", store.path().toString());
        ArrayNode images = receipt.putArray("images");
        Set<Digest> roots = new LinkedHashSet<>();
        for (StoredImage image : stored.images()) {
            for (NamedImage root : image.roots()) {
                images.add(image(image, root.manifest(), roots));
            }
        }
        ArrayNode referrers = receipt.putArray("referrers");
        ImageReferrers all = ImageReferrers.of(store);
        for (Digest subject : choice.isOfSome() ? List.<Digest>of() : all.subjects()) { // an index may be here only because it is signed, and what is signed may be in another archive
            walkIndex(subject, roots);
        }
        ImageReferrers.Found found = all.all(roots);
        wrong.addAll(found.left());
        boolean isWhole = stored.images().stream().allMatch(image -> image.since().isEmpty()); // else their blobs may be in another archive, too
        found.referrers().forEach(one -> {
            referrers.addObject().put("digest", one.manifest().digest().toString()).put("subject", one.subject().toString()).put("type", one.manifest().artifactType());
            one.manifests().forEach(manifest -> checkBlobs(manifest, isWhole));
        });
        String other = store.isTranslated() ? null : forDocker.other(store, choice.isOfSome() ? names(stored) : null);
        if (other != null) {
            wrong.add(store.path() + ": docker loads an image of it by its manifest.json or repositories that index.json does not lead to: " + other);
        }
        ObjectNode sizes = receipt.putObject("blobs");
        blobs.forEach(sizes::put);
        receipt.put("bytes", blobs.values().stream().mapToLong(Long::longValue).sum());
        wrong.forEach(receipt.putArray("wrong")::add);
        receipt.put("checkedAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        receipt.putObject("checkedBy").put("dray", Version.NUMBER).put("java", System.getProperty("java.version"));
        return new Checked(receipt, List.copyOf(wrong));
    }

    private static List<String> names(StoredImages stored) {
        return stored.images().stream().map(StoredImage::reference).filter(Objects::nonNull).map(Reference::taggedName).toList();
    }

    private ObjectNode image(StoredImage image, Manifest root, Set<Digest> roots) {
        ObjectNode json = Json.newObject().put("name", image.name()).put("digest", root.digest().toString());
        ArrayNode platforms = Json.newArray();
        ArrayNode absent = Json.newArray();
        walk(root, image.since().isEmpty(), roots, platforms, absent);
        if (!platforms.isEmpty()) {
            json.set("platforms", platforms);
        }
        if (!absent.isEmpty()) {
            json.set("notHere", absent); // an index may lead to manifests that were not wanted
        }
        image.since().forEach(one -> json.withArray("since").add(one.toString()));
        return json;
    }

    private void walkIndex(Digest subject, Set<Digest> seen) {
        try {
            if (!seen.contains(subject) && store.hasAny(new Descriptor("", subject, 0, null, null))) {
                walk(store.manifest(store.find(subject)), false, seen, Json.newArray(), Json.newArray());
            }
        } catch (IOException e) {
            wrong.add(String.valueOf(e.getMessage()));
        }
        seen.add(subject);
    }

    private void walk(Manifest manifest, boolean isWhole, Set<Digest> seen, ArrayNode platforms, ArrayNode absent) {
        if (!seen.add(manifest.digest())) {
            return;
        }
        blobs.put(manifest.digest().toString(), (long) manifest.bytes().length);
        try {
            for (Descriptor entry : manifest.isIndex() ? manifest.entries() : List.<Descriptor>of()) {
                if (!store.hasAny(entry)) {
                    absent.add(entry.digest().toString());
                    continue;
                }
                if (entry.platform() != null && !entry.isAttestation()) {
                    platforms.add(entry.platform().toString());
                }
                walk(store.manifest(entry), isWhole, seen, platforms, absent);
            }
        } catch (IOException e) {
            wrong.add(String.valueOf(e.getMessage()));
        }
        checkBlobs(manifest, isWhole);
    }

    private void checkBlobs(Manifest manifest, boolean isWhole) {
        blobs.put(manifest.digest().toString(), (long) manifest.bytes().length);
        try {
            if (manifest.isImage()) {
                forDocker.add(manifest);
            }
            for (Descriptor blob : manifest.isIndex() || manifest.isSchema1() ? List.<Descriptor>of() : manifest.blobs()) {
                boolean isNew = !blobs.containsKey(blob.digest().toString());
                if (isNew && (store.hasAny(blob) || isWhole && blob.urls().isEmpty())) {
                    try (InputStream in = store.blob(blob)) {
                        in.transferTo(OutputStream.nullOutputStream());
                    }
                    blobs.put(blob.digest().toString(), blob.size());
                }
            }
        } catch (IOException e) {
            wrong.add(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Compares what was found with a receipt of another check, mostly of the same thing before it was carried.
     *
     * @return a sentence for each difference: images, what refers to them, and blobs
     * @throws WrongContentException if the bytes are not a receipt
     */
    public static List<String> differences(ObjectNode found, byte[] receipt) throws WrongContentException {
        ObjectNode other = Json.exact(receipt, "the receipt");
        List<String> differences = new ArrayList<>();
        if (!other.path("images").isArray() || !other.path("blobs").isObject()) {
            throw new WrongContentException("the receipt lists no images and no blobs: it is not a receipt");
        }
        compare(list(found, "images"), list(other, "images"), "image", differences);
        compare(list(found, "referrers"), list(other, "referrers"), "referrer", differences);
        compare(sizes(found), sizes(other), "blob", differences);
        return differences;
    }

    private static Set<String> list(ObjectNode receipt, String key) {
        Set<String> all = new LinkedHashSet<>();
        receipt.path(key).forEach(one -> all.add(one.path("digest").asText() + " " + one.path("name").asText(one.path("subject").asText())));
        return all;
    }

    private static Set<String> sizes(ObjectNode receipt) {
        Set<String> all = new LinkedHashSet<>();
        receipt.path("blobs").properties().forEach(one -> all.add(one.getKey() + " " + one.getValue().asText()));
        return all;
    }

    private static void compare(Set<String> here, Set<String> there, String what, List<String> differences) {
        there.stream().filter(one -> !here.contains(one)).forEach(one -> differences.add("the receipt has the " + what + " " + one + ", which is not here"));
        here.stream().filter(one -> !there.contains(one)).forEach(one -> differences.add("the " + what + " " + one + " is here, but not in the receipt"));
    }
}
