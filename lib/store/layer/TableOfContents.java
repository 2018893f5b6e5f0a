package lib.store.layer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.tar.TarEntry;
import lib.text.Json;
import org.apache.commons.io.input.BoundedInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What is in a layer, and where the content of each file is, so that one can be fetched without the others. eStargz and zstd:chunked
 * have nearly the same table. By the manifest it has a digest, and it has a digest of each content: nothing is taken on trust.
 */
public final class TableOfContents {
    /** No more than this is decompressed to get at a content that stands behind others. */
    private static final long LONGEST_BEFORE = 1 << 28;
    /** What the table calls types, in the order of the type flags of a tar. */
    private static final List<String> TYPES = List.of("reg", "hardlink", "symlink", "char", "block", "dir", "fifo");

    private final Descriptor layer;
    private final BlobParts parts;
    private final List<Item> items;

    /** An entry; where its content begins in the layer, how many uncompressed bytes come before it there, where it ends, and its digest or null. */
    private record Item(TarEntry entry, long from, long inner, long to, @Nullable Digest digest) { }

    private TableOfContents(Descriptor layer, BlobParts parts, List<Item> items) {
        this.layer = layer;
        this.parts = parts;
        this.items = items;
    }

    /** Fetches the table of a layer; returns null if there is none, or where there is any doubt about it. */
    static @Nullable TableOfContents of(Descriptor layer, BlobParts parts) throws InterruptedIOException {
        if (parts == null || !TocBytes.isAnnounced(layer)) {
            return null;
        }
        try {
            TocBytes bytes = TocBytes.fetch(layer, parts);
            return bytes == null ? null : new TableOfContents(layer, parts, items(bytes));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | IllegalArgumentException | DateTimeParseException e) {
            return null; // the layer itself is still there to be read
        }
    }

    private static List<Item> items(TocBytes toc) throws IOException {
        JsonNode json = Json.object(toc.json(), "the table of contents");
        if (json.path("version").asInt() != 1 || !json.path("entries").isArray()) {
            throw new WrongContentException("the table of contents is of another version");
        }
        TreeSet<Long> ends = new TreeSet<>(List.of(toc.end()));
        json.path("entries").forEach(entry -> ends.add(entry.path("offset").asLong()));
        List<Item> items = new ArrayList<>();
        JsonNode file = null;
        for (JsonNode entry : json.path("entries")) {
            boolean isChunk = entry.path("type").asText().equals("chunk");
            if (!isChunk) {
                file = entry;
                items.add(item(file, end(file, ends)));
            } else if (file != null && !file.has("endOffset")) {
                items.set(items.size() - 1, item(file, end(entry, ends)));
            }
        }
        if (toc.own() != null) {
            items.add(new Item(toc.own(), 0, 0, 0, null));
        }
        return items;
    }

    private static long end(JsonNode entry, TreeSet<Long> ends) {
        Long next = ends.higher(entry.path("offset").asLong());
        return entry.path("endOffset").asLong(next == null ? 0 : next);
    }

    private static Item item(JsonNode json, long end) throws WrongContentException {
        int type = TYPES.indexOf(json.path("type").asText());
        String name = json.path("name").asText();
        String link = json.path("linkName").asText();
        // JSON has no bytes: names that are not UTF-8 all look alike there
        if (type < 0 || name.isEmpty() || json.path("size").asLong() < 0 || (name + link).indexOf('\ufffd') >= 0) {
            throw new WrongContentException("the table of contents has an entry that cannot be right");
        }
        String time = json.path("modtime").asText();
        Instant modified = time.isEmpty() ? Instant.EPOCH : OffsetDateTime.parse(time).toInstant();
        TarEntry entry = new TarEntry(name, (char) (TarEntry.FILE + type), json.path("mode").asInt(), json.path("uid").asLong(), json.path("gid").asLong(),
                json.path("size").asLong(), FileTime.from(modified), link, json.path("devMajor").asInt(), json.path("devMinor").asInt(), extended(json.path("xattrs")), null);
        String digest = json.path("digest").asText();
        return new Item(entry, json.path("offset").asLong(), json.path("innerOffset").asLong(), end, digest.isEmpty() ? null : Digest.parse(digest));
    }

    /** Returns the extended attributes, whose values are in Base64. */
    private static Map<String, byte[]> extended(JsonNode json) {
        Map<String, byte[]> extended = new HashMap<>();
        json.properties().forEach(one -> extended.put(one.getKey(), Base64.getDecoder().decode(one.getValue().asText())));
        return extended;
    }

    /** Returns the entries, in the order of the layer. */
    public List<TarEntry> entries() {
        return items.stream().map(Item::entry).toList();
    }

    /** Returns the digest of the content of a file, by the number of its entry, or null if the table does not say. */
    @Nullable Digest digest(int number) {
        Item item = items.get(number);
        return item.digest == null && item.entry.size() == 0 ? Digest.of(new byte[0]) : item.digest;
    }

    /**
     * Fetches the content of a file, and no more of the layer.
     *
     * @param number of its entry
     * @throws IOException when it cannot be had so, or is not what the table says
     */
    public void write(int number, WritableByteChannel out) throws IOException {
        Item item = items.get(number);
        if (item.entry.size() == 0) {
            return;
        }
        if (item.digest == null || item.inner > LONGEST_BEFORE || item.from < 0 || item.from >= item.to || item.to > layer.size()) {
            throw new WrongContentException("the table of contents does not say where the content is");
        }
        try (InputStream part = parts.open(layer, item.from, item.to)) {
            if (part == null) {
                throw new IOException("the registry no longer sends parts of the layer");
            }
            try (InputStream in = LayerStream.open(part)) {
                in.skipNBytes(item.inner);
                InputStream content = BoundedInputStream.builder().setInputStream(in).setMaxCount(item.entry.size()).get();
                VerifiedStream.ofFile(content, item.entry.name(), item.digest, item.entry.size()).transferTo(Channels.newOutputStream(out));
            }
        }
    }
}
