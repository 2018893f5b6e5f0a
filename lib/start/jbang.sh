# Read by the launcher ./jbang where it has no start kept: finds JBang, or fetches it, and has it run the script.

version=0.132.1
jar_sha256=f977075849cff866f45b27997f5671ab8a336a5dd3cf9e702b3479128338f3a7
archive_sha256=93baab61cd5805f4fc9496527b2842af9ae45a5281e67b50d185ca76ec4fe85c
releases=${JBANG_DOWNLOAD_BASEURL:-https://github.com/jbangdev/jbang/releases}
releases=${releases%/}
advice='https://www.jbang.dev/download/ says how'

# What must not stay: a half fetched file, and the turn that others wait for. An exec does not come by the trap.
temporary=
turn=
clean_up() {
    [ -z "$temporary" ] || rm -rf "$temporary"
    [ -z "$turn" ] || rm -f "$turn"
    temporary=
    turn=
}
trap clean_up EXIT

# ---- turns

# Waits until no other start is at the same thing, two minutes at most. The turn is a link that holds the number of its
# process. The link of a process that was killed stays and the next one follows it, so that no two can both take over.
take_turn() {  # thing
    local folder=$cache/turns-$1 number=1 look holder
    mkdir -p "$folder" 2>/dev/null
    [ -w "$folder" ] || return
    for ((look = 0; look < 600; look++)); do
        if holder=$(readlink "$folder/$number"); then
            if kill -0 "$holder" 2>/dev/null; then
                [ $look -ne 25 ] || say "waiting for process $holder, which is at the same first start"
                sleep 0.2
            else
                number=$((number + 1))
            fi
        elif ln -s $$ "$folder/$number" 2>/dev/null; then
            turn=$folder/$number
            return
        fi
    done
}

# ---- what starts JBang: $jbang, a program, or $java with $jar

# Not this file itself, nor that of another checkout, which may be on the PATH as well.
have_program() {
    local second
    while IFS= read -r jbang; do
        second=
        { read -r -n 100 _ && read -r -n 100 second; } 2>/dev/null <"$jbang"
        case $second in
            '# Starts JBang for the scripts of this checkout'*) ;;
            *) return 0 ;;
        esac
    done < <(type -aP jbang)
    jbang=
    return 1
}

have_java() {
    for java in "${JAVA_HOME:+$JAVA_HOME/bin/java}" "$(type -P java)" "$jbang_dir/currentjdk/bin/java"; do
        [ -x "$java" ] || continue
        # macOS has a java that does nothing but ask for one
        [ "$java" != /usr/bin/java ] || [ ! -x /usr/libexec/java_home ] || /usr/libexec/java_home >/dev/null 2>&1 || continue
        return 0
    done
    java=
    return 1
}

have_jar() {
    local name=jbang-cli-$version-all.jar
    jar=$cache/$name
    [ -f "$jar" ] || { type -P mvn >/dev/null && fetch with_maven "$name"; }
}

have_archive() {
    local name=jbang-$version
    address=$releases/download/v$version/jbang-$version.zip
    if [ -n "${JBANG_DOWNLOAD_URL:-}" ]; then
        address=$JBANG_DOWNLOAD_URL
        name=jbang-$(printf %s "$address" | cksum | tr -d ' ')
    fi
    jbang=$cache/$name/bin/jbang
    [ -f "$jbang" ] || { type -P curl >/dev/null && fetch with_curl "$name"; }
}

# ---- fetching

# Fetches into a folder that no other start knows, and gives what came its name only when it has been checked.
fetch() {  # how, name in the cache
    take_turn fetch
    if [ ! -e "$cache/$2" ]; then
        [ -z "$turn" ] || rm -rf "$cache"/fetch.*  # left by starts that were killed
        temporary=$(mktemp -d "$cache/fetch.XXXXXX") || exit 1
        "$1" "$temporary/$2" && mv -f "$temporary/$2" "$cache/$2"
    fi
    clean_up
    [ -e "$cache/$2" ]
}

