package lib;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import lib.cli.CommonOptions;
import lib.cli.Terminal;
import lib.failure.NotFound;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Platform;
import lib.image.Reference;
import lib.record.Explain;
import lib.registry.ListBounds;
import lib.registry.Listed;
import lib.registry.Network;
import lib.registry.Registry;
import lib.registry.Tags;
import lib.registry.hosts.ShortNames;
import lib.store.BlobCache;
import lib.text.Json;
import lib.text.PlainText;
import lib.transfer.BlobStream;
import lib.transfer.Pull;
import lib.transfer.Settings;
import lib.transfer.Wanted;

//SOURCES sources/Dray.java

/**
 * The library's front door, for JShell: methods that have the scripts' names and do what the scripts do.
 * Begin with {@code var i = image("nginx:alpine")}.
 */
public final class Dray {
    private static final long SEGMENT = 8 << 20;
    private static final int CONNECTIONS = 6;

    private static Network network = Network.plain(CommonOptions::warn);

    private Dray() { }

    /** An image by its name, and the platform that is asked for. */
    public record Image(Reference reference, Platform platform) {
        /** Returns the same image for another platform, such as {@code linux/arm64}. */
        public Image on(String other) {
            return new Image(reference, named(() -> Platform.parse(other)));
        }

        @Override
        public String toString() {
            return reference + " for " + platform;
        }
    }

    /** A blob that was fetched and is what its digest says. */
    public record Blob(Digest digest, byte[] bytes) {
        /** Returns the bytes as text, which a config is. */
        public String text() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return digest + ", " + bytes.length + " bytes" + (bytes.length > 0 && bytes[0] == '{' ? ":\n" + PlainText.lines(text()) : "");
        }
    }

    /** JSON that a registry sent. */
    public record Document(ObjectNode json) {
        @Override
        public String toString() {
            return PlainText.json(Json.text(json, true));
        }
    }

    /** Returns the image of this name for the platform of this machine. Throws IllegalArgumentException for what is no name. */
    public static Image image(String name) {
        return new Image(named(() -> ShortNames.parse(name, network.hosts().surroundings(), network.http().notice())), Platform.ofThisMachine());
    }

    /** Shows every request from now on, as curl, and its answer; or not any more. */
    public static void explain(boolean on) {
        network = network.explained(on ? new Explain(Terminal.isColoured())::show : null);
    }

    /** Returns the token server's answer; it is empty where the registry wants no token. */
    public static Document token(Image image) throws IOException {
        return new Document(asked(() -> registry(image).token()));
    }

    /** Returns the index of an image, or its manifest where it has no index. */
    public static Manifest index(Image image) throws IOException {
        return asked(() -> registry(image).manifest());
    }

    /** Returns the manifest of an image for its platform. */
    public static Manifest manifest(Image image) throws IOException {
        return asked(() -> registry(image).manifest(image.platform()).manifest());
    }

    /** Returns all tags of an image's repository, in the registry's order; warns where a later page of them cannot be had. */
    public static List<String> tags(Image image) throws IOException {
        return asked(() -> {
            Listed<String> tags = Tags.of(registry(image), image.reference(), 0, new ListBounds(ListBounds.USUAL_PAGES));
            if (tags.missing() != null) {
                CommonOptions.warn("warning: the list is incomplete: " + tags.missing().getMessage());
            }
            return tags.items().stream().map(CommonOptions::plain).toList();
        });
    }

    /** Returns the config of an image, which says what it runs. */
    public static Document config(Image image) throws IOException {
        return asked(() -> new Document(Json.object(blob(image, manifest(image).config()).bytes(), "the config")));
    }

    /** Fetches a blob of an image into memory. */
    public static Blob blob(Image image, Descriptor blob) throws IOException {
        return asked(() -> {
            try (BlobStream stream = new BlobStream(registry(image), blob, settings())) {
                return new Blob(blob.digest(), stream.readAllBytes());
            }
        });
    }

    /** Fetches a blob by its digest, which the manifest must have; throws NotFound otherwise. */
    public static Blob blob(Image image, String digest) throws IOException {
        return asked(() -> {
            for (Descriptor blob : manifest(image).blobs()) {
                if (blob.digest().toString().startsWith(digest) || blob.digest().hex().startsWith(digest)) {
                    return blob(image, blob);
                }
            }
            throw new NotFound("the manifest of " + image + " has no blob " + digest);
        });
    }

    /** Pulls an image into an archive that engines load, in the working folder, and returns the archive's path. */
    public static Path pull(Image image) throws IOException {
        return pull(image, image.reference().fileName() + ".tar");
    }

    /** Pulls an image into this archive, and returns its path. */
    public static Path pull(Image image, String archive) throws IOException {
        return asked(() -> {
            Registry registry = registry(image);
            return new Pull(List.of(new Wanted(registry, registry.manifest(image.platform()))), settings()).into(Path.of(archive)).archive();
        });
    }

    /** What may fail for a reason outside the code. */
    private interface Step<T> {
        T take() throws IOException;
    }

    private static <T> T asked(Step<T> step) throws IOException {
        try {
            return step.take();
        } catch (IOException | IllegalArgumentException e) {
            dropTraces(e);
            throw e;
        }
    }

    private static <T> T named(Supplier<T> name) {
        try {
            return name.get();
        } catch (IllegalArgumentException e) {
            dropTraces(e);
            throw e;
        }
    }

    /** JShell shows where in the code a failure came from, by dozens of lines: its sentence says what was wrong. */
    private static void dropTraces(Exception failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            each.setStackTrace(new StackTraceElement[0]);
        }
    }

    private static Registry registry(Image image) throws IOException {
        return new Registry(image.reference(), network);
    }

    private static Settings settings() throws IOException {
        BlobCache cache = BlobCache.of(System.getenv(), CommonOptions::warn);
        return new Settings(CONNECTIONS, SEGMENT, network.http().retries(), List.of(), cache, CommonOptions::warn, slots -> { });
    }
}
