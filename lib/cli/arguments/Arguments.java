package lib.cli.arguments;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts arguments into the fields of a command, as picocli does by the annotations of these fields. To read those takes picocli a third of a
 * small script's start, so what they say is kept in {@link KnownArguments}, and usual arguments need picocli no more: options by their whole names, each
 * value in a word of its own or behind a {@code =}. Anything else is picocli's, which also has the words for what is wrong.
 */
public final class Arguments {
    /** What a field holds: of those in the plural several, a choice is one of an enum's constants by what it is called in text, a mixin has options of its own. */
    private enum Kind {
        flag, text, number, path, choice, texts, paths, mixin;

        boolean isList() {
            return this == texts || this == paths;
        }
    }

    /** A field for an option or for an argument without one. Not a record, as each is only itself: a record's hash code takes long to link. */
    private static final class Place {
        private final Object holder;
        private final String name;
        private final Kind kind;

        Place(Object holder, String name, Kind kind) {
            this.holder = holder;
            this.name = name;
            this.kind = kind;
        }

        Field field() throws ReflectiveOperationException {
            Field field = holder.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field;
        }
    }

    private final Map<String, Place> options = new HashMap<>();
    private final List<Place> parameters = new ArrayList<>();
    private final Map<Place, Object> values = new LinkedHashMap<>();
    private final List<String> words = new ArrayList<>();
    private final List<Place> required = new ArrayList<>();

    private Arguments() { }

    /**
     * Fills the fields of a command, unless that is picocli's to do.
     *
     * @return the arguments that are not options; null where it is for picocli, and no field was changed
     */
    public static @Nullable List<String> fill(Object command, String... args) {
        Arguments arguments = new Arguments();
        try {
            if (!arguments.know(command) || !arguments.read(args)) {
                return null;
            }
            for (Map.Entry<Place, Object> value : arguments.values.entrySet()) {
                value.getKey().field().set(value.getKey().holder, value.getValue());
            }
            return arguments.words;
        } catch (ReflectiveOperationException | NumberFormatException | InvalidPathException e) {
            return null;
        }
    }

    /** Learns which options and parameters an object has, and those that it mixes in; returns false if nothing is known of it. */
    private boolean know(Object holder) throws ReflectiveOperationException {
        List<String> rows = KnownArguments.of(holder.getClass().getName());
        if (rows.isEmpty() || holder.getClass().getDeclaredFields().length != Integer.parseInt(rows.get(0))) {
            return false; // it was changed, and the table was not yet
        }
        for (String row : rows.subList(1, rows.size())) {
            String[] words = row.split(" ", 4);
            Place place = new Place(holder, words[1], Kind.valueOf(words[0]));
            if (place.kind == Kind.mixin) {
                Object mixin = made(place.field().getType());
                values.put(place, mixin);
                if (!know(mixin)) {
                    return false;
                }
                continue;
            }
            if (words.length > 3) {
                values.put(place, value(place, words[3]));
            }
            for (String name : words[2].split(",")) {
                if (name.startsWith("-")) {
                    options.put(name, place);
                } else if (name.equals("parameter")) {
                    parameters.add(place);
                } else {
                    required.add(place);
                }
            }
        }
        return true;
    }

    /** Reads all arguments; returns false if one is not as usual, or if some are missing. */
    private boolean read(String... args) throws ReflectiveOperationException {
        Set<Place> given = new HashSet<>();
        int parameter = 0;
        for (int i = 0; i < args.length; i++) {
            String arg = args[i];
            boolean isOption = arg.startsWith("-") && arg.length() > 1;
            int equals = isOption ? arg.indexOf('=') : -1;
            Place place = isOption ? options.get(equals < 0 ? arg : arg.substring(0, equals)) : parameter < parameters.size() ? parameters.get(parameter) : null;
            if (place == null || !given.add(place) && !place.kind.isList()) {
                return false;
            }
            String text = !isOption ? arg : equals >= 0 ? arg.substring(equals + 1) : place.kind == Kind.flag ? "" : ++i < args.length ? args[i] : "";
            if (place.kind == Kind.flag ? equals >= 0 : text.isEmpty() || text.startsWith("@") || equals < 0 && text.startsWith("-") && text.length() > 1) {
                return false; // such as a list of arguments in a file
            }
            add(place, text);
            if (!isOption) {
                words.add(text);
            }
            parameter += isOption || place.kind.isList() ? 0 : 1;
        }
        return given.containsAll(required);
    }

    @SuppressWarnings("unchecked")
    private void add(Place place, String text) throws ReflectiveOperationException {
        if (place.kind.isList() && values.get(place) instanceof List<?> list) {
            ((List<Object>) list).add(value(place, text));
        } else {
            values.put(place, place.kind.isList() ? new ArrayList<>(List.of(value(place, text))) : value(place, text));
        }
    }

    private static Object value(Place place, String text) throws ReflectiveOperationException {
        return switch (place.kind) {
            case flag -> true;
            case number -> Integer.valueOf(text);
            case path, paths -> Path.of(text);
            case choice -> chosen(place.field().getType(), text);
            default -> text;
        };
    }

    /** Throws NumberFormatException if there is no such choice. */
    private static Object chosen(Class<?> type, String text) {
        for (Object each : type.getEnumConstants()) {
            if (each.toString().equals(text)) {
                return each;
            }
        }
        throw new NumberFormatException(text);
    }

    private static Object made(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }
}
