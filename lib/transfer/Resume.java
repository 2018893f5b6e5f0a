package lib.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lib.image.Digest;
import lib.store.volume.PartFiles;
import org.jspecify.annotations.Nullable;

/** Takes up what an earlier run left of the same files. Its bytes are hashed like all others before they are trusted. */
final class Resume {
    private final Journal journal;
    private final List<BlobFile> slots;

    /** @param slots the blobs of this run; their ranges are filled with what is there */
    Resume(Journal journal, List<BlobFile> slots) {
        this.journal = journal;
        this.slots = slots;
    }

    /**
     * Takes up what the journal notes of an archive that all slots are in. Where that is of another plan, as when a tag has moved, or was cut in another
     * way, the blobs that both plans have are carried over into new files.
     */
    void ofArchive(PartFiles parts) throws IOException {
        Map<Digest, Journal.Noted> notes = journal.read();
        PartFiles old = parts.withVolumeSize(journal.volumeSize());
        if (!old.exist()) {
            notes.clear();
        }
        boolean samePlan = notes.size() == slots.size() && old.equals(parts) && slots.stream().allMatch(slot -> isSame(slot, notes.get(slot.blob.digest())));
        if (samePlan) {
            slots.forEach(slot -> notes.get(slot.blob.digest()).resume(slot));
        } else if (!notes.isEmpty()) {
            carryOver(old, notes, parts);
        } else {
            parts.delete(); // nothing tells what they hold
        }
        journal.begin(slots, parts.volumeSize());
    }

    /**
     * Takes up what the journal notes of slots that are files of their own.
     *
     * @param parts tells where another blob that is noted in the same journal has its bytes as long as it is not complete, null if there are none
     * @return what is noted of such others: it is kept for the run that takes them up
     */
    Map<Digest, Journal.Noted> ofFiles(Function<Digest, @Nullable Path> parts) throws IOException {
        Map<Digest, Journal.Noted> notes = journal.read();
        for (BlobFile slot : slots) {
            if (slot.isFound()) {
                continue;
            }
            if (Files.exists(slot.file) && isSame(slot, notes.get(slot.blob.digest()))) {
                notes.get(slot.blob.digest()).resume(slot);
            } else {
                Files.deleteIfExists(slot.file); // nothing tells what it holds
            }
        }
        Map<Digest, Journal.Noted> others = new LinkedHashMap<>(notes);
        slots.forEach(slot -> others.remove(slot.blob.digest()));
        others.keySet().removeIf(other -> !isThere(parts.apply(other)));
        journal.begin(slots, 0, others);
        return others;
    }

    private static boolean isThere(@Nullable Path part) {
        return part != null && Files.exists(part);
    }

    private static boolean isSame(BlobFile slot, Journal.Noted noted) {
        return noted != null && noted.offset() == slot.offset && noted.size() == slot.blob.size();
    }

    private void carryOver(PartFiles parts, Map<Digest, Journal.Noted> notes, PartFiles target) throws IOException {
        PartFiles fresh = target.withEnding(target.ending() + ".new");
        try (FileChannel old = parts.open(StandardOpenOption.READ);
                FileChannel file = fresh.open(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (BlobFile slot : slots) {
                Journal.Noted noted = notes.get(slot.blob.digest());
                if (noted != null && noted.size() == slot.blob.size()) {
                    for (String sender : noted.senders().fewestFirst()) {
                        for (Map.Entry<Long, Long> stretch : noted.senders().of(sender).entrySet()) {
                            long end = copy(old, noted.offset() + stretch.getKey(), stretch.getValue() - stretch.getKey(), file, slot.offset + stretch.getKey());
                            slot.resume(stretch.getKey(), stretch.getKey() + end, sender);
                        }
                    }
                }
            }
        }
        parts.delete();
        fresh.replace(target);
    }

    /** Copies so many bytes from one place of an older file to another of the new one; returns how many there were. */
    static long copy(FileChannel old, long place, long length, FileChannel file, long target) throws IOException {
        file.position(target);
        long copied = 0;
        while (copied < length) {
            long count = old.transferTo(place + copied, length - copied, file);
            if (count <= 0) {
                break; // the old file is shorter than its journal says, or is being cut
            }
            copied += count;
        }
        return copied;
    }
}
