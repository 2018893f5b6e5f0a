package tests.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import tests.support.Checkout;

//SOURCES ../support/Checkout.java

/** A page and a man page for each script, of the same words as its help: docs/commands/NAME.md and docs/man/dray-NAME.1. */
final class CommandPages {
    private CommandPages() { }

    /** Returns all pages by their paths from the root of the repository. */
    static Map<String, String> all() throws IOException {
        Map<String, String> pages = new LinkedHashMap<>();
        for (String name : names()) {
            CommandSpec command = spec(name);
            pages.put("docs/commands/" + name + ".md", markdown(command));
            pages.put("docs/man/dray-" + name + ".1", man(command));
        }
        return pages;
    }

    /** The front door has no options of its own. */
    private static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(Checkout.root().resolve("scripts"))) {
            return files.map(file -> file.getFileName().toString().replace(".java", "")).filter(name -> !name.equals("dray")).sorted().toList();
        }
    }

    private static CommandSpec spec(String name) {
        try {
            return new CommandLine(Class.forName("scripts." + name).getDeclaredConstructor().newInstance()).getCommandSpec();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String markdown(CommandSpec command) {
        StringBuilder page = new StringBuilder("# " + command.name() + "\n" + String.join(" ", command.usageMessage().description()) + "\n\n    "
                + command.name() + " [OPTION]..." + parameters(command) + "\n");
        command.positionalParameters().forEach(parameter -> page.append("\n`").append(parameter.paramLabel()).append("`  \n").append(text(parameter)).append("\n"));
        page.append("\n## Options\n");
        command.options().forEach(option -> page.append("\n`").append(label(option)).append("`  \n").append(text(option)).append("\n"));
        page.append("\n## Examples\n\n");
        footer(command).filter(line -> line.startsWith("  ")).forEach(line -> page.append("  ").append(line).append("\n"));
        return page + "\n" + footer(command).filter(line -> line.startsWith("Specification")).findFirst().orElseThrow() + "\n";
    }

    private static String man(CommandSpec command) {
        StringBuilder page = new StringBuilder(".TH DRAY-" + command.name().toUpperCase(java.util.Locale.ROOT) + " 1\n.SH NAME\ndray-" + command.name() + " \\- "
                + roff(command.usageMessage().description()[0]) + "\n.SH SYNOPSIS\n.B dray " + command.name() + "\n[OPTION]..." + roff(parameters(command)) + "\n.SH DESCRIPTION\n"
                + roff(String.join(" ", command.usageMessage().description())) + "\n");
        command.positionalParameters().forEach(parameter -> page.append(".TP\n.I ").append(roff(parameter.paramLabel())).append("\n").append(roff(text(parameter))).append("\n"));
        page.append(".SH OPTIONS\n");
        command.options().forEach(option -> page.append(".TP\n.B ").append(roff(label(option))).append("\n").append(roff(text(option))).append("\n"));
        page.append(".SH EXAMPLES\n.nf\n");
        footer(command).filter(line -> line.startsWith("  ")).forEach(line -> page.append(roff(line)).append("\n"));
        return page + ".fi\n";
    }

    private static Stream<String> footer(CommandSpec command) {
        return Stream.of(command.usageMessage().footer());
    }

    private static String parameters(CommandSpec command) {
        StringBuilder text = new StringBuilder();
        command.positionalParameters().forEach(parameter -> text.append(parameter.required() ? " " + parameter.paramLabel() : " [" + parameter.paramLabel() + "]"));
        return text.toString();
    }

    private static String label(OptionSpec option) {
        return String.join(", ", option.names()) + (option.arity().max() == 0 ? "" : "=" + option.paramLabel());
    }

    private static String text(ArgSpec described) {
        return String.join(" ", described.description());
    }

    /** Escapes what means something to roff. */
    private static String roff(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replaceFirst("^([.'])", "\\\\&$1");
    }
}
