package lib.cli;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine;

/**
 * What --help prints: a line for each option, in groups, the command's own first. Each option's description begins with that line;
 * what follows it is for the pages under docs/commands and the man pages. Where that is more than a screen, the groups that many commands share
 * are named only.
 */
final class HelpPage {
    private static final int COLUMN = 27;
    private static final int WIDTH = 80;
    /** Of options and their headings, in lines: with what stands around them, a page fits a screen. */
    private static final int MOST_LINES = 34;
    private static final Set<String> SHARED = Set.of("Login", "Network", "Recording", "Transfer");
    private static final int NAMES_COLUMN = 12;
    private static final String EXIT_CODES = """
            Exit codes: 0 done, 2 usage, 3 not found, 4 not allowed, 5 wrong content,
              6 network or registry, 7 rate limit, 8 no signature, 9 wrong signature
            --help-all explains each option.
            """;

    private final boolean details;

    private HelpPage(boolean details) {
        this.details = details;
    }

    /** Has a command print its help this way, with or without the details. */
    static void install(CommandLine line, boolean details) {
        HelpPage page = new HelpPage(details);
        Map<String, CommandLine.IHelpSectionRenderer> sections = line.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_SYNOPSIS, help -> synopsis(help.commandSpec()));
        sections.put(UsageMessageSpec.SECTION_KEY_DESCRIPTION, help -> lines(broken(String.join(" ", help.commandSpec().usageMessage().description()), WIDTH)));
        sections.put(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST, help -> page.parameters(help.commandSpec()));
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> page.options(help.commandSpec()));
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING, help -> "");
        sections.put(UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST, help -> "\n" + EXIT_CODES);
        // the examples and the address of the specification are there to be copied: picocli would break them at column 80
        sections.put(UsageMessageSpec.SECTION_KEY_FOOTER, help -> lines(footer(help.commandSpec().usageMessage().footer())));
    }

    private static String synopsis(CommandSpec command) {
        StringBuilder text = new StringBuilder(" [OPTION]...");
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            String label = parameter.paramLabel() + (parameter.arity().max() > 1 || parameter.index().max() > parameter.index().min() ? "..." : "");
            text.append(' ').append(parameter.required() ? label : "[" + label + "]");
        }
        return command.name() + text + "\n\n";
    }

    private String parameters(CommandSpec command) {
        StringBuilder text = new StringBuilder();
        if (!command.positionalParameters().isEmpty()) {
            text.append('\n');
        }
        command.positionalParameters().forEach(parameter -> text.append(line("  " + parameter.paramLabel(), parameter)));
        return text.toString();
    }

    private String options(CommandSpec command) {
        Map<String, List<OptionSpec>> groups = new LinkedHashMap<>();
        groups.put("Options", new ArrayList<>());
        command.options().forEach(option -> groups.computeIfAbsent(group(option), name -> new ArrayList<>()).add(option));
        groups.put("Common", groups.remove("Common"));
        String all = options(groups, Set.of());
        return details || all.lines().count() <= MOST_LINES ? all : options(groups, SHARED);
    }

    /** @param brief the groups whose options are not explained */
    private String options(Map<String, List<OptionSpec>> groups, Set<String> brief) {
        StringBuilder names = new StringBuilder();
        StringBuilder text = new StringBuilder();
        groups.forEach((name, options) -> {
            if (brief.contains(name)) {
                String all = String.join(" ", options.stream().map(option -> option.names()[0]).toList());
                String begin = name + ":" + " ".repeat(NAMES_COLUMN - name.length() - 1);
                names.append(begin).append(String.join("\n" + " ".repeat(NAMES_COLUMN), broken(all, WIDTH - NAMES_COLUMN))).append('\n');
            } else if (!options.isEmpty()) {
                text.append('\n').append(name).append(":\n");
                options.forEach(option -> text.append(line(label(option), option)));
            }
        });
        return text + (names.isEmpty() ? "" : "\n" + names);
    }

    /** The class that an option is declared in says which group it belongs to; a command's own have none. */
    private static String group(OptionSpec option) {
        Command mixin = ((Field) option.userObject()).getDeclaringClass().getAnnotation(Command.class);
        return mixin == null || !mixin.name().equals(CommandLine.Model.CommandSpec.DEFAULT_COMMAND_NAME) ? "Options" : mixin.optionListHeading();
    }

    private static String label(OptionSpec option) {
        List<String> names = List.of(option.names());
        String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
        return (names.get(0).startsWith("--") ? "      " : "  ") + String.join(", ", names) + value;
    }

    private String line(String label, ArgSpec described) {
        List<String> lines = new ArrayList<>(List.of(described.description()[0]));
        if (details) {
            Stream.of(described.description()).skip(1).forEach(details -> lines.addAll(broken(details, WIDTH - COLUMN)));
        }
        StringBuilder text = new StringBuilder(label.length() < COLUMN ? label : label + "\n");
        for (String line : lines) {
            text.append(" ".repeat(COLUMN - Math.min(COLUMN, text.length() - text.lastIndexOf("\n") - 1))).append(line).append('\n');
        }
        return text.toString();
    }

    /** Returns lines of so many columns, broken between words. */
    private static List<String> broken(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** Examples and addresses stay in one line each; sentences are broken anew. */
    private static List<String> footer(String... text) {
        List<String> lines = new ArrayList<>();
        StringBuilder sentences = new StringBuilder();
        for (String line : text) {
            boolean isFixed = line.isEmpty() || line.matches("  .*|Examples:|Specification: .*");
            if (isFixed && !sentences.isEmpty()) {
                lines.addAll(broken(sentences.toString(), WIDTH));
                sentences.setLength(0);
            }
            if (isFixed) {
                lines.add(line);
            } else {
                sentences.append(sentences.isEmpty() ? "" : " ").append(line);
            }
        }
        return lines;
    }

    private static String lines(List<String> lines) {
        return String.join(System.lineSeparator(), lines) + System.lineSeparator();
    }
}
