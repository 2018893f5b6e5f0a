package lib.shell;

import java.nio.charset.StandardCharsets;
import lib.image.Digest;
import lib.text.PlainText;

/** A blob that was fetched and is what its digest says. */
public record Blob(Digest digest, byte[] bytes) {

    /** Returns the bytes as text, which a config is. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return digest + ", " + bytes.length + " bytes" + (bytes.length > 0 && bytes[0] == '{' ? ":\n" + PlainText.lines(text()) : "");
    }
}
