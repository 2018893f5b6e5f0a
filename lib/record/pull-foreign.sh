# Foreign layers may lie elsewhere: the token is not sent there.
elsewhere() {  # file, URLs
    local url code=$?
    for url in "${@:2}"; do
        web --fail --location --retry 5 --continue-at - --output "$1" --url "$url" && return
        code=$?
    done
    return $code
}

