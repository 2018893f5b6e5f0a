package lib.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Origin;
import lib.image.Reference;
import lib.image.WrongContent;

//SOURCES ../image/Descriptor.java
//SOURCES ../image/Manifest.java
//SOURCES ../image/MediaType.java
//SOURCES ../image/Origin.java
//SOURCES ../image/Reference.java
//SOURCES ../image/WrongContent.java

/** A pull as a bash script of curl, jq, sha256sum and tar, for somebody who wants to see or send every step themselves. */
public final class CurlScript {
    private static final String SCRIPT = """
            #!/usr/bin/env bash
            # Pulls {name} for {platform}. Needs curl, jq and tar.
            # Where the registry wants a login, set REGISTRY_USER and REGISTRY_PASSWORD. A proxy and certificates are curl's own
            # to know: https_proxy, CURL_CA_BUNDLE, ~/.curlrc. Run it again after a broken line: what is there is not fetched again.
            set -euo pipefail
            for tool in curl jq {sums} tar; do
                command -v "$tool" >/dev/null || { echo "this script needs $tool" >&2; exit 1; }
            done

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

            parameter() {  # name: of the challenge
                sed -n "s/.*[ ,]$1=\\"\\([^\\"]*\\)\\".*/\\1/p" <<<"$challenge"
            }

            access() {
                challenge=$(curl --silent --show-error --output /dev/null --dump-header - "$registry/v2/" | tr -d '\\r' | grep -i '^www-authenticate:' || true)
                case $challenge in
                    *[Bb]earer*)
                        token=$(curl --fail --silent --show-error --get \\
                            --header @<(login) \\
                            --data-urlencode "service=$(parameter service)" \\
                            --data-urlencode "scope=repository:$repository:pull" \\
                            "$(parameter realm)" | jq --raw-output '.token // .access_token')
                        authorization="Authorization: Bearer $token"
                        ;;
                    *[Bb]asic*)
                        authorization=$(login)
                        [ -n "$authorization" ] || { echo "$registry wants a login: set REGISTRY_USER and REGISTRY_PASSWORD" >&2; exit 4; }
                        ;;
                    *) authorization= ;;
                esac
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
                    curl --fail --silent --show-error --location --retry 5 \\
                        --header @<(echo "$authorization") \\
                        --header "$accept" \\
                        --output "$file" \\
                        "$registry/v2/$repository/manifests/$1"
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
                        curl --fail --silent --show-error --location --retry 5 --continue-at - \\
                            --header @<(echo "$authorization") \\
                            --output "$file" \\
                            "$registry/v2/$repository/blobs/$1"{elsewhere} || broke $? "$file"
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
            jq --null-input '{schemaVersion: 2, mediaType: "{indexType}", manifests: [{mediaType: "{mediaType}", digest: "{digest}", size: {size}{annotations}}]}' \\
                >"$folder/index.json"
            jq --compact-output '[{Config: ("blobs/" + (.config.digest | sub(":"; "/"))), RepoTags: {tags}, Layers: [.layers[].digest | "blobs/" + sub(":"; "/")]}]' \\
                "$folder/$manifest" >"$folder/manifest.json"
            jq --raw-output '.config, .layers[] | .digest | "blobs/" + sub(":"; "/")' "$folder/$manifest" | sort --unique |
                tar --create --file "$archive" --directory "$folder" --files-from - oci-layout index.json manifest.json "$manifest"
            printf 'wrote %q; load it with: docker load -i %q\n' "$archive" "$archive" >&2
            """;

    private static final String ANNOTATIONS = ", annotations: {\"io.containerd.image.name\": \"%s\", \"org.opencontainers.image.ref.name\": \"%s\"}";

    private static final String INDEX = """
            # The tag stands for an index, which lists a manifest for each platform. This one was chosen from it.
            index=$(curl --fail --silent --show-error --location --retry 5 \\
                --header @<(echo "$authorization") \\
                --header "$accept" \\
                "$registry/v2/$repository/manifests/{tag}")
            jq --exit-status '.manifests[] | select(.digest == "{digest}")' <<<"$index" >&2 ||
                echo "{tag} does not list it: an index below leads there, or {tag} has moved on since this script was written" >&2
            """;

