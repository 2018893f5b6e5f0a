package lib.workload;

import static lib.workload.YamlFile.text;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * What kustomize puts instead of an image: another name, tag or digest. What is not given is null.
 *
 * @see <a href="https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/">kustomize, images</a>
 */
record Replacement(@Nullable String name, @Nullable String newName, @Nullable String newTag, @Nullable String tagSuffix, @Nullable String digest) {
    static Replacement of(Node entry) {
        return new Replacement(given(entry, "name"), given(entry, "newName"), given(entry, "newTag"), given(entry, "tagSuffix"), given(entry, "digest"));
    }

    private static String given(Node entry, String key) {
        String text = text(entry, key);
        return text == null || text.isEmpty() ? null : text;
    }

    boolean isFor(String image) {
        return name != null && image.matches(Pattern.quote(name) + "(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?");
    }

    boolean changesSomething() {
        return name != null && (newName != null || newTag != null || tagSuffix != null || digest != null);
    }

    /** Returns what is run instead of an image that this is for: a new tag or digest takes the place of both old ones. */
    String of(String image) {
        String rest = image.substring(name.length());
        int at = rest.indexOf('@');
        String oldTag = at < 0 ? rest : rest.substring(0, at);
        String tags = newTag != null || digest != null ? (newTag == null ? "" : ":" + newTag) + (digest == null ? "" : "@" + digest)
                : tagSuffix != null ? oldTag + tagSuffix : rest;
        return (newName != null ? newName : name) + tags;
    }

    /** Returns whether the result has a tag or a digest of its own, whatever is replaced. */
    boolean saysWhich() {
        return newTag != null || digest != null;
    }
}
