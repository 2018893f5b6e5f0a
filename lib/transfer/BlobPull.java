package lib.transfer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Schema1;
import lib.registry.Registry;
import lib.store.Layout;
import lib.store.NamedImage;
import lib.store.format.Assembly;
import org.jspecify.annotations.Nullable;

/** Blobs into files of their own: the same as into an archive, with a file for each slot. */
public final class BlobPull {
    private BlobPull() { }

    /**
     * Fetches what a layout has not yet of an image, and lists the image in its index. Blobs that are there already are verified too.
     * Returns the image as it is there: with a manifest of schema 2 where the registry has one of schema 1.
     *
     * @throws lib.failure.RegistryException     if the registry does not give a blob
     * @throws lib.failure.WrongContentException if a blob is not what its digest says
     * @throws IOException                       if the layout cannot be written to
     */
    public static NamedImage intoLayout(Layout layout, RemoteImage image, Settings settings) throws IOException {
        NamedImage named = image.named();
        if (image.manifest().isSchema1()) {
            Schema1 old = Schema1.of(image.manifest());
            List<Descriptor> layers = image.registry().describe(old.digests());
            fetch(layout, layers, image.registry(), settings);
            named = new NamedImage(Assembly.of(layout, old, layers), image.origin().reference());
        } else {
            fetch(layout, named.blobs(), image.registry(), settings);
        }
        layout.add(named);
        return named;
    }

    private static void fetch(Layout layout, List<Descriptor> blobs, Registry registry, Settings settings) throws IOException {
        Map<Digest, BlobFile> slots = new LinkedHashMap<>();
        for (Descriptor blob : blobs) {
            Path file = layout.blobPath(blob.digest());
            Files.createDirectories(file.getParent());
            slots.putIfAbsent(blob.digest(), slot(blob, registry, file));
        }
        transfer(List.copyOf(slots.values()), layout.path().resolve("dray.journal"), settings, digest -> part(layout.blobPath(digest)));
    }

    /**
     * Fetches one blob into a file, which takes its name when it is verified.
     *
     * @throws lib.failure.RegistryException     if the registry does not give it
     * @throws lib.failure.WrongContentException if it is not what its digest says
     * @throws IOException                       if the file cannot be written
     */
    public static void intoFile(Path file, Descriptor blob, Registry registry, Settings settings) throws IOException {
        transfer(List.of(slot(blob, registry, file)), file.resolveSibling(file.getFileName() + ".journal"), settings, other -> null);
    }

    private static BlobFile slot(Descriptor blob, Registry registry, Path file) throws IOException {
        boolean isThere = Files.isRegularFile(file) && Files.size(file) == blob.size();
        Path part = part(file);
        return isThere ? BlobFile.found(blob, registry, file, part) : new BlobFile(blob, registry, part, file);
    }

    /** Returns where a file is as long as it is not complete. */
    public static Path part(Path file) {
        return file.resolveSibling(file.getFileName() + ".part");
    }

    private static void transfer(List<BlobFile> slots, Path notes, Settings settings, Function<Digest, @Nullable Path> parts) throws IOException {
        try (Journal journal = Journal.open(notes, settings.notice())) {
            Reuse reuse = new Reuse(journal, slots, settings);
            Map<Digest, Journal.Noted> others = new Resume(journal, slots).ofFiles(parts);
            reuse.forFiles();
            settings.watcher().accept(List.copyOf(slots));
            try {
                new Transfer(slots, journal, settings).run();
            } finally {
                reuse.cache();
            }
            journal.deleteBut(others);
        }
    }
}
