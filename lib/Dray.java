package lib;

import static lib.shell.WithoutTrace.get;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import lib.cli.CommonOptions;
import lib.failure.NotFoundException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.ListBounds;
import lib.registry.Listed;
import lib.registry.Referrers;
import lib.registry.Registry;
import lib.registry.Tags;
import lib.registry.Tokens;
import lib.registry.doctor.Diagnosis;
import lib.registry.hub.Hub;
import lib.registry.mirrors.MirrorSurvey;
import lib.registry.mirrors.SurveyedEndpoint;
import lib.registry.settings.WebAddress;
import lib.server.Server;
import lib.shell.Blob;
import lib.shell.Document;
import lib.shell.Image;
import lib.shell.Lines;
import lib.shell.Session;
import lib.store.ImageStore;
import lib.store.files.FileContents;
import lib.store.files.FileList;
import lib.store.files.ListedFile;
import lib.store.format.Format;
import lib.text.Json;
import lib.transfer.RemoteImage;
import lib.transfer.push.Push;
import lib.trust.TrustedKey;
import lib.verb.BlobFetch;
import lib.verb.Extraction;
import lib.verb.ImageAssembly;
import lib.verb.ImageChoice;
import lib.verb.ImageDiff;
import lib.verb.ImagePull;
import lib.verb.Inspection;
import lib.verb.Selection;
import lib.verb.SignedImages;
import lib.verb.Verification;
import lib.verb.VerifiedImage;
import lib.verb.attestation.Attestation;
import lib.verb.attestation.AttestedImage;
import lib.verb.attestation.Sbom;
import lib.verb.check.StoreCheck;
import lib.workload.chart.ChartImages;
import org.jspecify.annotations.Nullable;

//SOURCES sources/library.java

/**
 * The library's front door, for JShell: methods that have the scripts' names and do what the scripts do.
 * Begin with {@code var i = image("nginx:alpine")}.
 *
 * <p>All of them throw what scripts end with: NotFoundException (exit code 3), WrongContentException (5), RegistryException (4, 6 or 7),
 * NoSignatureException (8), WrongSignatureException (9), IllegalArgumentException for a bad name or path (2), another IOException of this machine (1).
 */
public final class Dray {
    private static final Session SESSION = new Session();

    private Dray() { }

    /** Returns the image of this name for the platform of this machine. Throws IllegalArgumentException for an invalid name. */
    public static Image image(String name) {
        return get(() -> SESSION.image(name));
    }

    /** Shows every request from now on, as curl, and its answer; or not any more. */
    public static void explain(boolean on) {
        SESSION.explain(on);
    }

    /** Returns the token server's answer; it is empty where the registry requires no token. */
    public static Document token(Image image) throws IOException {
        return new Document(get(() -> new Tokens(image.reference(), SESSION.network()).token()));
    }

    /** Returns the index of an image, or its manifest where it has no index. */
    public static Manifest index(Image image) throws IOException {
        return get(() -> registry(image).manifest());
    }

    /** Returns the manifest of an image for its platform. */
    public static Manifest manifest(Image image) throws IOException {
        return get(() -> registry(image).manifest(image.platform()).manifest());
    }

    /** Returns all tags of a repository, in the registry's order; warns if a page is missing. */
    public static List<String> tags(Image image) throws IOException {
        return get(() -> complete(Tags.of(registry(image), image.reference(), 0, new ListBounds(ListBounds.USUAL_PAGES))));
    }

    /** Returns the repositories of a registry, if it allows that, such as {@code localhost:5000}; warns if a page is missing. */
    public static List<String> repos(String host) throws IOException {
        return get(() -> complete(Tags.repositories(host, SESSION.network(), 0, new ListBounds(ListBounds.USUAL_PAGES))));
    }

    private static List<String> complete(Listed<String> names) {
        if (names.missing() != null) {
            CommonOptions.warn("warning: the list is incomplete: " + names.missing().getMessage());
        }
        return new Lines<>(names.items());
    }

    /** Returns the config of an image, which says what it runs. */
    public static Document config(Image image) throws IOException {
        return get(() -> new Document(Inspection.of(registry(image), image.platform(), SESSION.policy(), SESSION.settings()).config()));
    }

    /** Fetches a blob of an image into memory. */
    public static Blob blob(Image image, Descriptor blob) throws IOException {
        return get(() -> {
            try (InputStream stream = BlobFetch.open(blob, image.reference(), registry(image), SESSION.policy(), SESSION.settings())) {
                return new Blob(blob.digest(), stream.readAllBytes());
            }
        });
    }

