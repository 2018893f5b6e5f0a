package tests.files;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import lib.image.Digest;
import lib.text.Json;
import tests.store.TarMaker;
import tests.support.LayoutWriter;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/LayoutWriter.java

/**
 * Writes layers in the form of eStargz, as its specification says: each content is in a gzip member of its own, and the last but one
 * member is a tar of the table of contents.
 *
 * @see <a href="https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md">eStargz</a>
 */
final class StargzMaker {
    private static final int CHUNK = 1 << 20;

    private final ByteArrayOutputStream blob = new ByteArrayOutputStream();
    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();
    private final ArrayNode entries = Json.newArray();
    /** What belongs into the next member, in front of a content. */
    private byte[] pending = {};

    StargzMaker folder(String name) {
        header(new TarMaker().folder(name));
        entries.addObject().put("name", name + "/").put("type", "dir").put("mode", 0755).put("modtime", "2020-01-02T03:04:05Z");
        return this;
    }

    StargzMaker link(String type, String name, String target) {
        header(type.equals("symlink") ? new TarMaker().symbolicLink(name, target) : new TarMaker().hardLink(name, target));
        entries.addObject().put("name", name).put("type", type).put("linkName", target).put("mode", 0777);
        return this;
    }

    /** Adds a file; a long one is divided into chunks. */
    StargzMaker file(String name, byte[] content) {
        header(new TarMaker().entry('0', name, "", content.length, 0644));
        ObjectNode entry = entries.addObject().put("name", name).put("type", "reg").put("mode", 0644).put("size", content.length).put("digest", Digest.of(content).toString());
        for (int at = 0; at < content.length; at += CHUNK) {
            flush();
            byte[] chunk = java.util.Arrays.copyOfRange(content, at, Math.min(content.length, at + CHUNK));
            ObjectNode place = at == 0 ? entry : entries.addObject().put("name", name).put("type", "chunk").put("chunkOffset", at);
            place.put("offset", blob.size()).put("chunkDigest", Digest.of(chunk).toString());
            if (content.length > CHUNK) {
                place.put("chunkSize", chunk.length);
            }
            pending = chunk;
        }
        append(new byte[-content.length & 511]);
        return this;
    }

    private void header(TarMaker header) {
        append(header.unfinished());
    }

    private void append(byte[] bytes) {
        byte[] all = java.util.Arrays.copyOf(pending, pending.length + bytes.length);
        System.arraycopy(bytes, 0, all, pending.length, bytes.length);
        pending = all;
    }

    /** Writes a member of what is pending. */
    private void flush() {
        tar.writeBytes(pending);
        try (GZIPOutputStream member = new GZIPOutputStream(blob)) {
            member.write(pending);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        pending = new byte[0];
    }

    /**
     * Ends the layer and stores it, with the annotation that says which table is the right one.
     *
     * @param isOld whether the footer is that of the time before eStargz
     */
    LayoutWriter.Layer end(LayoutWriter layout, boolean isOld) {
        flush();
        byte[] table = Json.bytes(Json.newObject().put("version", 1).set("entries", entries));
        long offset = blob.size();
        pending = new TarMaker().file("stargz.index.json", new String(table, StandardCharsets.ISO_8859_1)).end();
        flush();
        String place = String.format("%016xSTARGZ", offset);
        blob.writeBytes(Base64.getDecoder().decode("H4sIBAAAAAAA/w=="));
        blob.writeBytes((isOld ? "\u0016\0" : "\u001a\0SG\u0016\0").getBytes(StandardCharsets.ISO_8859_1));
        blob.writeBytes(place.getBytes(StandardCharsets.ISO_8859_1));
        blob.writeBytes(new byte[] {1, 0, 0, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0});
        ObjectNode descriptor = layout.blob("application/vnd.oci.image.layer.v1.tar+gzip", blob.toByteArray());
        descriptor.putObject("annotations").put("containerd.io/snapshot/stargz/toc.digest", Digest.of(table).toString());
        return new LayoutWriter.Layer(descriptor, Digest.of(tar.toByteArray()));
    }
}
