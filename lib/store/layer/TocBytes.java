package lib.store.layer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.tar.AheadBuffers;
import lib.store.tar.ReadAhead;
import lib.store.tar.TarEntry;
import lib.store.tar.TarReader;
import org.jspecify.annotations.Nullable;

/**
 * The table of contents at the end of a layer, which the manifest holds the digest of.
 *
 * @param json what the digest is of, uncompressed
 * @param end  where the content of files ends in the layer
 * @param own  the entry of the tar that the table itself is, null if it is none
 * @see <a href="https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md">eStargz</a>
 * @see <a href="https://github.com/containers/storage/blob/main/docs/containers-storage-zstd-chunked.md">zstd:chunked</a>
 */
record TocBytes(byte[] json, long end, @Nullable TarEntry own) {
    /** A longer one is not read into memory: the layer itself is read then, entry after entry. */
    private static final int LONGEST = 32 << 20;
    private static final String STARGZ_DIGEST = "containerd.io/snapshot/stargz/toc.digest";
    /** Up to version 1.43 of containers/storage the names were without a host. */
    private static final String[] ZSTD_PREFIXES = {"io.github.containers.zstd-chunked.", "io.containers.zstd-chunked."};
    private static final Pattern POSITION = Pattern.compile("([0-9]{1,18}):([0-9]{1,9}):([0-9]{1,9}):1");
    private static final Pattern FOOTER = Pattern.compile("(?s).{16}([0-7][0-9a-f]{15})STARGZ.*");
    private static final int FOOTER_LENGTH = 51;
    private static final int OLD_FOOTER_LENGTH = 47;

    /** Returns whether the manifest says that a layer has one. */
    static boolean isAnnounced(Descriptor layer) {
        JsonNode annotations = annotations(layer);
        return annotations.has(STARGZ_DIGEST) || annotations.has(ZSTD_PREFIXES[0] + "manifest-checksum") || annotations.has(ZSTD_PREFIXES[1] + "manifest-checksum");
    }

    /**
     * Fetches it, or returns null if there is none or the source sends no parts of the layer.
     *
     * @throws IOException when it is not what it should be
     */
    static @Nullable TocBytes fetch(Descriptor layer, BlobParts parts) throws IOException {
        JsonNode annotations = annotations(layer);
        if (annotations.has(STARGZ_DIGEST)) {
            return stargz(layer, parts, digest(annotations.path(STARGZ_DIGEST)));
        }
        for (String prefix : ZSTD_PREFIXES) {
            if (annotations.has(prefix + "manifest-checksum")) {
                return zstd(layer, parts, annotations.path(prefix + "manifest-position").asText(), digest(annotations.path(prefix + "manifest-checksum")));
            }
        }
        return null;
    }

    private static JsonNode annotations(Descriptor layer) {
        return layer.json() == null ? MissingNode.getInstance() : layer.json().path("annotations");
    }

    private static Digest digest(JsonNode annotation) throws WrongContentException {
        try {
            return Digest.parse(annotation.asText());
        } catch (IllegalArgumentException e) {
            throw new WrongContentException(e.getMessage(), e);
        }
    }

    /** The last member of the gzip file is empty, but says in its header where the one with the table begins. */
    private static @Nullable TocBytes stargz(Descriptor layer, BlobParts parts, Digest digest) throws IOException {
        byte[] footer = part(layer, parts, layer.size() - FOOTER_LENGTH, layer.size());
        if (footer == null) {
            return null;
        }
        Matcher matcher = FOOTER.matcher(new String(footer, StandardCharsets.ISO_8859_1));
        if (!matcher.matches()) {
            throw new WrongContentException("the layer has no footer of eStargz");
        }
        long from = Long.parseLong(matcher.group(1), 16);
        boolean isNew = footer[0] == 0x1f && (footer[1] & 0xff) == 0x8b;
        byte[] stored = part(layer, parts, from, layer.size() - (isNew ? FOOTER_LENGTH : OLD_FOOTER_LENGTH));
        if (stored == null) {
            return null;
        }
        try (ReadAhead tar = new ReadAhead(() -> LayerStream.open(new ByteArrayInputStream(stored)), AheadBuffers.few(), null)) {
            TarReader entries = new TarReader(tar);
            TarEntry own = entries.next();
            if (own == null || own.size() > LONGEST || own.pieces() != null) {
                throw new WrongContentException("the table of contents is missing or too long");
            }
            byte[] json = entries.readAllBytes();
            check(json, digest);
            return new TocBytes(json, from, own);
        }
    }

    private static @Nullable TocBytes zstd(Descriptor layer, BlobParts parts, String position, Digest digest) throws IOException {
        Matcher matcher = POSITION.matcher(position);
        if (!matcher.matches()) {
            throw new WrongContentException("'" + position + "' is not the place of a table of contents");
        }
        long from = Long.parseLong(matcher.group(1));
        byte[] stored = part(layer, parts, from, from + Long.parseLong(matcher.group(2)));
        if (stored == null) {
            return null;
        }
        check(stored, digest);
        try (InputStream in = LayerStream.open(new ByteArrayInputStream(stored))) {
            byte[] json = in.readNBytes(LONGEST + 1);
            if (json.length > LONGEST) {
                throw new WrongContentException("the table of contents is too long");
            }
            return new TocBytes(json, from, null);
        }
    }

    private static void check(byte[] bytes, Digest digest) throws WrongContentException {
        if (!digest.isOf(bytes)) {
            throw new WrongContentException("the table of contents does not have the digest " + digest);
        }
    }

    private static byte @Nullable [] part(Descriptor layer, BlobParts parts, long from, long to) throws IOException {
        if (from < 0 || from >= to || to > layer.size() || to - from > LONGEST) {
            throw new WrongContentException("the table of contents cannot be where it is said to be");
        }
        try (InputStream in = parts.open(layer, from, to)) {
            return in == null ? null : in.readAllBytes();
        }
    }
}
