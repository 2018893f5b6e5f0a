package lib.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** HTML, JavaScript, CSS and bash that the library writes: files of their own, which JBang builds in where a Java file names them with //FILES. */
public final class Resource {
    private Resource() { }

    /**
     * Returns the text of a file that was built in, its lines ended by {@code \n} even where git checked it out with {@code \r\n}.
     *
     * @param path the file's path from the root of the repository
     * @throws IllegalStateException if it was not built in
     */
    public static String text(String path) {
        try (InputStream in = Resource.class.getResourceAsStream("/" + path)) {
            if (in == null) {
                throw new IllegalStateException("no file " + path + " was built in");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
