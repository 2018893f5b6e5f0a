package lib.haul;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import lib.image.Platform;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.text.Json;
import lib.text.TagVersion;
import lib.text.VersionOrder;
import lib.text.VersionRange;
import lib.verb.Selection;
import lib.verb.referrers.ReferrerSelection;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a list: an image by its name, or those images of a repository whose tags fit.
 *
 * @param name        the image; only the repository counts where tags are chosen
 * @param tags        tags by their names
 * @param regex       what tags have to match, wholly or in part; null where that does not matter
 * @param versions    which versions they have to be; null where that does not matter
 * @param newest      how many of these at most, the newest ones; 0 for all
 * @param preReleases whether pre-releases count
 * @param platforms   for which platforms, none for all that an index lists
 * @param isAsked     whether somebody asked for these platforms, so that no other will do
 * @param referrers   what of that which refers to the images travels with them
 */
public record Wanted(Reference name, List<String> tags, @Nullable Pattern regex, @Nullable VersionRange versions, int newest, boolean preReleases,
              List<Platform> platforms, boolean isAsked, ReferrerSelection referrers) {

    /** An image by its name. */
    Wanted(Reference name, List<Platform> platforms, boolean isAsked, ReferrerSelection referrers) {
        this(name, List.of(), null, null, 0, false, platforms, isAsked, referrers);
    }

    /** Returns whether the registry has to be asked which tags there are. */
    boolean isChoice() {
        return regex != null || versions != null || newest > 0;
    }

    /** Returns the names of the images, the newest last. {@code all} are the tags of the repository, where they matter. */
    List<Reference> chosen(Collection<String> all) {
        if (!isChoice() && tags.isEmpty()) {
            return List.of(name);
        }
        Set<String> chosen = new LinkedHashSet<>(tags);
        if (isChoice()) {
            List<String> fitting = all.stream().filter(this::takes).sorted(order()).toList();
            chosen.addAll(fitting.subList(newest == 0 ? 0 : Math.max(0, fitting.size() - newest), fitting.size()));
        }
        List<Reference> names = new ArrayList<>();
        chosen.forEach(tag -> names.add(new Reference(name.registry(), name.repository(), tag, null)));
        return names;
    }

    /** Returns whether a tag is one of those that are chosen from. Without anything else, versions are. */
    private boolean takes(String tag) {
        boolean isMatch = regex == null || regex.matcher(tag).find();
        if (versions != null) {
            return isMatch && versions.takes(tag, preReleases);
        }
        TagVersion version = TagVersion.of(tag);
        return regex != null ? isMatch : version != null && version.family().isEmpty() && (preReleases || version.preRelease().isEmpty());
    }

    private Comparator<String> order() {
        return regex != null && versions == null ? VersionOrder.OF_TAGS : Comparator.comparing(TagVersion::of).thenComparing(VersionOrder.OF_TAGS);
    }

    /** Returns what is wanted of each image. */
    Selection selection(List<ImageStore> since) {
        return new Selection(platforms, isAsked, since, false, referrers);
    }

    /** Returns the entry as a lock file has it: the same words for the same images, however they were written. */
    ObjectNode toJson() {
        ObjectNode json = Json.newObject();
        boolean isOne = !isChoice() && tags.isEmpty();
        json.put("name", isOne ? name.toString() : name.registry() + "/" + name.repository());
        if (!tags.isEmpty()) {
            tags.forEach(json.putArray("tags")::add);
        }
        if (versions != null) {
            json.put("versions", versions.text());
        }
        if (regex != null) {
            json.put("regex", regex.pattern());
        }
        if (newest > 0) {
            json.put("newest", newest);
        }
        if (preReleases) {
            json.put("prereleases", true);
        }
        platformNames().forEach(json.putArray("platforms")::add);
        return json.put("referrers", referrers.wanted());
    }

    /** Returns the platforms as a list names them. */
    List<String> platformNames() {
        return platforms.isEmpty() ? List.of("all") : platforms.stream().map(Platform::toString).toList();
    }

    /** Returns the entry as messages name it. */
    @Override
    public String toString() {
        if (!isChoice() && tags.isEmpty()) {
            return name.familiarName();
        }
        String repository = new Reference(name.registry(), name.repository(), null, null).familiarName();
        return repository + (versions != null ? " " + versions.text() : regex != null ? " /" + regex.pattern() + "/" : tags.isEmpty() ? "" : ":" + String.join(",", tags))
                + (newest > 0 ? ", newest " + newest : "");
    }
}