    /** Fetches a blob by its digest, which the manifest must have; throws NotFoundException otherwise. */
    public static Blob blob(Image image, String digest) throws IOException {
        return get(() -> {
            for (Descriptor blob : manifest(image).blobs()) {
                if (blob.digest().toString().startsWith(digest) || blob.digest().hex().startsWith(digest)) {
                    return blob(image, blob);
                }
            }
            throw new NotFoundException("the manifest of " + image + " has no blob " + digest);
        });
    }

    /** Pulls an image into an archive here that engines load, and returns its path. */
    public static Path pull(Image image) throws IOException {
        return pull(image, image.reference().fileName() + ".tar");
    }

    /** Pulls an image into this archive, with what refers to it, and returns its path. */
    public static Path pull(Image image, String archive) throws IOException {
        return get(() -> {
            ImagePull pull = new ImagePull(Format.DOCKER, null, null, SESSION.policy(), SESSION.settings());
            Path target = Path.of(archive);
            RemoteImage found = pull.find(registry(image), Selection.of(image.platform()), target);
            return pull.into(target, List.of(found)).path();
        });
    }

    /** Pulls the images of a list into an archive, with a lock file beside it; returns those that failed, and why. */
    public static List<String> sync(String list, String archive) throws IOException {
        return get(() -> SESSION.sync(Path.of(list), Path.of(archive)));
    }

    /** Fetches all blobs of an image, with what refers to it, into a layout, created if missing, and returns its path. */
    public static Path blob(Image image, Path layout) throws IOException {
        return get(() -> SESSION.blobs(image, layout));
    }

    /** Writes the images of layouts and archives into one archive that engines load, and returns its path. */
    public static Path assemble(String archive, String... places) throws IOException {
        return get(() -> {
            ImageAssembly assembly = new ImageAssembly(Format.DOCKER, null, Selection.any(), null, CommonOptions::warn);
            assembly.addStores(Stream.of(places).map(Path::of).toList(), ImageChoice.ALL);
            assembly.complete();
            for (IOException failure : assembly.failures().values()) {
                throw failure;
            }
            return assembly.into(Path.of(archive), null).path();
        });
    }

    /** Extracts the files of an image, all or those below these paths, into an empty folder; returns how many. */
    public static long extract(Image image, String folder, String... paths) throws IOException {
        return get(() -> new Extraction(SESSION.source(image), List.of(paths), null, null).into(Path.of(folder)).entries());
    }

    /** Does the same with an image that is named, or in a layout or an archive. */
    public static long extract(String image, String folder, String... paths) throws IOException {
        return get(() -> new Extraction(SESSION.source(image), List.of(paths), null, null).into(Path.of(folder)).entries());
    }

    /** Returns all files of an image. */
    public static List<ListedFile> ls(Image image) throws IOException {
        return get(() -> new Lines<>(FileList.of(SESSION.source(image).layers(null)).all()));
    }

    /** Returns all files of an image that is named, or in a layout or an archive. */
    public static List<ListedFile> ls(String image) throws IOException {
        return get(() -> new Lines<>(FileList.of(SESSION.source(image).layers(null)).all()));
    }

    /** Returns the text of a file of an image. */
    public static String cat(Image image, String path) throws IOException {
        return get(() -> FileContents.text(SESSION.source(image).layers(null), path));
    }

    /** Returns the text of a file of an image that is named, or in a layout or an archive. */
    public static String cat(String image, String path) throws IOException {
        return get(() -> FileContents.text(SESSION.source(image).layers(null), path));
    }

    /** Returns what differs between two images. The layers that both begin with are not fetched. */
    public static ImageDiff diff(Image a, Image b) throws IOException {
        return get(() -> ImageDiff.between(SESSION.source(a), SESSION.source(b), false, null));
    }

    /** Returns what differs between two images that are named, or in layouts or archives. */
    public static ImageDiff diff(String a, String b) throws IOException {
        return get(() -> ImageDiff.between(SESSION.source(a), SESSION.source(b), false, null));
    }

    /** Returns what an image runs, by its config. */
    public static Document inspect(Image image) throws IOException {
        return config(image);
    }

    /** Returns what an image runs that is named, or in a layout or an archive, by its config. */
    public static Document inspect(String image) throws IOException {
        return get(() -> new Document(Json.object(SESSION.source(image).config(), "the config")));
    }

    /** Pushes the one image of a layout or an archive, or an image of a registry with all its platforms, to a name in a registry, and returns what was sent. */
    public static Push.Result push(String image, String name) throws IOException {
        return get(() -> SESSION.push(image, Reference.parse(name)));
    }

