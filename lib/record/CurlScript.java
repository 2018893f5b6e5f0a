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

/** A pull as a bash script of curl, jq, sha256sum and tar, for somebody who wants to see or send every step themselves. */
public final class CurlScript {
    private static final String SCRIPT = """
            #!/usr/bin/env bash
            # Pulls {name} for {platform}. Needs curl, jq and tar.
            # Where the registry wants a login, set REGISTRY_USER and REGISTRY_PASSWORD. A proxy and certificates are curl's own
            # to know: https_proxy, CURL_CA_BUNDLE, ~/.curlrc. Run it again after a broken line: what is there is not fetched again.
            set -euo pipefail
            export LC_ALL=C
            for tool in curl jq {sums} tar; do
                command -v "$tool" >/dev/null || { echo "this script needs $tool" >&2; exit 1; }
            done

            # What a registry sends is a stranger's text: addresses from it go behind --url, are no patterns, and lead to the web alone.
            web() {
                curl --silent --show-error --globoff --proto '=http,https' --proto-redir '{protocols}' "$@"
            }

            registry={registry}
            repository={repository}
            archive={archive}
            folder={folder}  # what is fetched, in the form of an OCI layout
            mkdir -p {folders}

            # 1. Access. The registry answers the knock at its front door with 401 and a challenge, which says where to get a token:
            #      WWW-Authenticate: Bearer realm="https://auth.example.com/token",service="registry.example.com"
            #    Secrets are handed to curl through a pipe (@<(...)), as the list of processes shows its arguments to everybody.
            login() {
                [ -z "${REGISTRY_USER:-}" ] || printf 'Authorization: Basic %s\\n' "$(printf '%s' "$REGISTRY_USER:${REGISTRY_PASSWORD:-}" | base64 | tr -d '\\n')"
            }

            refuse() {
                echo "$registry $1" >&2
                exit 6
            }

            challenge() {  # scheme
                grep -i '^www-authenticate:' <<<"$answer" | grep -o -i -E "[:,] *$1( .*)?\\$" | sed -n 1p || true
            }

            parameter() {  # name, challenge
                grep -o -i "[ ,]$1=\\"[^\\"]*\\"" <<<"$2" | sed -n 1p | cut -d '"' -f 2 || true
            }

            token_for() {  # challenge
                local realm
                realm=$(parameter realm "$1")
                case $realm in
                    *[![:graph:]]* | *@*) refuse "names a token server by what is no address" ;;
                    {realms}) ;;
                    *) refuse "names no token server whose address begins with {schemes}" ;;
                esac
                token=$(web --fail --get \\
                    --header @<(login) \\
                    --data-urlencode "service=$(parameter service "$1")" \\
                    --data-urlencode "scope=repository:$repository:pull" \\
                    --url "$realm" | jq --raw-output 'first((.token, .access_token) | strings | select(. != ""))')
                case $token in
                    '' | *[![:graph:]]*) refuse "names a token server that gives no token" ;;
                esac
            }

            access() {
                local bearer
                answer=$(web --output /dev/null --dump-header - --url "$registry/v2/" | tr -d '\\r' || true)
                bearer=$(challenge Bearer)
                if [ -n "$bearer" ]; then
                    token_for "$bearer"
                    authorization="Authorization: Bearer $token"
                elif [ -n "$(challenge Basic)" ]; then
                    authorization=$(login)
                    [ -n "$authorization" ] || { echo "$registry wants a login: set REGISTRY_USER and REGISTRY_PASSWORD" >&2; exit 4; }
                else
                    authorization=
                fi
            }

            # 2. Whatever is fetched is named by its digest. Nothing counts that does not have it.
            is_right() {  # digest, file
                [ -f "$2" ] && [ "$("${1%%:*}sum" <"$2" | cut -d ' ' -f 1)" = "${1#*:}" ]
            }

            # 3. The manifest. One request accepts all types there are, as registries answer by this header.
            accept='Accept: {accept}'
            manifest() {  # digest
                local file=$folder/blobs/${1/://}
                if ! is_right "$1" "$file"; then
                    web --fail --location --retry 5 \\
                        --header @<(printf '%s\\n' "$authorization") \\
                        --header "$accept" \\
                        --output "$file" \\
                        --url "$registry/v2/$repository/manifests/$1"
                    is_right "$1" "$file"
                fi
            }

            # 4. A blob: the config or a layer. The registry mostly redirects to a store; curl does not send the token there.
            #    Each one begins with new access, as tokens live for minutes only, and layers may take longer.
            broke() {  # curl's exit code, file
                echo "that broke" >&2
                [ "$1" != 33 ] || : >"$2"  # the server sends no parts: begin again
            }

            blob() {  # digest, size in bytes{urlComment}
                local file=$folder/blobs/${1/://} try
                for try in 1 2; do
                    [ -f "$file" ] || : >"$file"
                    if [ "$(wc -c <"$file")" -lt "$2" ]; then
                        echo "fetching $1, $2 bytes" >&2
                        access
                        web --fail --location --retry 5 --continue-at - \\
                            --header @<(printf '%s\\n' "$authorization") \\
                            --output "$file" \\
                            --url "$registry/v2/$repository/blobs/$1"{elsewhere} || broke $? "$file"
                    fi
                    if is_right "$1" "$file"; then
                        return
                    elif [ "$try" = 2 ] || [ "$(wc -c <"$file")" -ge "$2" ]; then
                        rm "$file"
                    fi
                done
                echo "could not get $1 right" >&2
                exit 5
            }

            access
            {index}manifest {digest}
            {blobs}

            # 5. The archive: an OCI layout, with one list of what belongs together for newer engines (index.json),
            #    and one for docker load since 1.10 (manifest.json).
            manifest=blobs/{path}
            echo '{"imageLayoutVersion":"1.0.0"}' >"$folder/oci-layout"
            jq --null-input '{schemaVersion: 2, mediaType: "{indexType}", manifests: {entries}}' \\
                >"$folder/index.json"
            jq --compact-output '[{Config: ("blobs/" + (.config.digest | sub(":"; "/"))), RepoTags: {tags}, Layers: [.layers[].digest | "blobs/" + sub(":"; "/")]}]' \\
                "$folder/$manifest" >"$folder/manifest.json"
            jq --raw-output '.config, .layers[] | .digest | "blobs/" + sub(":"; "/")' "$folder/$manifest" | grep -E -x 'blobs/[a-z0-9]+/[0-9a-f]+' | sort --unique |
                tar --create --file "$archive" --directory "$folder" --files-from - oci-layout index.json manifest.json "$manifest"{above}
            printf 'wrote %q; load it with: docker load -i %q\n' "$archive" "$archive" >&2
            """;

