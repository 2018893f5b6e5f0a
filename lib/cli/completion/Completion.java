package lib.cli.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import lib.text.Resource;
import picocli.AutoComplete;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine;

//FILES lib/cli/completion/completion.bash=completion.bash
//FILES lib/cli/completion/completion.fish=completion.fish
//FILES lib/cli/completion/completion.ps1=completion.ps1

/**
 * What each shell wants to hear. Around what is generated stands what is typed before options: jbang, and a command's name.
 *
 * @see <a href="https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html">bash, Programmable Completion</a>
 * @see <a href="https://fishshell.com/docs/current/cmds/complete.html">fish, complete</a>
 * @see <a href="https://learn.microsoft.com/powershell/module/microsoft.powershell.core/register-argumentcompleter">PowerShell, Register-ArgumentCompleter</a>
 */
public final class Completion {
    private final CommandLine all;
    private final Map<String, CommandLine> commands;

    /** @param all a command with those of the toolkit below it */
    public Completion(CommandLine all) {
        this.all = all;
        this.commands = new TreeMap<>(all.getSubcommands());
    }

    /** Returns the script for bash, which zsh reads, too: that which picocli makes. */
    public String bash() {
        // only its functions are wanted: no program has that name
        return AutoComplete.bash("dray", all).replaceAll("(?m)^complete -F .*$", "") + "\n" + around("bash");
    }

    /** Returns the script for fish: a line for each option of each command. */
    public String fish() {
        StringBuilder lines = new StringBuilder(around("fish"));
        commands.forEach((name, command) -> {
            lines.append("complete -c dray -c jbang -n __dray_no_command -f -a ").append(name).append(" -d ").append(quoted(command.getCommandSpec().usageMessage().description()[0])).append('\n');
            for (OptionSpec option : command.getCommandSpec().options()) {
                lines.append("complete -c dray -c jbang -n '__dray_command ").append(name).append('\'');
                for (String typed : option.names()) {
                    lines.append(typed.startsWith("--") ? " -l " + typed.substring(2) : " -s " + typed.substring(1));
                }
                List<String> values = values(option);
                lines.append(values.isEmpty() ? option.arity().max() == 0 ? "" : " -r" : " -x -a " + quoted(String.join(" ", values)));
                lines.append(" -d ").append(quoted(option.description()[0].replace("${DEFAULT-VALUE}", String.valueOf(option.defaultValue())))).append('\n');
            }
        });
        return lines.toString();
    }

    /** Returns the script for PowerShell: the options of each command, and the values of those that have a few. */
    public String powerShell() {
        StringBuilder options = new StringBuilder();
        StringBuilder values = new StringBuilder();
        commands.forEach((name, command) -> {
            List<String> names = new ArrayList<>();
            for (OptionSpec option : command.getCommandSpec().options()) {
                names.addAll(List.of(option.names()));
                for (String typed : values(option).isEmpty() ? new String[0] : option.names()) {
                    values.append("    ").append(quoted(name + " " + typed)).append(" = ").append(list(values(option))).append('\n');
                }
            }
            options.append("    ").append(quoted(name)).append(" = ").append(list(names)).append('\n');
        });
        return around("ps1").replace("{options}", options.toString().stripTrailing()).replace("{values}", values.toString().stripTrailing());
    }

    private static String list(List<String> words) {
        return words.stream().map(Completion::quoted).collect(Collectors.joining(", ", "@(", ")"));
    }

    private String around(String ending) {
        return Resource.text("lib/cli/completion/completion." + ending).replace("{names}", String.join(" ", commands.keySet()))
                .replace("{names@dray}", commands.keySet().stream().map(name -> name + "@dray").collect(Collectors.joining(" ")));
    }

    private static List<String> values(OptionSpec option) {
        List<String> values = new ArrayList<>();
        if (option.completionCandidates() != null) {
            option.completionCandidates().forEach(values::add);
        }
        return values;
    }

    /** A quote in quotes: fish takes it behind a backslash, PowerShell doubled, so there is none. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "’") + "'";
    }
}
