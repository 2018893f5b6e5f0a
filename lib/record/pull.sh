#!/usr/bin/env bash
# Pulls {name} for {platform}. Needs curl, jq and tar.
# If the registry requires a login, set REGISTRY_USER and REGISTRY_PASSWORD. A proxy and certificates are curl's own
# to know: https_proxy, CURL_CA_BUNDLE, ~/.curlrc. Run it again after a broken line: what is there is not fetched again.
set -euo pipefail
export LC_ALL=C
for tool in curl jq {sums} tar; do
    command -v "$tool" >/dev/null || { echo "this script needs $tool" >&2; exit 1; }
done

# What a registry sends is a stranger's text: addresses from it go behind --url, are no patterns, and lead to the web alone.
web() {
    curl --silent --show-error --globoff --proto '=http,https' --proto-redir '{protocols}'{resolve} "$@"
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
    [ -z "${REGISTRY_USER:-}" ] || printf 'Authorization: Basic %s\n' "$(printf '%s' "$REGISTRY_USER:${REGISTRY_PASSWORD:-}" | base64 | tr -d '\n')"
}

refuse() {
    echo "$registry $1" >&2
    exit 6
}

challenge() {  # scheme
    grep -i '^www-authenticate:' <<<"$answer" | grep -o -i -E "[:,] *$1( .*)?\$" | sed -n 1p || true
}

parameter() {  # name, challenge
    grep -o -i "[ ,]$1=\"[^\"]*\"" <<<"$2" | sed -n 1p | cut -d '"' -f 2 || true
}

token_for() {  # challenge
    local realm
    realm=$(parameter realm "$1")
    case $realm in
        *[![:graph:]]* | *@*) refuse "names a token server with an invalid address" ;;
        {realms}) ;;
        *) refuse "names no token server whose address begins with {schemes}" ;;
    esac
    token=$(web --fail --get \
        --header @<(login) \
        --data-urlencode "service=$(parameter service "$1")" \
        --data-urlencode "scope=repository:$repository:pull" \
        --url "$realm" | jq --raw-output 'first((.token, .access_token) | strings | select(. != ""))')
    case $token in
        '' | *[![:graph:]]*) refuse "names a token server that gives no token" ;;
    esac
}

access() {
    local bearer
    answer=$(web --output /dev/null --dump-header - --url "$registry/v2/" | tr -d '\r' || true)
    bearer=$(challenge Bearer)
    if [ -n "$bearer" ]; then
        token_for "$bearer"
        authorization="Authorization: Bearer $token"
    elif [ -n "$(challenge Basic)" ]; then
        authorization=$(login)
        [ -n "$authorization" ] || { echo "$registry requires a login: set REGISTRY_USER and REGISTRY_PASSWORD" >&2; exit 4; }
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
        web --fail --location --retry 5 \
            --header @<(printf '%s\n' "$authorization") \
            --header "$accept" \
            --output "$file" \
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

{foreign}blob() {  # digest, size in bytes{urlComment}
    local file=$folder/blobs/${1/://} try
    for try in 1 2; do
        [ -f "$file" ] || : >"$file"
        if [ "$(wc -c <"$file")" -lt "$2" ]; then
            echo "fetching $1, $2 bytes" >&2
            access
            web --fail --location --retry 5 --continue-at - \
                --header @<(printf '%s\n' "$authorization") \
                --output "$file" \
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
jq --null-input '{schemaVersion: 2, mediaType: "{indexType}", manifests: {entries}}' \
    >"$folder/index.json"
jq --compact-output '[{Config: ("blobs/" + (.config.digest | sub(":"; "/"))), RepoTags: {tags}, Layers: [.layers[].digest | "blobs/" + sub(":"; "/")]}]' \
    "$folder/$manifest" >"$folder/manifest.json"
jq --raw-output '.config, .layers[] | .digest | "blobs/" + sub(":"; "/")' "$folder/$manifest" | grep -E -x 'blobs/[a-z0-9]+/[0-9a-f]+' | sort --unique |
    tar --create --file "$archive" --directory "$folder" --files-from - oci-layout index.json manifest.json "$manifest"{above}
printf 'wrote %q; load it with: docker load -i %q
' "$archive" "$archive" >&2
