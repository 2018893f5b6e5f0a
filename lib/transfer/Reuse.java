package lib.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.failure.WrongContentException;
import lib.store.BlobCache;
import lib.store.DamagedArchive;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.store.layer.VerifiedStream;
import lib.store.volume.VolumeSet;
import lib.transfer.source.Senders;

/** Blobs that need not be fetched, because the cache, another archive or a layout has them. They are hashed like all others. */
final class Reuse {
    private final Journal journal;
    private final List<BlobFile> slots;
    private final Settings settings;

    /** @param slots the blobs of this run; those that are found are copied to their places */
    Reuse(Journal journal, List<BlobFile> slots, Settings settings) {
        this.journal = journal;
        this.slots = slots;
        this.settings = settings;
    }

    /** Takes for present what is in a stretch of the archive already; nobody knows any more who sent it. */
    void takeBack(long from, long to) throws IOException {
        for (BlobFile slot : slots) {
            long begin = Math.max(0, from - slot.offset);
            long end = Math.min(slot.blob.size(), to - slot.offset);
            if (begin < end) {
                slot.resume(begin, end);
                journal.have(slot.blob.digest(), begin, end, Senders.UNKNOWN);
            }
        }
    }

    /** Copies blobs that are found in the cache and in the places the user names. */
    void forFiles() throws IOException {
        reuseCached();
        reuse(namedPlaces());
    }

    /** Copies blobs also from the archive that is to be replaced, and from earlier ones of the same repositories, which stand beside it. */
    void forArchive(Path target, List<NamedImage> images) throws IOException {
        if (Files.isRegularFile(target)) {
            reuseReplaced(target);
        } else if (VolumeSet.isAt(target)) {
            reuseReplacedVolumes(target);
        }
        reuseCached();
        List<Path> places = namedPlaces();
        for (NamedImage image : images) {
            if (image.reference() != null) {
                String name = image.reference().fileName();
                addStores(places, target.toAbsolutePath().getParent(), name.substring(0, name.lastIndexOf('_')) + "_*.tar{,.001}");
            }
        }
        reuse(places.stream().distinct().toList());
    }

    private void reuseReplacedVolumes(Path target) {
        try {
            reuse(ImageStore.open(target));
        } catch (IOException e) {
            // some are missing, or damaged
        }
    }

    /** What is to be replaced may be of another version of the image, or have been damaged or cut: whatever of it is right is taken. */
    private void reuseReplaced(Path target) throws IOException {
        try {
            reuse(ImageStore.open(target));
        } catch (IOException e) {
            // no archive, or not any more
        }
        Map<String, Long> offsets = DamagedArchive.blobs(target);
        try (FileChannel old = FileChannel.open(target, StandardOpenOption.READ)) {
            for (BlobFile slot : slots) {
                if (slot.present.total() < slot.blob.size()) {
                    Long named = offsets.get(ImageStore.path(slot.blob.digest()));
                    copy(old, named == null ? slot.offset : named, slot, named != null);
                }
            }
        }
    }

    /** Copies what a file has from this offset on: all of the blob if it proves right, or what there is of one that the file ends in, if it is named there. */
    private void copy(FileChannel old, long offset, BlobFile slot, boolean isNamed) throws IOException {
        long length = Math.min(slot.blob.size(), old.size() - offset);
        if (length <= slot.present.endFrom(0)) {
            return;
        }
        boolean isWhole = length == slot.blob.size();
        if (isWhole ? VerifiedStream.isBlob(Channels.newInputStream(old.position(offset)), slot.blob) : isNamed) {
            try (FileChannel file = slot.open(StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                slot.resume(0, Resume.copy(old, offset, length, file, slot.offset));
            }
            journal.have(slot.blob.digest(), 0, length, Senders.UNKNOWN);
        }
    }

    private void reuseCached() throws IOException {
        BlobCache cache = settings.cache();
        for (BlobFile slot : cache == null ? List.<BlobFile>of() : slots) {
            if (slot.present.total() < slot.blob.size() && cache.layout().has(slot.blob)) {
                try {
                    copy(cache.layout(), slot);
                    cache.used(slot.blob);
                } catch (WrongContentException e) {
                    cache.remove(slot.blob);
                }
            }
        }
    }

    /** Has the cache hold what has come and is right, also where other blobs did not come. */
    void cache() {
        BlobCache cache = settings.cache();
        for (BlobFile slot : cache == null ? List.<BlobFile>of() : slots) {
            if (slot.verified && !slot.isPartial()) {
                cache.store(slot.blob, blob -> slot.content());
            }
        }
    }

    private void reuse(List<Path> places) {
        for (Path place : places) {
            if (slots.stream().allMatch(slot -> slot.present.total() == slot.blob.size())) {
                return;
            }
            try {
                reuse(ImageStore.open(place));
            } catch (IOException e) {
                settings.notice().accept("nothing reused of " + place + ": " + e.getMessage());
            }
        }
    }

    private void reuse(ImageStore store) throws IOException {
        for (BlobFile slot : slots) {
            if (slot.present.total() < slot.blob.size() && store.has(slot.blob)) {
                try {
                    copy(store, slot);
                } catch (WrongContentException e) {
                    settings.notice().accept("not reused: " + e.getMessage());
                }
            }
        }
    }

    private List<Path> namedPlaces() throws IOException {
        List<Path> places = new ArrayList<>();
        for (Path place : settings.reuse()) {
            if (!Files.exists(place)) {
                throw new IllegalArgumentException("nothing can be reused of " + place + ": there is no such file or folder");
            }
            if (Files.isDirectory(place) && (!ImageStore.isAt(place) || VolumeSet.isAt(place))) {
                addStores(places, place, "*");
            } else {
                places.add(place);
            }
        }
        return places;
    }

    private static void addStores(List<Path> places, Path folder, String pattern) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, pattern)) {
            for (Path entry : entries) {
                if (ImageStore.isAt(entry) && (Files.isDirectory(entry) || entry.toString().endsWith(".tar") || entry.toString().endsWith(".tar.001") && VolumeSet.isComplete(entry))) {
                    found.add(entry);
                }
            }
        }
        found.sort(null);
        places.addAll(found);
    }

    private void copy(ImageStore store, BlobFile slot) throws IOException {
        try (InputStream in = store.blob(slot.blob);
                FileChannel file = slot.open(StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[256 * 1024];
            long at = 0;
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
                while (bytes.hasRemaining()) {
                    at += file.write(bytes, slot.offset + at);
                }
            }
            slot.resume(0, at);
            journal.have(slot.blob.digest(), 0, at, Senders.UNKNOWN);
        }
    }
}
