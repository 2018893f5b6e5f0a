# The tag points to an index, which lists a manifest for each platform. This one was chosen from it.
index=$(web --fail --location --retry 5 \
    --header @<(printf '%s\n' "$authorization") \
    --header "$accept" \
    --url "$registry/v2/$repository/manifests/{tag}")
jq --ascii-output --exit-status '.manifests[] | select(.digest == "{digest}")' <<<"$index" >&2 ||
    echo "{tag} does not list it: an index below leads there, or {tag} has moved on since this script was written" >&2
