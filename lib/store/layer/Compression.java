package lib.store.layer;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.HexFormat;

/** How something is compressed, which its first bytes tell: media types and names of files are not always right. */
public enum Compression {
    NONE, GZIP, ZSTD, XZ, BZIP2;

    /** So many bytes tell bzip2 from the name of a file, with which a tar begins. */
    private static final int MAGIC = 10;

    /**
     * Returns how a stream is compressed; it is where it was afterwards. A zstd file begins with a frame of its own or, as in the
     * seekable forms, with one that is to be skipped (RFC 8878, 3.1).
     *
     * @throws IOException if the stream cannot be read
     */
    public static Compression of(BufferedInputStream in) throws IOException {
        in.mark(MAGIC);
        String magic = HexFormat.of().formatHex(in.readNBytes(MAGIC));
        in.reset();
        if (magic.startsWith("1f8b")) {
            return GZIP;
        }
        if (magic.matches("(28b52ffd|5.2a4d18).*")) {
            return ZSTD;
        }
        if (magic.startsWith("fd377a585a00")) {
            return XZ;
        }
        return magic.matches("425a68..314159265359") ? BZIP2 : NONE;
    }

    /** Returns the program's name. */
    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
