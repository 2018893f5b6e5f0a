package lib;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import lib.cli.CommonOptions;
import lib.cli.Terminal;
import lib.failure.NotFoundException;
import lib.file.SmallFile;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Platform;
import lib.image.Reference;
import lib.record.Explain;
import lib.registry.ListBounds;
import lib.registry.Listed;
import lib.registry.Network;
import lib.registry.Referrers;
import lib.registry.Registry;
import lib.registry.Tags;
import lib.registry.Tokens;
import lib.registry.doctor.Diagnosis;
import lib.registry.hosts.ShortNames;
import lib.registry.hub.Hub;
import lib.server.Server;
import lib.store.BlobCache;
import lib.store.ImageStore;
import lib.store.Layout;
import lib.store.files.FileContents;
import lib.store.files.FileList;
import lib.store.files.ListedFile;
import lib.store.format.Format;
import lib.text.Json;
import lib.text.PlainText;
import lib.transfer.BlobPull;
import lib.transfer.BlobStream;
import lib.transfer.Pull;
import lib.transfer.Push;
import lib.transfer.RemoteImage;
import lib.transfer.Settings;
import lib.trust.TrustedKey;
import lib.verb.Extraction;
import lib.verb.ImageAssembly;
import lib.verb.ImageDiff;
import lib.verb.ImagePush;
import lib.verb.ImageSource;
import lib.verb.RemoteSource;
import lib.verb.Selection;
import lib.verb.SignedImages;
import lib.verb.Verification;
import lib.verb.attestation.AttestedImage;
import lib.verb.attestation.Attestation;
import lib.verb.attestation.Sbom;
import lib.verb.check.StoreCheck;
import lib.workload.Workload;
import org.jspecify.annotations.Nullable;

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

    /** Returns the image of this name for the platform of this machine. Throws IllegalArgumentException for an invalid name. */
    public static Image image(String name) {
        return new Image(named(() -> ShortNames.parse(name, network.hosts().folders(), network.http().notice())), Platform.ofThisMachine());
    }

    /** Shows every request from now on, as curl, and its answer; or not any more. */
    public static void explain(boolean on) {
        network = network.explained(on ? new Explain(Terminal.isColoured())::show : null);
    }

    /** Returns the token server's answer; it is empty where the registry requires no token. */
    public static Document token(Image image) throws IOException {
        return new Document(asked(() -> new Tokens(image.reference(), network).token()));
    }

    /** Returns the index of an image, or its manifest where it has no index. */
    public static Manifest index(Image image) throws IOException {
        return asked(() -> registry(image).manifest());
    }

    /** Returns the manifest of an image for its platform. */
    public static Manifest manifest(Image image) throws IOException {
        return asked(() -> registry(image).manifest(image.platform()).manifest());
    }

    /** Returns all tags of an image's repository, in the registry's order; warns if a later page of them is missing. */
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
            try (InputStream stream = BlobStream.of(registry(image), blob, settings())) {
                return new Blob(blob.digest(), stream.readAllBytes());
            }
        });
    }

    /** Fetches a blob by its digest, which the manifest must have; throws NotFoundException otherwise. */
    public static Blob blob(Image image, String digest) throws IOException {
        return asked(() -> {
            for (Descriptor blob : manifest(image).blobs()) {
                if (blob.digest().toString().startsWith(digest) || blob.digest().hex().startsWith(digest)) {
                    return blob(image, blob);
                }
            }
            throw new NotFoundException("the manifest of " + image + " has no blob " + digest);
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
            return new Pull(List.of(new RemoteImage(registry, registry.manifest(image.platform()))), settings()).into(Path.of(archive)).archive();
        });
    }

    /** Fetches all blobs of an image into a layout, which is created if missing, and returns its path. */
    public static Path blob(Image image, Path layout) throws IOException {
        return asked(() -> {
            Registry registry = registry(image);
            BlobPull.intoLayout(Layout.openOrCreate(layout), new RemoteImage(registry, registry.manifest(image.platform())), settings());
            return layout;
        });
    }

    /** Writes the images of layouts and archives into one archive that engines load, and returns its path. */
    public static Path assemble(String archive, String... places) throws IOException {
        return asked(() -> {
            ImageAssembly assembly = new ImageAssembly(Format.DOCKER, null, Selection.any(), null, CommonOptions::warn);
            assembly.addStores(Stream.of(places).map(Path::of).toList());
            assembly.complete();
            for (IOException failure : assembly.failures().values()) {
                throw failure;
            }
            return assembly.into(Path.of(archive)).path();
        });
    }

    /** Extracts the files of an image, all or those below these paths, into an empty folder; returns how many. */
    public static long extract(Image image, String folder, String... paths) throws IOException {
        return asked(() -> new Extraction(source(image), List.of(paths), null, null).into(Path.of(folder)).entries());
    }

    /** Does the same with an image that is named, or in a layout or an archive. */
    public static long extract(String image, String folder, String... paths) throws IOException {
        return asked(() -> new Extraction(source(image), List.of(paths), null, null).into(Path.of(folder)).entries());
    }

    /** Returns all files of an image. */
    public static List<ListedFile> ls(Image image) throws IOException {
        return asked(() -> files(source(image)));
    }

    /** Returns all files of an image that is named, or in a layout or an archive. */
    public static List<ListedFile> ls(String image) throws IOException {
        return asked(() -> files(source(image)));
    }

    /** Returns the text of a file of an image. */
    public static String cat(Image image, String path) throws IOException {
        return asked(() -> text(source(image), path));
    }

    /** Returns the text of a file of an image that is named, or in a layout or an archive. */
    public static String cat(String image, String path) throws IOException {
        return asked(() -> text(source(image), path));
    }

    /** Returns what differs between two images. The layers that both begin with are not fetched for that. */
    public static ImageDiff diff(Image a, Image b) throws IOException {
        return asked(() -> ImageDiff.between(source(a), source(b), false, null));
    }

    /** Returns what differs between two images that are named, or in layouts or archives. */
    public static ImageDiff diff(String a, String b) throws IOException {
        return asked(() -> ImageDiff.between(source(a), source(b), false, null));
    }

    /** Returns what an image runs, by its config. */
    public static Document inspect(Image image) throws IOException {
        return config(image);
    }

    /** Returns what an image runs that is named, or in a layout or an archive, by its config. */
    public static Document inspect(String image) throws IOException {
        return asked(() -> new Document(Json.object(source(image).config(), "the config")));
    }

    /** Pushes the one image of a layout or an archive to a name in a registry, and returns what was sent. */
    public static Push.Result push(String place, String name) throws IOException {
        return asked(() -> {
            ImagePush images = ImagePush.to(Reference.parse(name), ImageStore.open(Path.of(place)), null, CommonOptions::warn);
            ImagePush.Task task = images.tasks().get(0);
            if (images.guess(task) != null) {
                CommonOptions.warn(images.guess(task));
            }
            return images.push(network, settings(), Long.MAX_VALUE).run(images.chosen(task), task.target());
        });
    }

    /** Returns the names of images on Docker Hub that these words find, at most 25. */
    public static List<String> search(String words) throws IOException {
        return asked(() -> new Hub(Hub.ADDRESS, network).search(words, 25, new ListBounds(ListBounds.USUAL_PAGES)).items().stream()
                .map(found -> CommonOptions.plain(found.path("repo_name").asText())).toList());
    }

    /** Returns the index of what refers to an image, such as signatures. */
    public static Document referrers(Image image) throws IOException {
        return asked(() -> {
            Registry registry = registry(image);
            Digest digest = image.reference().digest() != null ? image.reference().digest() : registry.describe().digest();
            return new Document(Referrers.of(registry, digest, null, new ListBounds(ListBounds.USUAL_PAGES)).index());
        });
    }

    /** Verifies that the owner of a public key, such as the file cosign.pub, signed an image, or all of a layout or an archive. */
    public static List<SignedImages.Signed> verify(String name, String key) throws IOException {
        return asked(() -> {
            Verification how = new Verification(TrustedKey.of(SmallFile.read(Path.of(key), 1), key), Map.of());
            return ImageSource.isStore(name) ? SignedImages.inStore(Path.of(name), null, how, CommonOptions::warn)
                    : List.of(SignedImages.inRegistry(registry(image(name)), name, null, how, settings()));
        });
    }

    /** Returns what is attested of an image that is named, for all platforms, or of those in a layout or an archive. */
    public static List<Attestation> attestations(String name) throws IOException {
        return asked(() -> attested(name, null).stream().map(AttestedImage::attestations).flatMap(List::stream).toList());
    }

    /**
     * Returns the SBOM, SPDX or CycloneDX, that is attached to an image that is named, or in a layout or an archive, for the platform of this machine.
     * Throws NotFoundException where there is none, IllegalArgumentException where there are several.
     */
    public static String sbom(String name) throws IOException {
        return asked(() -> {
            List<Sbom> found = Sbom.of(attested(name, Platform.ofThisMachine()), null, null);
            if (found.isEmpty()) {
                throw new NotFoundException(name + " has no SBOM in SPDX or CycloneDX");
            }
            if (found.size() > 1) {
                throw new IllegalArgumentException(name + " has several SBOMs: " + String.join(", ", found.stream().map(one -> one.attestation().blob().digest().toString()).toList()));
            }
            return new String(found.get(0).document().bytes(), StandardCharsets.UTF_8);
        });
    }

    private static List<AttestedImage> attested(String name, @Nullable Platform platform) throws IOException {
        List<AttestedImage> images = ImageSource.isStore(name) ? AttestedImage.inStore(Path.of(name), platform, false, CommonOptions::warn)
                : List.of(AttestedImage.inRegistry(registry(image(name)), platform, settings()));
        images.forEach(image -> image.left().forEach(CommonOptions::warn));
        return images;
    }

    /** Checks every manifest and blob of a layout or an archive. */
    public static StoreCheck.Checked check(String place) throws IOException {
        return asked(() -> StoreCheck.of(Path.of(place)));
    }

    /** Returns the images that a file, or a folder with all below it, names for Kubernetes, Compose or kustomize. */
    public static List<String> images(String place) throws IOException {
        return asked(() -> {
            Workload workload = new Workload(System.getenv());
            Path path = Path.of(place);
            return List.copyOf((Files.isDirectory(path) ? workload.folder(path) : workload.file(path)).images());
        });
    }

    /** Serves layouts and archives as a registry on a free port of this machine, until it is stopped. */
    public static Server serve(String... places) throws IOException {
        return asked(() -> {
            List<ImageStore> stores = new ArrayList<>();
            for (String place : places) {
                stores.add(ImageStore.open(Path.of(place)));
            }
            Server server = new Server(stores, 0);
            server.start();
            return server;
        });
    }

    /** Checks each step of a pull, and returns what it found. */
    public static List<Diagnosis.Step> doctor(Image image) throws IOException {
        return asked(() -> new Diagnosis(image.reference(), false, network, step -> { }).run());
    }

    private static ImageSource source(Image image) throws IOException {
        return RemoteSource.of(registry(image), image.platform(), settings());
    }

    private static ImageSource source(String name) throws IOException {
        return ImageSource.isStore(name) ? ImageSource.stored(Path.of(name), Platform.ofThisMachine(), false, null, CommonOptions::warn) : source(image(name));
    }

    private static List<ListedFile> files(ImageSource image) throws IOException {
        List<ListedFile> files = new ArrayList<>();
        FileList.of(image.layers(null)).visit("", true, files::add);
        return files;
    }

    private static String text(ImageSource image, String path) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FileContents contents = FileContents.of(image.layers(null), List.of(path), false)) {
            contents.writeTo(out);
        }
        return out.toString(StandardCharsets.UTF_8);
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

    /** JShell would print a stack trace of dozens of lines: the sentence says what was wrong. */
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
