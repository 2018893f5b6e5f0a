package lib.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import lib.failure.NotFoundException;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.ImageConfig;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.Platform;
import lib.image.Reference;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a layout or an archive lists as one image, before one is chosen of it: mostly one manifest or index. Some tools make no index of an image
 * for several platforms, and list a manifest for each under the same name, or without one. What is chosen is a {@link NamedImage}.
 *
 * @param name      what to call it in messages
 * @param reference its full name, null if there is none
 * @param variants  what index.json lists for it
 * @param above     the index that its name is pinned to, where that is listed beside the one manifest of it that is here
 * @param since     the images that others are needed for to complete this one
 */
public record StoredImage(ImageStore store, String name, @Nullable Reference reference, List<Variant> variants, List<Manifest> above, Set<Digest> since) {

    /** A manifest or index, and the descriptor that points to it. */
    record Variant(Descriptor entry, Manifest manifest) { }

    /** Returns whether no index joins the manifests for several platforms, so that one of them must be chosen. */
    public boolean hasVariants() {
        return variants.size() > 1;
    }

    /** Returns whether this is something else than an image: a chart, say, or a signature. */
    public boolean isArtifact() {
        return variants.get(0).manifest.isArtifact();
    }

    /** Returns what is listed, as it is: manifests, and indexes without what they lead to. */
    public List<NamedImage> roots() {
        return variants.stream().map(variant -> named(new ManifestTree(variant.manifest, List.of(), above))).toList();
    }

    /**
     * Returns this image where its own digest is meant, or else those of its parts, for one platform each, whose manifest or config has a digest that is meant.
     *
     * @throws lib.failure.WrongContentException if an index is malformed, or a manifest not what its digest says
     * @throws IOException                       if one cannot be read
     */
    public List<StoredImage> parts(Predicate<Digest> isMeant) throws IOException {
        boolean isWhole = !hasVariants() && isMeant.test(variants.get(0).manifest.digest()) || above.stream().map(Manifest::digest).anyMatch(isMeant);
        if (isWhole || reference != null && reference.digest() != null && isMeant.test(reference.digest())) {
            return List.of(this);
        }
        List<StoredImage> parts = new ArrayList<>();
        for (Variant variant : variants) {
            List<Choice> all = variant.manifest.isIndex() ? Choice.all(variant.manifest, store) : List.of(new Choice(variant.manifest, null, null, above));
            for (Choice one : all) {
                boolean hasId = one.manifest().isImage() && isMeant.test(one.manifest().config().digest());
                if (hasId || isMeant.test(one.manifest().digest())) {
                    parts.add(new StoredImage(store, name, reference, List.of(new Variant(variant.entry, one.manifest())), one.above(), since));
                }
            }
        }
        return parts;
    }

    /**
     * Returns the platforms that there is a manifest for, in words.
     *
     * @throws lib.failure.WrongContentException if a config is malformed
     * @throws IOException                       if it cannot be read
     */
    public String platforms() throws IOException {
        List<String> platforms = new ArrayList<>();
        for (Variant variant : variants) {
            platforms.add(String.valueOf(platform(variant)));
        }
        return String.join(", ", platforms);
    }

    /**
     * Returns the image for a platform.
     *
     * @param isAsked whether somebody asked for it: if not, the only image there is will do as well
     * @throws NotFoundException when there is none; the message lists the platforms there are
     */
    public NamedImage choose(Platform wanted, boolean isAsked) throws IOException {
        if (hasVariants()) {
            return of(Choice.of(listed(), wanted, store));
        }
        Variant only = variants.get(0);
        if (!only.manifest.isIndex()) {
            return ofOne(only, wanted, isAsked);
        }
        try {
            return of(Choice.of(only.manifest, wanted, store));
        } catch (NotFoundException e) {
            List<Choice> all = isAsked ? List.of() : Choice.all(only.manifest, store);
            if (all.size() != 1) {
                throw e;
            }
            return of(all.get(0));
        }
    }

    /**
     * Returns what is wanted for these platforms, and for all of them if there are none; an index is joined by what is chosen of it.
     *
     * @throws NotFoundException                 if there is none for one of them
     * @throws lib.failure.WrongContentException if a manifest is malformed, or not what its digest says
     */
    public List<NamedImage> choose(List<Platform> platforms) throws IOException {
        List<NamedImage> chosen = new ArrayList<>();
        if (hasVariants() && !platforms.isEmpty()) {
            for (Platform platform : platforms) {
                chosen.add(choose(platform, true));
            }
            return chosen;
        }
        for (Variant variant : variants) {
            ManifestTree tree = platforms.isEmpty() ? ManifestTree.whole(variant.manifest, store) : ManifestTree.of(variant.manifest, platforms, store);
            chosen.add(named(tree.under(above)));
        }
        return chosen;
    }

    /** Configs do not always say which variant of a processor they mean, so that does not count here. */
    private NamedImage ofOne(Variant only, Platform wanted, boolean isAsked) throws IOException {
        Platform is = isAsked && only.manifest.isImage() ? platform(only) : null;
        if (is != null && !(is.os().equals(wanted.os()) && is.architecture().equals(wanted.architecture()))) {
            throw new NotFoundException("no image for " + wanted + ", there are: " + is);
        }
        return named(new ManifestTree(only.manifest, List.of(), above));
    }

    /** Returns what an image runs on, null if neither the entry nor the config says it, or the config is not here. */
    @Nullable Platform platform(Variant variant) throws IOException {
        if (variant.entry.platform() != null) {
            return variant.entry.platform();
        }
        if (!variant.manifest.isImage() || !store.has(variant.manifest.config())) {
            return null;
        }
        Platform platform = new ImageConfig(Json.object(store.config(variant.manifest), "the config " + variant.manifest.config().digest())).platform();
        return platform.os().isEmpty() || platform.architecture().isEmpty() ? null : platform;
    }

    /** Returns the index that is missing around the variants. */
    private Manifest listed() {
        var json = Json.newObject();
        variants.forEach(variant -> json.withArray("manifests").add(variant.entry.json()));
        return Manifest.index(json);
    }

    private NamedImage of(Choice choice) {
        List<Manifest> indexes = choice.above().stream().filter(index -> index.digest() != null).toList();
        return named(choice.tree().under(indexes));
    }

    /** Returns what was chosen of this image, under its name. */
    public NamedImage named(ManifestTree tree) {
        return new NamedImage(tree, reference).without(new Exclusions(Set.of(), since, Exclusions.namesIn(variants.get(0).entry)));
    }
}
