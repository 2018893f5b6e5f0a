package lib.registry.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes that a request sends.
 *
 * @param length how many bytes
 * @param source where they are, to be read anew for each try
 */
public record Body(long length, Source source) {
    /** A body of no bytes. */
    public static final Body NOTHING = of(new byte[0]);

    /** Opens the bytes at their beginning. */
    public interface Source {
        /** Returns the bytes; reading throws where they are not what they should be. */
        InputStream open() throws IOException;
    }

    /** The bytes themselves could not be read, or were not right: that is not the far side's fault. */
    public static final class NotRead extends IOException {
        /** @param cause what reading them failed with */
        public NotRead(IOException cause) {
            super(cause);
        }

        @Override
        public synchronized IOException getCause() {
            return (IOException) super.getCause();
        }
    }

    /**
     * A body that is a form (application/x-www-form-urlencoded).
     *
     * @param open   what everybody may see of it
     * @param secret its last field, which is never shown
     */
    public record Form(String open, String secret) { }

    /** Returns a body of these bytes. */
    public static Body of(byte[] bytes) {
        return new Body(bytes.length, () -> new ByteArrayInputStream(bytes));
    }
}