    /** Foreign layers may lie elsewhere: whoever has them there is not shown the token. */
    private static final String ELSEWHERE = """
             ||
                                { [ $# -gt 2 ] && for url in "${@:3}"; do
                                    curl --fail --silent --show-error --location --retry 5 --continue-at - --output "$file" "$url" && break
                                done; }""";

    private CurlScript() { }

    /** Returns the script that pulls an image by this manifest into this archive. */
    public static String of(Origin origin, Manifest manifest, String archive) throws WrongContent {
        if (manifest.isSchema1()) {
            throw new IllegalArgumentException("the manifest is of schema 1, which no engine loads as it is: pull it without --as-curl");
        }
        Reference reference = origin.reference();
        String tag = reference.tag();
        boolean named = tag != null;
        boolean foreign = !manifest.layers().stream().allMatch(layer -> layer.urls().isEmpty());
        String mediaType = manifest.descriptor().path("mediaType").asText();
        if (!mediaType.matches("[A-Za-z0-9_.+/-]+")) {
            throw new WrongContent("the manifest " + manifest.digest() + " calls itself what is no media type: refused, for it would stand in the script");
        }
        return SCRIPT
                .replace("{index}", named && reference.digest() == null && origin.platform() != null ? INDEX.replace("{tag}", tag) : "")
                .replace("{platform}", origin.platform() == null ? "the one platform there is" : origin.platform().toString())
                .replace("{accept}", String.join(", ", MediaType.MANIFESTS))
                .replace("{annotations}", named ? ANNOTATIONS.formatted(reference.taggedName(), tag) : "")
                .replace("{tags}", named ? "[\"" + reference.withDigest(null).familiarName() + "\"]" : "null")
                .replace("{folders}", perAlgorithm(manifest, "\"$folder/blobs/%s\""))
                .replace("{sums}", perAlgorithm(manifest, "%ssum"))
                .replace("{name}", reference.toString())
                .replace("{registry}", quoted(origin.endpoint()))
                .replace("{repository}", reference.repository())
                .replace("{indexType}", MediaType.OCI_INDEX)
                .replace("{mediaType}", mediaType)
                .replace("{urlComment}", foreign ? ", where else it may be had" : "")
                .replace("{elsewhere}", foreign ? ELSEWHERE : "")
                .replace("{size}", Integer.toString(manifest.bytes().length))
                .replace("{path}", manifest.digest().algorithm() + "/" + manifest.digest().hex())
                .replace("{digest}", manifest.digest().toString())
                .replace("{folder}", quoted(archive.replaceFirst("\\.tar$", "") + ".oci"))
                .replace("{archive}", quoted(archive))
                .replace("{blobs}", blobs(manifest));
    }

    private static String blobs(Manifest manifest) throws WrongContent {
        StringBuilder lines = new StringBuilder();
        List<Descriptor> layers = manifest.layers();
        for (Descriptor blob : manifest.blobs()) {
            int layer = layers.indexOf(blob);
            lines.append(lines.isEmpty() ? "" : "\n").append("blob ").append(blob.digest()).append(' ').append(blob.size())
                    .append(blob.urls().stream().filter(url -> url.matches("https?://\\S+")).map(url -> " " + quoted(url)).collect(Collectors.joining()))
                    .append(layer < 0 ? "  # the config" : "  # layer " + (layer + 1) + " of " + layers.size());
        }
        return lines.toString();
    }

    /** Returns a word for each algorithm that there is a digest of, nearly always SHA-256 alone. */
    private static String perAlgorithm(Manifest manifest, String word) throws WrongContent {
        return Stream.concat(Stream.of(manifest.digest()), manifest.blobs().stream().map(Descriptor::digest))
                .map(digest -> word.formatted(digest.algorithm())).distinct().collect(Collectors.joining(" "));
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_.:/+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
