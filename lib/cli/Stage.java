package lib.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import lib.cli.terminal.Terminal;
import lib.failure.WrongContentException;
import lib.image.Origin;
import lib.text.Json;
import lib.text.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * What goes from one script to the next: the registry's own JSON, and where it came from.
 *
 * @param origin the value of the {@code image} key
 * @param json   the rest, as the registry sent it or as somebody edited it on the way; null if the image was named by an argument
 */
public record Stage(Origin origin, @Nullable ObjectNode json) {
    private static final int LONGEST = 32 * 1024 * 1024;

    /** Returns the stage on stdin; throws IllegalArgumentException for anything else that comes there. */
    public static Stage fromStdin() throws IOException {
        if (Terminal.is(Terminal.IN)) {
            throw new IllegalArgumentException("name an image, or pipe in the output of the previous command; see --help");
        }
        try (InputStream in = System.in) {
            return of(in.readNBytes(LONGEST));
        }
    }

    /** Returns the stages that come here, one a line where there are several, as pull prints them; throws IllegalArgumentException for anything else. */
    static List<Stage> all(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LONGEST);
        List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).toList();
        boolean isOneALine = lines.size() > 1 && lines.stream().allMatch(line -> line.matches("\\{\".*\\}")); // one that is indented is not
        return isOneALine ? lines.stream().map(line -> of(line.getBytes(StandardCharsets.UTF_8))).toList() : List.of(of(bytes));
    }

    private static Stage of(byte[] bytes) {
        if (new String(bytes, StandardCharsets.UTF_8).isBlank()) {
            throw new IllegalArgumentException("nothing came on stdin: no image was named, or the previous command failed");
        }
        try {
            ObjectNode json = Json.object(bytes, "what came on stdin");
            return new Stage(Origin.takeFrom(json), json);
        } catch (WrongContentException e) {
            throw new IllegalArgumentException(e.getMessage() + "; a stage's JSON is needed, such as manifest prints", e);
        }
    }

    /** Returns the layout or the archive that holds the image as it is, as pull says it; null where the JSON says what is wanted of it, or nothing is there yet. */
    public @Nullable Path wholeImage() {
        return json != null && json.isEmpty() && origin.place() != null ? Path.of(origin.place()) : null;
    }

    /**
     * Prints the stage on stdout: indented for a terminal, one line for a pipe.
     *
     * @throws IOException if stdout cannot be written
     */
    public void print() throws IOException {
        ObjectNode all = json.deepCopy();
        all.set("image", origin.toJson());
        print(all);
    }

    /**
     * Prints JSON that comes from no image.
     *
     * @throws IOException if stdout cannot be written
     */
    public static void print(ObjectNode json) throws IOException {
        boolean terminal = isForPeople();
        String text = Json.text(json, terminal) + "\n";
        print((terminal ? PlainText.json(text) : text).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns whether stdout is a terminal: people may want less than JSON. */
    public static boolean isForPeople() {
        return Terminal.is(Terminal.OUT);
    }

    /**
     * Prints JSON as its bytes are, or on a terminal so that it says the same.
     *
     * @throws IOException if stdout cannot be written
     */
    public static void printJson(byte[] json) throws IOException {
        print(isForPeople() ? PlainText.json(new String(json, StandardCharsets.UTF_8).replace("\r", "")).getBytes(StandardCharsets.UTF_8) : json);
    }

    /**
     * Prints lines for people, each as a terminal may show it.
     *
     * @throws IOException if stdout cannot be written
     */
    public static void printLines(List<String> lines) throws IOException {
        print((String.join("\n", lines.stream().map(CommonOptions::plain).toList()) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Prints bytes on stdout as they are. More may follow, so it stays open.
     *
     * @throws IOException if stdout cannot be written
     */
    public static void print(byte[] bytes) throws IOException {
        stdout().write(bytes);
    }

    /** Returns stdout itself: unlike System.out it reports when the reader has gone. */
    public static OutputStream stdout() {
        return new FileOutputStream(FileDescriptor.out);
    }
}
