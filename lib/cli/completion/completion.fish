# --- what is typed before the options: jbang NAME, jbang NAME@dray, or dray NAME

function __dray_no_command
    test (count (commandline -opc)) -eq 1
end

function __dray_command # name
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test (string replace -r '@dray$' '' -- $words[2]) = $argv[1]
end

complete -c jbang -n __dray_no_command -a '{names@dray}'