    private static final String INDEX = """
            # The tag stands for an index, which lists a manifest for each platform. This one was chosen from it.
            index=$(web --fail --location --retry 5 \\
                --header @<(printf '%s\\n' "$authorization") \\
                --header "$accept" \\
                --url "$registry/v2/$repository/manifests/{tag}")
            jq --ascii-output --exit-status '.manifests[] | select(.digest == "{digest}")' <<<"$index" >&2 ||
                echo "{tag} does not list it: an index below leads there, or {tag} has moved on since this script was written" >&2
            """;

    private static final String PINNED = """
            # The digest in the name is that of an index, from which the manifest was chosen. It is kept: containerd and Kubernetes know the image by it.
            {indexes}
            """;

    /** Foreign layers may lie elsewhere: whoever has them there is not shown the token. */
    private static final String ELSEWHERE = """
             ||
                                { [ $# -gt 2 ] && for url in "${@:3}"; do
                                    web --fail --location --retry 5 --continue-at - --output "$file" --url "$url" && break
                                done; }""";

    /** Of printable characters of ASCII, as RFC 3986 has it. */
    private static final String ADDRESS = "https?://[!-~]+";
    private static final Pattern PLACE = Pattern.compile("\\{([a-zA-Z]+)}");

    private CurlScript() { }

    /** Returns the script that pulls an image by its manifest into this archive. */
    public static String of(Origin origin, Manifest manifest, List<Manifest> above, List<ObjectNode> entries, String archive) throws WrongContentException {
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
            throw new IllegalArgumentException("the registry's address '" + registry + "' does not begin with https:// or http://, or has a sign that no address has");
        }
        boolean secure = registry.startsWith("https:");
        Map<String, String> values = new HashMap<>();
        values.put("platform", origin.platform() == null ? "the one platform there is" : origin.platform().toString());
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
        values.put("realms", !secure ? "https://* | http://*" : isHere ? "https://* | http://localhost[:/]* | http://127.0.0.1[:/]*" : "https://*");
        values.put("schemes", secure ? "https://" : "https:// or http://");
        values.put("registry", quoted(registry));
        values.put("repository", reference.repository());
        values.put("indexType", MediaType.OCI_INDEX);
        values.put("urlComment", foreign ? ", where else it may be had" : "");
        values.put("elsewhere", foreign ? ELSEWHERE : "");
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
            throw new WrongContentException("the manifest " + manifest.digest() + " calls itself what is no media type: refused, for it would stand in the script");
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
