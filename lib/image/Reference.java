package lib.image;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image: which registry, which repository there, and which tag or digest of it.
 * Docker Hub's short names are filled in: {@code nginx} is {@code docker.io/library/nginx:latest}.
 * The tag is null if only a digest was given, the digest where only a tag was; the digest decides where both are.
 *
 * @see <a href="https://github.com/distribution/reference/blob/v0.6.0/reference.go">distribution/reference, grammar</a>
 */
public record Reference(String registry, String repository, @Nullable String tag, @Nullable Digest digest) {
    public static final String DOCKER_HUB = "docker.io";
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*(:[0-9]{1,5})?"
            + "|\\[[0-9A-Fa-f:.]+\\](:[0-9]{1,5})?");
    private static final Pattern PATH_COMPONENT = Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*");
    private static final Pattern FILE = Pattern.compile("[^:@]*\\.(tar(\\.(gz|zst|xz|bz2|[0-9]{3}))?|tgz|oci)");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    /** What helm writes before the name of a chart in a registry. */
    private static final String HELM = "oci://";
    private static final int LONGEST_HOST = 255;
    private static final int LONGEST_REPOSITORY = 255;

    /**
     * Returns the reference that this text names, which may have helm's {@code oci://} before it; throws IllegalArgumentException that says which part is wrong.
     *
     * @see <a href="https://helm.sh/docs/topics/registries/">Helm, Use OCI-based registries</a>
     */
    public static Reference parse(String text) {
        String rest = text.startsWith(HELM) ? withTagOfHelm(text.substring(HELM.length())) : text;
        int scheme = rest.indexOf("://");
        if (scheme >= 0) {
            throw bad(text, "write " + rest.substring(scheme + 3) + ", without " + rest.substring(0, scheme + 3));
        }
        Digest digest = null;
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = parseDigest(text, rest.substring(at + 1));
            rest = rest.substring(0, at);
        }
        String tag = null;
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
            check(text, TAG.matcher(tag).matches(), "the tag '" + tag + "' must be 1 to 128 letters, digits, '_', '.' or '-', and begin with none of the last two");
        }
        if (rest.matches("[0-9a-f]{64}")) {
            throw bad(text, "64 hex digits alone are ambiguous: write NAME@sha256:" + rest);
        }
        String registry = DOCKER_HUB;
        if (hasHost(rest)) {
            int slash = rest.indexOf('/');
            registry = checkedHost(text, rest.substring(0, slash));
            rest = rest.substring(slash + 1);
        }
        if (registry.equals(DOCKER_HUB) && rest.indexOf('/') < 0) {
            rest = "library/" + rest;
        }
        checkRepository(text, rest);
        return new Reference(registry, rest, tag == null && digest == null ? "latest" : tag, digest);
    }

    /** No tag has a plus: the version {@code 1.2.3+4} of a chart has the tag {@code 1.2.3_4}, and helm takes both. */
    private static String withTagOfHelm(String name) {
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? name.substring(0, colon) + name.substring(colon).replace('+', '_') : name;
    }

    /** Returns whether a name ends like an archive's or a layout's, such as {@code app.tar.gz}: without a tag it is taken for a file's, though an image may be called so. */
    public static boolean isOfFile(String text) {
        return FILE.matcher(text).matches();
    }

    /** Returns whether a name begins with a registry's host, or else is short for one at Docker Hub. */
    public static boolean hasHost(String text) {
        int slash = text.indexOf('/');
        return slash >= 0 && isHost(text.substring(0, slash));
    }

    /** A first component is a host when it cannot be part of a Docker Hub name. */
    private static boolean isHost(String component) {
        return component.contains(".") || component.contains(":") || component.equals("localhost");
    }

    private static String checkedHost(String text, String host) {
        check(text, host.length() <= LONGEST_HOST && HOST.matcher(host).matches(), "'" + host + "' is not a host name");
        int port = host.lastIndexOf(':');
        if (port > host.lastIndexOf(']')) {
            check(text, Integer.parseInt(host.substring(port + 1)) <= 65535, "there is no port " + host.substring(port + 1));
        }
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.equals("index.docker.io") || lower.equals("registry-1.docker.io") ? DOCKER_HUB : lower;
    }

    private static void checkRepository(String text, String repository) {
        check(text, !repository.isEmpty() && !repository.equals("library/"), "the repository is missing");
        check(text, repository.length() <= LONGEST_REPOSITORY, "the repository is longer than " + LONGEST_REPOSITORY + " characters");
        for (String component : repository.split("/", -1)) {
            if (component.matches(".*[A-Z].*")) {
                throw bad(text, "repositories are lower case: write '" + component.toLowerCase(Locale.ROOT) + "' for '" + component + "'");
            }
            check(text, PATH_COMPONENT.matcher(component).matches(),
                    "'" + component + "' cannot be part of a repository's name: lower-case letters and digits, with single '.', '_', '__' or dashes between them");
        }
    }

    private static Digest parseDigest(String text, String digest) {
        try {
            return Digest.parse(digest);
        } catch (IllegalArgumentException e) {
            throw bad(text, e.getMessage());
        }
    }

    private static void check(String text, boolean holds, String why) {
        if (!holds) {
            throw bad(text, why);
        }
    }

    private static IllegalArgumentException bad(String text, String why) {
        return new IllegalArgumentException("bad reference '" + text + "': " + why);
    }

    /** Returns what the registry is asked for: the digest where there is one, else the tag. */
    public String tagOrDigest() {
        return digest != null ? digest.toString() : tag;
    }

    /** Returns the same repository with another thing asked for. */
    public Reference withDigest(Digest other) {
        return new Reference(registry, repository, tag, other);
    }

    /** Returns the full name without a digest, {@code docker.io/library/nginx:alpine}, as engines keep it; null without a tag. */
    public @Nullable String taggedName() {
        return tag == null ? null : registry + "/" + repository + ":" + tag;
    }

    /** Returns the full name with its digest and without a tag, {@code docker.io/library/nginx@sha256:…}, as containerd keeps it; null without a digest. */
    public @Nullable String pinnedName() {
        return digest == null ? null : registry + "/" + repository + "@" + digest;
    }

    /** Returns the name as people write it: {@code nginx:alpine}. */
    public String familiarName() {
        String name = registry.equals(DOCKER_HUB) ? repository.replaceFirst("^library/", "") : registry + "/" + repository;
        return name + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }

    /** Returns the name of an archive of this image, without ending: {@code nginx_alpine}, safe on every file system. */
    public String fileName() {
        String name = registry.equals(DOCKER_HUB) ? repository.replaceFirst("^library/", "") : repository;
        return name.replace('/', '_') + "_" + (tag != null ? tag : digest.shortHex());
    }

    // As in Digest: what a record brings is linked at run time, which takes some milliseconds of each start.
    @Override
    public boolean equals(Object other) {
        return other instanceof Reference reference && registry.equals(reference.registry) && repository.equals(reference.repository)
                && Objects.equals(tag, reference.tag) && Objects.equals(digest, reference.digest);
    }

    @Override
    public int hashCode() {
        return repository.hashCode();
    }

    /** Returns the full name, {@code docker.io/library/nginx:alpine@sha256:…}, with whatever of tag and digest was given. */
    @Override
    public String toString() {
        return registry + "/" + repository + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }
}