    /** Returns the names of images on Docker Hub that these words find, at most 25. */
    public static List<String> search(String words) throws IOException {
        return get(() -> new Lines<>(new Hub(Hub.ADDRESS, SESSION.network()).search(words, 25, new ListBounds(ListBounds.USUAL_PAGES)).items().stream()
                .map(found -> found.path("repo_name").asText()).toList()));
    }

    /** Returns the index of what refers to an image, such as signatures. */
    public static Document referrers(Image image) throws IOException {
        return get(() -> {
            Registry registry = registry(image);
            Digest digest = image.reference().digest() != null ? image.reference().digest() : registry.describe().digest();
            return new Document(Referrers.of(registry, digest, null, new ListBounds(ListBounds.USUAL_PAGES)).index());
        });
    }

    /** Verifies that the owner of a public key, such as the file cosign.pub, signed an image, or all of a layout or an archive. */
    public static List<VerifiedImage> verify(String name, String key) throws IOException {
        return get(() -> {
            Verification how = new Verification(TrustedKey.in(Path.of(key)), Map.of());
            return new Lines<>(SignedImages.of(SESSION.location(name), null, how));
        });
    }

    /** Returns what is attested of an image that is named, for all platforms, or of those in a layout or an archive. */
    public static List<Attestation> attestations(String name) throws IOException {
        return get(() -> new Lines<>(attested(name, null).stream().map(AttestedImage::attestations).flatMap(List::stream).toList()));
    }

    /**
     * Returns the SBOM, SPDX or CycloneDX, that is attached to an image that is named, or in a layout or an archive, for the platform of this machine.
     * Throws NotFoundException if there is none, IllegalArgumentException where there are several.
     */
    public static String sbom(String name) throws IOException {
        return get(() -> {
            List<Sbom> found = Sbom.of(attested(name, Platform.ofThisMachine()), null, null);
            if (found.isEmpty()) {
                throw new NotFoundException(name + " has no SBOM in SPDX or CycloneDX");
            }
            if (found.size() > 1) {
                throw new IllegalArgumentException(name + " has several SBOMs: " + found.stream().map(one -> one.attestation().blob().digest()).toList());
            }
            return new String(found.get(0).document().bytes(), StandardCharsets.UTF_8);
        });
    }

    private static List<AttestedImage> attested(String name, @Nullable Platform platform) throws IOException {
        List<AttestedImage> images = AttestedImage.of(SESSION.location(name), platform, false);
        images.forEach(image -> image.left().forEach(CommonOptions::warn));
        return images;
    }

    /** Checks every manifest and blob of a layout or an archive. */
    public static StoreCheck.Checked check(String place) throws IOException {
        return get(() -> StoreCheck.of(Path.of(place)));
    }

    /** Returns the images that a file, or a folder with all below it, names for Kubernetes, Compose or kustomize; or those of a Helm chart that are certain. */
    public static List<String> images(String place) throws IOException {
        return get(() -> new Lines<>(ChartImages.certain(Path.of(place))));
    }

    /** Serves layouts and archives as a registry on a free port of this machine, until stopped. */
    public static Server serve(String... places) throws IOException {
        return get(() -> {
            List<ImageStore> stores = new ArrayList<>();
            for (String place : places) {
                stores.add(ImageStore.open(Path.of(place)));
            }
            Server server = new Server(stores, 0);
            server.start();
            return server;
        });
    }

    /** Tries a login at a registry, such as ghcr.io, and stores it as docker does. */
    public static void login(String host, String user, String password) throws IOException {
        get(() -> SESSION.login(host, user, password));
    }

    /** Removes the login that is stored for a registry, and returns the file and the helper that had it. */
    public static List<String> logout(String host) throws IOException {
        return get(() -> SESSION.logout(host));
    }

    /** Checks each step of a pull, and returns what it found. */
    public static List<Diagnosis.Step> doctor(Image image) throws IOException {
        return get(() -> new Lines<>(new Diagnosis(image.reference(), false, SESSION.network(), step -> { }).run()));
    }

    /** Tries the mirrors of an image's registry, those that the settings of this machine name and these addresses, and the registry itself, and returns what was found, the best first. */
    public static List<SurveyedEndpoint> mirrors(Image image, String... more) throws IOException {
        return get(() -> {
            List<URI> addresses = Stream.of(more).map(WebAddress::parse).toList();
            return new Lines<>(MirrorSurvey.of(image.reference(), image.platform(), addresses, "an argument", SESSION.network(), MirrorSurvey.Bounds.USUAL).run().places());
        });
    }

    private static Registry registry(Image image) throws IOException {
        return SESSION.registry(image);
    }
}
