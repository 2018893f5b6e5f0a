package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import lib.cli.arguments.Arguments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tests.support.Checkout;

//SOURCES ArgumentTable.java
//SOURCES ../support/Checkout.java

/** Usual arguments are put into a command's fields as picocli does it, and all others are left to picocli. */
class ArgumentsTest {
    @Test
    void should_know_what_the_annotations_say() throws IOException {
        assertEquals(ArgumentTable.text(), Files.readString(Checkout.root().resolve(ArgumentTable.FILE)), "run ./jbang tests/docs/pages.java");
    }

    @Test
    void should_fill_the_fields_of_every_script_as_picocli_does() throws Exception {
        for (String script : ArgumentTable.scripts()) {
            CommandSpec spec = new CommandLine(made(script)).getCommandSpec();
            List<String> parameters = new ArrayList<>(spec.positionalParameters().stream().map(PositionalParamSpec::paramLabel).toList());
            spec.options().stream().filter(OptionSpec::required).forEach(option -> parameters.add(option.longestName() + "=" + value(option)));
            List<String> all = new ArrayList<>(parameters);
            assertSame(script, parameters);
            for (OptionSpec option : spec.options()) {
                if (!option.required() && ArgumentTable.isUsual(option, (Field) option.userObject())) {
                    for (String name : option.names()) {
                        List<String> words = option.arity().max() == 0 ? List.of(name) : List.of(name, value(option));
                        assertSame(script, joined(words, parameters));
                        assertSame(script, joined(parameters, words));
                        assertSame(script, joined(parameters, List.of(String.join("=", words))));
                        assertSame(script, option.isMultiValue() ? joined(words, words, parameters, List.of(name + "=other")) : parameters);
                    }
                    all.add(option.arity().max() == 0 ? option.longestName() : option.longestName() + "=" + value(option));
                }
            }
            assertSame(script, all);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-qo a.tar nginx", "--outpu a.tar nginx", "nginx -o", "nginx -o --quiet", "nginx -o @file", "@file", "-- nginx", "--quiet", "nginx --quiet=true",
        "nginx -o a -o b", "nginx -q -q", "nginx -q --quiet", "nginx --proxy=", "nginx --retries many", "nginx --format zip", "nginx --help", "nginx --help-all", "--version", "nginx -h",
        "nginx -oa.tar", "nginx -o=", "--nope"})
    void should_leave_to_picocli_what_is_unusual_or_wrong(String line) throws Exception {
        Object command = made("pull");
        Map<String, String> before = fields(command, "");
        assertNull(Arguments.fill(command, line.split(" ")));
        assertEquals(before, fields(command, ""));
    }

    @Test
    void should_leave_to_picocli_too_few_and_too_many() throws Exception {
        assertNull(Arguments.fill(made("pull")));
        assertNull(Arguments.fill(made("pull"), ""));
        assertNull(Arguments.fill(made("cat"), "nginx"));
        assertNull(Arguments.fill(made("ls"), "nginx", "etc", "usr"));
        assertNull(Arguments.fill(new Object()));
    }

    @Test
    void should_return_the_arguments_that_are_not_options() throws Exception {
        assertEquals(List.of("nginx", "-"), Arguments.fill(made("pull"), "nginx", "-u", "me:secret", "-", "-o", "-"));
    }

    private static void assertSame(String script, List<String> args) throws Exception {
        Object command = made(script);
        assertNotNull(Arguments.fill(command, args.toArray(String[]::new)), () -> script + " " + args);
        Object expected = made(script);
        new CommandLine(expected).parseArgs(args.toArray(String[]::new));
        assertEquals(fields(expected, ""), fields(command, ""), () -> script + " " + args);
    }

    /** Returns what the fields hold that picocli fills, by their paths. */
    private static Map<String, String> fields(Object holder, String path) throws ReflectiveOperationException {
        Map<String, String> fields = new TreeMap<>();
        for (Field field : holder.getClass().getDeclaredFields()) {
            field.setAccessible(true);
            Object value = field.get(holder);
            if (field.isAnnotationPresent(Mixin.class) && value != null) {
                fields.putAll(fields(value, path + field.getName() + "."));
            } else if (field.isAnnotationPresent(Option.class) || field.isAnnotationPresent(Parameters.class) || field.isAnnotationPresent(Mixin.class)) {
                fields.put(path + field.getName(), String.valueOf(value));
            }
        }
        return fields;
    }

    private static String value(OptionSpec option) {
        Class<?> type = option.type();
        return type.isEnum() ? type.getEnumConstants()[1].toString() : type == int.class || type == Integer.class ? "7" : "some/thing";
    }

    @SafeVarargs
    private static List<String> joined(List<String>... parts) {
        List<String> all = new ArrayList<>();
        for (List<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }

    private static Object made(String script) throws ReflectiveOperationException {
        return ArgumentTable.type("scripts." + script).getDeclaredConstructor().newInstance();
    }
}
