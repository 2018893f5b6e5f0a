package lib.transfer;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import lib.file.TrustedFile;
import lib.image.Digest;

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
     * Takes up what the journal notes of one file that all slots are in. Where that is of another plan, as when a tag has moved,
     * the blobs that both plans have are carried over into a new file.
     */
    void ofArchive(Path part) throws IOException {
        Map<Digest, Journal.Noted> notes = Files.exists(part) ? journal.read() : Map.of();
        boolean samePlan = notes.size() == slots.size() && slots.stream().allMatch(slot -> isSame(slot, notes.get(slot.blob.digest())));
        if (samePlan) {
            slots.forEach(slot -> notes.get(slot.blob.digest()).resume(slot));
        } else if (!notes.isEmpty()) {
            carryOver(part, notes);
        } else {
            Files.deleteIfExists(part); // nothing tells what it holds
        }
        journal.begin(slots);
    }

    /** Takes up what the journal notes of slots that are files of their own. */
    void ofFiles() throws IOException {
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
        journal.begin(slots);
    }

    private static boolean isSame(BlobFile slot, Journal.Noted noted) {
        return noted != null && noted.offset() == slot.offset && noted.size() == slot.blob.size();
    }

    private void carryOver(Path part, Map<Digest, Journal.Noted> notes) throws IOException {
        Path fresh = part.resolveSibling(part.getFileName() + ".new");
        try (FileChannel old = TrustedFile.open(part, StandardOpenOption.READ);
                FileChannel file = TrustedFile.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
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
        Files.move(fresh, part, StandardCopyOption.REPLACE_EXISTING);
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
