package lib.store.format;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.image.Descriptor;
import lib.store.layer.BlobSource;

/** Writes a planned archive from its first byte to its last, for a pipe that cannot be written out of order. */
public final class ArchiveWriter {
    private ArchiveWriter() { }

    /**
     * Writes an archive as it was planned, in order; each blob is opened once.
     *
     * @throws lib.failure.WrongContentException if a blob is not what its digest says
     * @throws IOException                       if a blob cannot be read, or the stream cannot be written
     */
    public static void write(ArchivePlan plan, BlobSource blobs, OutputStream out) throws IOException {
        List<Map.Entry<Long, Object>> pieces = new ArrayList<>();
        plan.texts().forEach((offset, text) -> pieces.add(Map.entry(offset, text)));
        plan.places().forEach((blob, offset) -> pieces.add(Map.entry(offset, blob)));
        pieces.sort(Map.Entry.comparingByKey(Long::compare));
        // An empty blob has the same offset as the text after it: there is nothing of it to write.
        for (Map.Entry<Long, Object> piece : pieces) {
            if (piece.getValue() instanceof Descriptor blob) {
                try (InputStream in = blobs.open(blob)) {
                    in.transferTo(out);
                }
            } else {
                out.write((byte[]) piece.getValue());
            }
        }
        out.flush();
    }
}
