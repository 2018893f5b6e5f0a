package lib.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Origin;
import lib.image.Reference;
import lib.text.Json;
import lib.text.Resource;

//FILES lib/record/pull.sh=pull.sh
//FILES lib/record/pull-index.sh=pull-index.sh
//FILES lib/record/pull-foreign.sh=pull-foreign.sh

/** A pull as a bash script of curl, jq, sha256sum and tar, for somebody who wants to see every step, or run each by hand. */
public final class CurlScript {
    private static final String SCRIPT = Resource.text("lib/record/pull.sh");
    private static final String INDEX = Resource.text("lib/record/pull-index.sh");
    private static final String FOREIGN = Resource.text("lib/record/pull-foreign.sh");
    private static final String PINNED = """
            # The digest in the name is that of an index, from which the manifest was chosen. It is kept: containerd and Kubernetes know the image by it.
            {indexes}
            """;

    /** Of printable characters of ASCII, as RFC 3986 has it. */
    private static final String ADDRESS = "https?://[!-~]+";
    private static final Pattern PLACE = Pattern.compile("\\{([a-zA-Z]+)}");

    private CurlScript() { }

    /**
     * Returns the script that pulls an image by its manifest into this archive.
     *
     * @param resolve what is given of hosts' addresses, as curl's option of this name has it
     * @throws IllegalArgumentException for a manifest of schema 1, which no engine loads as it is
     * @throws WrongContentException    if a list in the manifest is malformed
     */
    public static String of(Origin origin, Manifest manifest, List<Manifest> above, List<ObjectNode> entries, String archive, List<String> resolve) throws WrongContentException {
        if (manifest.isSchema1()) {
            throw new IllegalArgumentException("the manifest is of schema 1, which no engine loads as it is: pull it without --as-curl");
        }
        Reference reference = origin.reference();
        String tag = reference.tag();
        boolean named = tag != null;
        boolean foreign = !manifest.layers().stream().allMatch(layer -> layer.urls().isEmpty());
        checkMediaType(manifest);
        for (Manifest index : above) {
            checkMediaType(index);
        }
        String registry = origin.endpoint();
        if (!registry.matches(ADDRESS)) {
            throw new IllegalArgumentException("the registry's address '" + registry + "' does not begin with https:// or http://, or has a character that no address has");
        }
        boolean secure = registry.startsWith("https:");
        Map<String, String> values = new HashMap<>();
        values.put("platform", origin.platform() == null ? "its only platform" : origin.platform().toString());
        values.put("accept", String.join(", ", MediaType.MANIFESTS));
        values.put("entries", Json.text(Json.newArray().addAll(entries), false));
        values.put("above", above.stream().map(index -> " blobs/" + path(index)).collect(Collectors.joining()));
        values.put("indexes", above.stream().map(index -> "manifest " + index.digest()).collect(Collectors.joining("\n")));
        values.put("tags", named ? "[\"" + reference.taggedName() + "\"]" : "null");
        values.put("folders", perAlgorithm(manifest, "\"$folder/blobs/%s\""));
        values.put("sums", perAlgorithm(manifest, "%ssum"));
        values.put("name", reference.toString());
        values.put("protocols", secure ? "=https" : "=http,https");
        boolean isHere = registry.matches("https://(localhost|127\\.0\\.0\\.1)([:/].*)?");
        values.put("resolve", resolve.stream().map(entry -> " --resolve " + quoted(entry)).collect(Collectors.joining()));
        values.put("realms", !secure ? "https://* | http://*" : isHere ? "https://* | http://localhost[:/]* | http://127.0.0.1[:/]*" : "https://*");
        values.put("schemes", secure ? "https://" : "https:// or http://");
        values.put("registry", quoted(registry));
        values.put("repository", reference.repository());
        values.put("indexType", MediaType.OCI_INDEX);
        values.put("urlComment", foreign ? ", other URLs for it" : "");
        values.put("foreign", foreign ? FOREIGN : "");
        values.put("elsewhere", foreign ? " || elsewhere \"$file\" \"${@:3}\"" : "");
        values.put("path", path(manifest));
        values.put("digest", manifest.digest().toString());
        values.put("tag", tag);
        values.put("folder", quotedPath(archive.replaceFirst("\\.tar$", "") + ".oci"));
        values.put("archive", quotedPath(archive));
        values.put("blobs", blobs(manifest));
        values.put("index", !above.isEmpty() ? filled(PINNED, values) : named && reference.digest() == null && origin.platform() != null ? filled(INDEX, values) : "");
        return filled(SCRIPT, values);
    }

    private static void checkMediaType(Manifest manifest) throws WrongContentException {
        if (!manifest.descriptor().path("mediaType").asText().matches("[A-Za-z0-9_.+/-]+")) {
            throw new WrongContentException("the manifest " + manifest.digest() + " has an invalid media type: refused, since it would be written into the script");
        }
    }

    private static String path(Manifest manifest) {
        return manifest.digest().algorithm() + "/" + manifest.digest().hex();
    }

    /** Returns the template with a value in each place that is named {@code {so}}. A value is put in as it is: what looks like such a place in it is none. */
    private static String filled(String template, Map<String, String> values) {
        return PLACE.matcher(template).replaceAll(place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), place.group())));
    }

    private static String blobs(Manifest manifest) throws WrongContentException {
        StringBuilder lines = new StringBuilder();
        List<Descriptor> layers = manifest.layers();
        for (Descriptor blob : manifest.blobs()) {
            int layer = layers.indexOf(blob);
            lines.append(lines.isEmpty() ? "" : "\n").append("blob ").append(blob.digest()).append(' ').append(blob.size())
                    .append(blob.urls().stream().filter(url -> url.matches(ADDRESS)).map(url -> " " + quoted(url)).collect(Collectors.joining()))
                    .append(layer < 0 ? "  # the config" : "  # layer " + (layer + 1) + " of " + layers.size());
        }
        return lines.toString();
    }

    /** Returns a word for each algorithm that there is a digest of, nearly always SHA-256 alone. */
    private static String perAlgorithm(Manifest manifest, String word) throws WrongContentException {
        return Stream.concat(Stream.of(manifest.digest()), manifest.blobs().stream().map(Descriptor::digest))
                .map(digest -> word.formatted(digest.algorithm())).distinct().collect(Collectors.joining(" "));
    }

    /** No program takes a path with a folder in front for an option, or as tar does for one on another machine. */
    private static String quotedPath(String path) {
        return quoted(path.startsWith("-") || path.contains(":") && !path.contains("/") ? "./" + path : path);
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_.:/+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
