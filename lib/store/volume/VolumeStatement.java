package lib.store.volume;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.failure.WrongContentException;
import lib.file.AtomicFile;
import lib.file.SmallFile;
import lib.image.Digest;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a volume is, in a small JSON file beside it, so that each medium says what is on it. A tar has no place for that in the middle of a blob.
 * It has no time and no place in it: the same image and size give the same statement.
 *
 * @param archive    what the archive would be called as one file
 * @param plan       which archive it is: the digest of a list of what stands where in it, which is known before its bytes are
 * @param size       the size of the archive in bytes
 * @param volumeSize the size of each volume but the last, in bytes
 * @param number     which volume this is, counted from 1
 * @param count      how many there are
 * @param digest     of the bytes of this volume
 * @param images     what is in the archive, for people: names with digests
 */
public record VolumeStatement(String archive, Digest plan, long size, long volumeSize, int number, int count, Digest digest, List<String> images) {
    private static final int LONGEST_MIB = 1;

    /** Returns whether two volumes are of one archive that was cut in one way. */
    boolean isOfSame(VolumeStatement other) {
        return plan.equals(other.plan) && size == other.size && volumeSize == other.volumeSize;
    }

    /** Returns whether this is the statement of a volume with this number of the archive of this plan, cut like that. */
    public boolean isOf(Digest plan, Volumes volumes, int number) {
        return plan.equals(this.plan) && size == volumes.size() && volumeSize == volumes.volumeSize() && this.number == number;
    }

    /**
     * Reads a statement; returns null if there is none.
     *
     * @throws WrongContentException if the file is not a statement
     * @throws IOException           if it cannot be read
     */
    public static @Nullable VolumeStatement at(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        ObjectNode json = Json.exact(SmallFile.named(file, LONGEST_MIB), file.toString());
        try {
            List<String> images = new ArrayList<>();
            json.path("images").forEach(image -> images.add(image.asText()));
            VolumeStatement statement = new VolumeStatement(json.path("archive").asText(), Digest.parse(json.path("plan").asText()), number(json, "size"), number(json, "volumeSize"),
                    (int) number(json, "number"), (int) number(json, "count"), Digest.parse(json.path("digest").asText()), images);
            Volumes volumes = Volumes.of(file, statement.size, statement.volumeSize);
            if (statement.count != volumes.count() || statement.number > statement.count) {
                throw new IllegalArgumentException("its numbers contradict each other");
            }
            return statement;
        } catch (IllegalArgumentException e) {
            throw new WrongContentException(file + " is not the statement of a volume: " + e.getMessage(), e);
        }
    }

    private static long number(ObjectNode json, String key) {
        JsonNode value = json.path(key);
        if (!value.canConvertToLong() || value.asLong() < 1) {
            throw new IllegalArgumentException(key + " is not a positive number");
        }
        return value.asLong();
    }

    /** Writes the statement; throws IOException if that cannot be done. */
    void write(Path file) throws IOException {
        ObjectNode json = Json.newObject().put("archive", archive).put("number", number).put("count", count).put("digest", digest.toString())
                .put("size", size).put("volumeSize", volumeSize).put("plan", plan.toString());
        images.forEach(json.putArray("images")::add);
        AtomicFile.write(file, out -> out.write((Json.text(json, true) + "\n").getBytes(StandardCharsets.UTF_8)));
    }
}
