package tests.cli;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tests.support.Checkout;

//SOURCES ../support/Checkout.java

/** Writes what lib/cli/arguments/KnownArguments.java holds, by picocli's model of all scripts. */
public final class ArgumentTable {
    public static final Path FILE = Path.of("lib/cli/arguments/KnownArguments.java");
    private static final int WIDTH = 150;

    private ArgumentTable() { }

    /** Returns the whole file. */
    public static String text() throws IOException {
        Map<String, List<String>> tables = new TreeMap<>();
        for (String name : scripts()) {
            add(type("scripts." + name), tables);
        }
        StringBuilder text = new StringBuilder("""
                package lib.cli.arguments;

                import java.util.List;

                /**
                 * What the annotations of commands say of their fields. Written by tests/docs/pages.java, not to be edited; a test holds it.
                 * The first row has the number of fields: where it is another, the table is out of date. Each other row has the kind of a field, its name,
                 * the names of its option, or that it is a parameter, whether it has to be given, and what it holds if not.
                 */
                final class KnownArguments {
                    private KnownArguments() { }

                    /** Returns the rows of a class by its name; none where nothing is known of it. Options that are missing are for picocli. */
                    static List<String> of(String type) {
                        return switch (type) {
                """);
        tables.forEach((name, rows) -> text.append("            case \"").append(name).append("\" -> List.of(").append(wrapped(rows)).append(");\n"));
        return text + "            default -> List.of();\n        };\n    }\n}\n";
    }

    static List<String> scripts() throws IOException {
        try (Stream<Path> files = Files.list(Checkout.root().resolve("scripts"))) {
            return files.map(file -> file.getFileName().toString().replace(".java", "")).filter(name -> !name.equals("dray")).sorted().toList();
        }
    }

    static Class<?> type(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String wrapped(List<String> rows) {
        StringBuilder text = new StringBuilder();
        int length = WIDTH;
        for (String row : rows) {
            String quoted = "\"" + row + "\"";
            text.append(text.isEmpty() ? "" : ",");
            boolean fits = length + quoted.length() + 2 <= WIDTH;
            text.append(fits ? " " : "\n                    ").append(quoted);
            length = (fits ? length + 1 : 20) + quoted.length() + 1;
        }
        return text.toString();
    }

    private static void add(Class<?> type, Map<String, List<String>> tables) {
        if (tables.containsKey(type.getName())) {
            return;
        }
        List<String> rows = new ArrayList<>(List.of(Integer.toString(type.getDeclaredFields().length)));
        tables.put(type.getName(), rows);
        CommandSpec spec = new CommandLine(CommandSpec.forAnnotatedObject(type)).getCommandSpec();
        for (Field field : type.getDeclaredFields()) {
            if (field.isAnnotationPresent(Mixin.class)) {
                rows.add("mixin " + field.getName());
                add(field.getType(), tables);
            } else if (field.isAnnotationPresent(Option.class)) {
                OptionSpec option = spec.findOption(field.getAnnotation(Option.class).names()[0]);
                if (isUsual(option, field)) {
                    rows.add(row(field, String.join(",", option.names()) + (option.required() ? ",required" : ""), option));
                }
            } else if (field.isAnnotationPresent(Spec.class)) {
                throw new IllegalStateException(field + " is filled by picocli only");
            }
        }
        List<Field> parameters = spec.positionalParameters().stream().map(parameter -> (Field) parameter.userObject()).toList();
        if (parameters.stream().map(Field::getDeclaringClass).distinct().count() > 1) {
            throw new IllegalStateException(type + ": in which order do the parameters of several classes come?");
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            Field field = (Field) parameter.userObject();
            if (field.getDeclaringClass() == type) {
                rows.add(row(field, parameter.arity().min() > 0 ? "parameter,required" : "parameter", parameter));
            }
        }
    }

    /** Returns whether this option needs nothing of picocli: it has one value, none, or one each time, of a simple type. */
    static boolean isUsual(OptionSpec option, Field field) {
        boolean isOfHelp = option.usageHelp() || option.versionHelp() || option.longestName().equals("--help-all");
        boolean hasOneValue = option.arity().min() == option.arity().max() && option.arity().max() == (kind(field).equals("flag") ? 0 : 1);
        boolean isSimple = !kind(field).isEmpty() && hasOneValue && option.splitRegex().isEmpty() && (option.converters().length == 0 || kind(field).equals("choice"));
        if (!isSimple && option.defaultValue() != null) {
            throw new IllegalStateException(field + ": give it an initial value in place of defaultValue");
        }
        return isSimple && !isOfHelp;
    }

    private static String row(Field field, String names, ArgSpec argument) {
        String kind = kind(field);
        if (kind.isEmpty() || argument.defaultValue() != null && kind.equals("choice")) {
            throw new IllegalStateException(field + ": lib.cli.arguments does not know such a type, or how to fill it at first: give it an initial value in place of defaultValue");
        }
        return kind + " " + field.getName() + " " + names + (argument.defaultValue() == null ? "" : " " + argument.defaultValue());
    }

    /** Returns which kind of {@link lib.cli.arguments.Arguments} this is, "" for none. */
    private static String kind(Field field) {
        Class<?> type = field.getType();
        if (type == List.class) {
            type = (Class<?>) ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0];
            return type == String.class ? "texts" : type == Path.class ? "paths" : "";
        }
        Map<Class<?>, String> kinds = Map.of(boolean.class, "flag", String.class, "text", int.class, "number", Integer.class, "number", Path.class, "path");
        return type.isEnum() ? "choice" : kinds.getOrDefault(type, "");
    }
}
