package lib.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import lib.failure.WrongContentException;
import org.jspecify.annotations.Nullable;

//COMPILE_OPTIONS -encoding UTF-8
//COMPILE_OPTIONS -XDstringConcat=inline
// the compiler runs once and briefly: it is done sooner when it is not itself compiled at length
//COMPILE_OPTIONS -J-XX:TieredStopAtLevel=1
//COMPILE_OPTIONS -J-XX:+UseSerialGC
//DEPS com.fasterxml.jackson.core:jackson-databind:2.19.2

/** JSON as trees that keep the order of keys: what a registry sent is shown as it sent it. */
public final class Json {
    private static final JsonFactory FACTORY = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private Json() { }

    /**
     * Returns the one JSON object in these bytes; {@code what} names them in the WrongContentException that is thrown for anything else.
     * Its keys, and those below, are found in any case of their letters, as by Go; but for those that are data, such as labels.
     */
    public static ObjectNode object(byte[] bytes, String what) throws WrongContentException {
        return object(bytes, JsonTree.Keys.GO, what);
    }

    /**
     * Does the same for an object whose keys, and those below, are all data: they are found as they are written only.
     *
     * @throws WrongContentException for anything else
     */
    public static ObjectNode exact(byte[] bytes, String what) throws WrongContentException {
        return object(bytes, JsonTree.Keys.EXACT, what);
    }

    private static ObjectNode object(byte[] bytes, JsonTree.Keys keys, String what) throws WrongContentException {
        if (only(bytes, keys, what) instanceof ObjectNode object) {
            return object;
        }
        throw new WrongContentException(what + " is not a JSON object: " + begin(bytes));
    }

    /** Returns the one JSON array in these bytes; throws as {@link #object(byte[], String)} does. */
    public static ArrayNode array(byte[] bytes, String what) throws WrongContentException {
        JsonNode tree = only(bytes, JsonTree.Keys.GO, what);
        if (tree instanceof ArrayNode array) {
            return array;
        }
        if (tree != null && tree.isNull()) {
            return newArray(); // as Go writes an empty list
        }
        throw new WrongContentException(what + " is not a JSON array: " + begin(bytes));
    }

    /** Returns what all the bytes say, or null if they say more than one thing, or none. */
    private static @Nullable JsonNode only(byte[] bytes, JsonTree.Keys keys, String what) throws WrongContentException {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            JsonNode tree = parser.nextToken() == null ? null : JsonTree.read(parser, keys);
            return parser.nextToken() == null ? tree : null;
        } catch (IOException | NumberFormatException e) { // Jackson's word for a number with an exponent beyond reason
            throw new WrongContentException(what + " is not JSON: " + begin(bytes), e);
        }
    }

    /** Returns whether these bytes are an object or an array whose end is missing. */
    public static boolean endsEarly(byte[] bytes) {
        try (JsonParser parser = FACTORY.createParser(bytes)) {
            while (parser.nextToken() != null) {
                // as far as there is something
            }
            return false;
        } catch (JsonEOFException e) {
            return true;
        } catch (JsonParseException e) {
            return e.getLocation().getByteOffset() >= bytes.length && bytes.length > 0 && (bytes[0] == '{' || bytes[0] == '['); // within true, say
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Returns the one object that a parser of Jackson's finds, of whatever format, or null if it finds something else.
     *
     * @throws IOException if the bytes are not of the parser's format
     */
    public static @Nullable ObjectNode object(JsonParser parser) throws IOException {
        return parser.nextToken() == JsonToken.START_OBJECT && JsonTree.read(parser, JsonTree.Keys.EXACT) instanceof ObjectNode object && parser.nextToken() == null ? object : null;
    }

    /** Returns an empty object, whose keys keep their order. */
    public static ObjectNode newObject() {
        return JsonTree.NODES.objectNode();
    }

    /** Returns an empty list. */
    public static ArrayNode newArray() {
        return JsonTree.NODES.arrayNode();
    }

    /** Returns the tree on one line, without spaces: the same tree gives the same bytes everywhere. */
    public static byte[] bytes(JsonNode tree) {
        return text(tree, false).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the tree as text, indented for people or on one line. */
    public static String text(JsonNode tree, boolean indented) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            if (indented) {
                generator.useDefaultPrettyPrinter();
            }
            JsonTree.write(tree, generator);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a StringWriter has none
        }
        return text.toString();
    }

    /** Returns a tree in which each name and each text is what the function makes of it, however it was escaped. */
    public static JsonNode withTexts(JsonNode tree, UnaryOperator<String> function) {
        return JsonTree.withTexts(tree, function);
    }

    /** Returns the first characters of unexpected bytes, for an error message: printable ones on one line. */
    private static String begin(byte[] bytes) {
        String text = Secrets.masked(new String(bytes, 0, Math.min(bytes.length, 4096), StandardCharsets.UTF_8)); // before it is cut: half a password is too much
        text = text.substring(0, Math.min(text.length(), 60)).replaceAll("[^\\p{Print}]+", " ").strip();
        return bytes.length == 0 ? "it is empty" : "it begins with '" + text + "'";
    }
}