with_maven() {  # file
    local output
    say "fetching JBang $version with Maven, this once"
    # from another folder, where no project of the user can have a say
    output=$(cd "$temporary" && mvn -q -B ${JBANG_REPO:+"-Dmaven.repo.local=$JBANG_REPO"} \
        org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy \
        "-Dartifact=dev.jbang:jbang-cli:$version:jar:all" "-DoutputDirectory=$temporary" </dev/null 2>&1)
    if [ ! -f "$1" ]; then
        output=${output#*'[ERROR] '}
        say "Maven did not bring JBang: ${output%%$'\n'*}"
        return 1
    fi
    check "$1" "$jar_sha256" "JBang's jar as Maven brought it"
}

with_curl() {  # folder
    local file=$temporary/archive sum=$archive_sha256 tops
    say "fetching JBang from $address, this once"
    download "$address" "$file" || die 6 "could not fetch JBang from $address${without_java:+, and Java is missing}; install JBang: $advice"
    if [ -n "${JBANG_DOWNLOAD_URL:-}" ]; then
        sum=$(download "$address.sha256" - 2>/dev/null) || say "no SHA-256 at $address.sha256: this JBang is not checked"
    fi
    [ -z "$sum" ] || check "$file" "${sum:0:64}" "$address"
    mkdir "$temporary/unpacked"
    unpack "$file" "$temporary/unpacked" || die 1 "could not unpack $address; unzip would help"
    tops=("$temporary"/unpacked/*/bin/jbang)
    [ -f "${tops[0]}" ] || die 5 "refused $address: it holds no bin/jbang"
    chmod +x "${tops[0]}"
    mv "${tops[0]%/bin/jbang}" "$1"
}

download() {  # address, file
    curl -fsSL --connect-timeout 20 --retry 2 -o "$2" "$1"
}

# Only some tars know zip, and not every machine has unzip; a JDK has jar, which does as well.
unpack() {  # tar or zip, folder
    { tar -xof "$1" -C "$2" || unzip -q "$1" -d "$2" || (cd "$2" && "${java%java}jar" -xf "$1") || python3 -m zipfile -e "$1" "$2"; } 2>/dev/null
}

check() {  # file, SHA-256, what it is
    local sum
    if type -P sha256sum >/dev/null; then
        sum=$(sha256sum <"$1")
    elif type -P shasum >/dev/null; then
        sum=$(shasum -a 256 <"$1")
    else
        sum=$(openssl dgst -sha256 -r <"$1")
    fi
    sum=${sum%% *}
    [ "$sum" = "$2" ] || die 5 "refused $3: its SHA-256 is ${sum:-not to be had here}, not $2"
}

# ---- keeping

# Has JBang build the script, and keeps how it would start it. A JBang that says it in a way not known here is left to do it.
keep_start() {
    local line value list= classpath= main= jdk= start signs before code jars=() options=()
    before=$(signs)
    ask_jbang build "$root/scripts/$script.java" </dev/null 2>&1 | in_short >&2
    code=${PIPESTATUS[0]}
    [ "$code" -eq 0 ] || exit "$code"
    while IFS= read -r line; do
        value=${line#*'": '}
        value=${value#"${value%%[! ]*}"}
        value=${value%,}
        value=${value#\"}
        value=${value%\"}
        value=${value//\\\\/\\}  # as in paths of Windows
        case $line in
            *'"applicationJar": "'*) classpath=$value ;;
            *'"mainClass": "'*) main=$value ;;
            *'"availableJdkPath": "'*) jdk=$value ;;
            *'"resolvedDependencies": ['*) list=jars ;;
            *'"runtimeOptions": ['*) list=options ;;
            *': ['* | *']'*) list= ;;
            *) case $list in
                jars) jars+=("$value") ;;
                options) options+=("$value") ;;
            esac ;;
        esac
    done < <(ask_jbang --quiet info tools "$root/scripts/$script.java" </dev/null)
    { [ -n "$main" ] && [ -f "$classpath" ] && [ -x "$jdk/bin/java" ]; } || return
    [ ${#jars[@]} -eq 0 ] || classpath=$classpath$(printf "$separator%s" "${jars[@]}")
    # the name of the archive is new each time, so that one still being made for what was kept before is not taken for it
    start=$(printf '%s\n' "$jdk/bin/java" "$classpath" "$main" "$kept/classes-$$-$RANDOM.jsa" "${options[@]}" '')
    signs=$(signs "${classpath%%"$separator"*}" "$jdk/release")
    case $signs in
        "$before"*) ;;
        *) return 1 ;;  # a file changed meanwhile: who knows what was built
    esac
    { mkdir -p "$kept" && rm -f "$kept"/* && printf '%s\n\n%s' "$start" "$signs" >"$kept/start.$$" && mv -f "$kept/start.$$" "$kept/start"; } 2>/dev/null
}

# What JBang says while it builds, in one sentence; anything else that it says, such as why it cannot, as it is.
in_short() {
    local line said=
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
            '[jbang] Resolving dependencies'* | '[jbang] Building jar for '*)
                [ -n "$said" ] || say "building $script, with its libraries, this once"
                said=yes
                ;;
            '[jbang] Dependencies resolved' | '[jbang]    '*:*:* | 'Note: '*) ;;  # javac notes what may be better, not what is wrong
            *) printf '%s\n' "$line" ;;
        esac
    done
}

# ---- running

ask_jbang() {
    if [ -n "$jbang" ]; then
        "$jbang" "$@"
    else
        # Java knows the home folder from the password file, where containers often have no entry for their user
        JBANG_NO_VERSION_CHECK=true "$java" ${HOME:+"-Duser.home=$HOME"} ${JBANG_JAVA_OPTIONS:--XX:TieredStopAtLevel=1 -XX:+UseSerialGC} \
            -classpath "$jar" dev.jbang.Main "$@"
    fi
}

# JBang started twice at once on a script it has not built yet breaks its own build. So such a start is a turn.
run() {
    if [ -n "$script" ]; then
        take_turn "$script"
        start_as_kept "${@:2}"
        ! keep_start || start_as_kept "${@:2}"
        clean_up
    fi
    [ -z "$jbang" ] || exec "$jbang" "$@"
    run_jar "$@"
}

# JBang's exit code 255 says that it printed the command to run, which takes this process over.
run_jar() {
    local output code color=0 no_terminal=true
    [ ! -t 0 ] || no_terminal=false
    [ ! -t 1 ] || color=1
    output=$(CLICOLOR_FORCE=${CLICOLOR_FORCE:-$color} JBANG_STDIN_NOTTY=$no_terminal JBANG_RUNTIME_SHELL=bash ask_jbang "$@")
    code=$?
    if [ $code -eq 255 ]; then
        eval "exec $output"
    fi
    [ -z "$output" ] || printf '%s\n' "$output"
    exit $code
}

if have_program; then
    run "$@"
fi
have_java || without_java=yes
if [ -n "$java" ] && have_jar; then
    run "$@"
elif have_archive; then
    run "$@"
elif [ -z "$java" ]; then
    die 1 "Java is missing, and neither jbang nor curl is there to bring it; install a JDK, 17 or newer, and JBang: $advice"
elif type -P mvn >/dev/null; then
    die 6 "Maven could not fetch JBang, and curl is not there to try next; install JBang: $advice"
fi
die 1 "neither jbang nor Maven (mvn) nor curl is on the PATH; install one of them, best JBang: $advice"
