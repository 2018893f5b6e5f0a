# --- what is typed before the options: jbang NAME, jbang NAME@dray, dray NAME, or NAME alone where it was installed as an app

# JBang's own completion, where it was there before, goes on beside this one.
_dray_before=$(complete -p jbang 2>/dev/null)
_dray_before=${_dray_before##*-F }
_dray_before=${_dray_before%% *}
[ "$_dray_before" != _dray_jbang ] || _dray_before=

# After --image: the names of the images in the archive or the layout that is on the line. Only index.json is read.
_dray_images() {  # what is typed of the name
    local place list
    for place in "${COMP_WORDS[@]}"; do
        if [ -f "$place/index.json" ]; then
            list=$(cat "$place/index.json")
        elif [[ $place = *.tar && -f $place ]]; then
            list=$(tar -xOf "$place" index.json 2>/dev/null)
        else
            continue
        fi
        list=$(grep -o '"io.containerd.image.name":"[^"]*"' <<< "$list" | sed 's/.*:"//; s/"$//; s#^docker.io/library/##; s#^docker.io/##')
        COMPREPLY+=($(compgen -W "$list" -- "$1"))
    done
    if [[ -n $BASH_VERSION && $COMP_WORDBREAKS = *:* ]]; then  # bash takes what is before the last colon for a word of its own
        COMPREPLY=("${COMPREPLY[@]#"${1%"${1##*:}"}"}")
    fi
}

_dray_options() {  # script
    local line=${COMP_LINE:0:$COMP_POINT} typed
    typed=${line##* }
    if [[ ${line%"$typed"} = *' --image ' ]]; then
        COMPREPLY=()
        _dray_images "$typed"
        return
    fi
    "_picocli_dray_$1"
    if [ ${#COMPREPLY[@]} -eq 0 ]; then
        compopt -o default 2>/dev/null
    fi
}

_dray_jbang() {
    local current=${COMP_WORDS[COMP_CWORD]} script=${COMP_WORDS[1]%%@*} names='{names@dray}' own
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        if [[ ${COMP_WORDS[0]} = */* || ${COMP_WORDS[0]} = dray || -f jbang-catalog.json ]]; then
            names='{names}'  # in a checkout
        fi
        COMPREPLY=($(compgen -W "$names" -- "$current"))
    elif [ "${COMP_WORDS[2]}" = @ ] && [ "$COMP_CWORD" -le 3 ]; then
        COMPREPLY=(dray)  # bash takes the @ for a word
        return
    else
        case ' {names} ' in
            *" $script "*) _dray_options "$script"; return ;;
        esac
    fi
    if [ -n "$_dray_before" ] && [ "${COMP_WORDS[0]##*/}" != dray ]; then
        own=("${COMPREPLY[@]}")
        "$_dray_before" "$@"
        COMPREPLY+=("${own[@]}")
    elif [ ${#COMPREPLY[@]} -eq 0 ]; then
        compopt -o default 2>/dev/null
    fi
}

_dray_app() {
    _dray_options "${COMP_WORDS[0]##*/}"
}

complete -F _dray_jbang -o default jbang dray
for _dray_app in {names}; do
    [ ! -e "${JBANG_DIR:-$HOME/.jbang}/bin/$_dray_app" ] || complete -F _dray_app -o default "$_dray_app"
done
unset _dray_app
