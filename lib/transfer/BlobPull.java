package lib.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.image.Descriptor;
import lib.registry.Registry;
import lib.store.Layout;

//SOURCES ../image/Descriptor.java
//SOURCES ../registry/Registry.java
//SOURCES ../store/Layout.java
//SOURCES Journal.java
//SOURCES Leftovers.java
//SOURCES Settings.java
//SOURCES Slot.java
//SOURCES Transfer.java
//SOURCES Wanted.java

/** Blobs into files of their own: the same as into an archive, with a file for each slot. */
public final class BlobPull {
    private BlobPull() { }

    /** Fetches what a layout has not yet of an image, and lists the image in its index. Blobs that are there already are verified too. */
    public static void intoLayout(Layout layout, Wanted image, Settings settings) throws IOException {
        List<Slot> slots = new ArrayList<>();
        for (Descriptor blob : image.named().blobs()) {
            Path file = layout.blobPath(blob.digest());
            Files.createDirectories(file.getParent());
            slots.add(slot(blob, image.registry(), file));
        }
        transfer(slots, layout.path().resolve("dray.journal"), settings);
        layout.add(image.named());
    }

    /** Fetches one blob into a file, which takes its name when it is verified. */
    public static void intoFile(Path file, Descriptor blob, Registry registry, Settings settings) throws IOException {
        transfer(List.of(slot(blob, registry, file)), file.resolveSibling(file.getFileName() + ".journal"), settings);
    }

    private static Slot slot(Descriptor blob, Registry registry, Path file) throws IOException {
        boolean isThere = Files.isRegularFile(file) && Files.size(file) == blob.size();
        return isThere
                ? new Slot(blob, registry, file, 0, null)
                : new Slot(blob, registry, file.resolveSibling(file.getFileName() + ".part"), 0, file);
    }

    private static void transfer(List<Slot> slots, Path notes, Settings settings) throws IOException {
        try (Journal journal = Journal.open(notes, settings.notice())) {
            Leftovers leftovers = new Leftovers(journal, null, slots, settings);
            leftovers.resumeFiles();
            leftovers.reuse();
            settings.watcher().accept(slots);
            new Transfer(slots, journal, settings).run();
            journal.delete();
        }
    }
}
