package lib.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.cli.CommonOptions;
import lib.cli.terminal.Terminal;
import lib.haul.Found;
import lib.haul.Haul;
import lib.haul.HaulPull;
import lib.image.Choice;
import lib.image.Origin;
import lib.image.Platform;
import lib.image.Reference;
import lib.record.Explain;
import lib.registry.Network;
import lib.registry.Login;
import lib.registry.Registry;
import lib.registry.auth.Credential;
import lib.registry.auth.CredentialStore;
import lib.registry.hosts.ShortNames;
import lib.store.BlobCache;
import lib.store.ImageStore;
import lib.store.format.Format;
import lib.transfer.Settings;
import lib.transfer.push.Push;
import lib.trust.ImagePolicy;
import lib.verb.BlobFetch;
import lib.verb.ImageChoice;
import lib.verb.ImageLocation;
import lib.verb.ImagePull;
import lib.verb.ImagePush;
import lib.verb.ImageSource;
import lib.verb.RemoteSource;
import lib.verb.SignaturePolicy;
import lib.verb.copy.ImageCopy;
import lib.verb.referrers.ReferrerSelection;
import org.jspecify.annotations.Nullable;

/** How the methods of one JShell get at images: without options, by the settings of this machine. */
public final class Session {
    private static final long SEGMENT = 8 << 20;
    private static final int CONNECTIONS = 6;

    private Network network = Network.plain(CommonOptions::warn);

    /** Shows every request from now on, as curl, and its answer; or not any more. */
    public void explain(boolean on) {
        network = network.explained(on ? new Explain(Terminal.isColoured())::show : null);
    }

    /** Returns the way to registries: by the settings of this machine, without options. */
    public Network network() {
        return network;
    }

    /**
     * Fetches all blobs of an image, with what refers to it, into a layout, which is created if missing, and returns its path.
     *
     * @throws lib.failure.RegistryException     if the registry does not give one
     * @throws lib.failure.WrongContentException if one is not what its digest says
     */
    public Path blobs(Image image, Path layout) throws IOException {
        Registry registry = registry(image);
        Choice chosen = registry.manifest(image.platform());
        Origin origin = registry.origin(chosen.manifest().digest(), chosen.platform());
        BlobFetch.of(chosen.manifest(), origin, registry, layout, false, ReferrerSelection.ALL, policy(), settings());
        return layout;
    }

    /**
     * Pulls the images of a list into an archive, those that do not fail, and writes the lock file; returns the others, and why they failed.
     *
     * @throws IllegalArgumentException if the list says something that cannot be
     */
    public List<String> sync(Path list, Path archive) throws IOException {
        Haul haul = Haul.read(Files.readAllBytes(list), list.toString(), Reference::parse, List.of(Platform.ofThisMachine()), false, ReferrerSelection.ALL);
        Found found = haul.find(new ImagePull(Format.OCI, null, null, policy(), settings()), network, archive, Haul.lockFile(archive));
        HaulPull.Result result = new HaulPull(archive, HaulPull.formatFor(found.images()), policy(), null, settings()).into(found.images(), found.failures().isEmpty());
        haul.lock(result.images(), Haul.lockFile(archive));
        List<String> failed = new ArrayList<>();
        found.failures().forEach((name, why) -> failed.add(name + ": " + why.getMessage()));
        result.failures().forEach((name, why) -> failed.add(name + ": " + why.getMessage()));
        return new Lines<>(failed);
    }

    /**
     * Tries a login at a registry, and stores it as docker does.
     *
     * @return the helper that has it, or null if docker's file has it itself, unencrypted
     * @throws lib.failure.RegistryException if the registry refuses it
     */
    public @Nullable String login(String name, String user, String password) throws IOException {
        String host = CredentialStore.host(name);
        Credential login = Credential.ofPassword(user, password, "an argument", false);
        Login.check(host, login, network);
        return credentials().store(host, login.credentials());
    }

    /**
     * Removes the login that is stored for a registry, and returns the file and the helper that had it.
     *
     * @throws IOException if they cannot be changed
     */
    public List<String> logout(String name) throws IOException {
        return credentials().remove(CredentialStore.host(name));
    }

    private CredentialStore credentials() {
        return new CredentialStore(network.hosts().folders().dockerConfig());
    }

    /**
     * Returns the image of this name for the platform of this machine.
     *
     * @throws IllegalArgumentException if this is not a name
     */
    public Image image(String name) {
        return new Image(ShortNames.parse(name, network.hosts().folders(), network.http().notice()), Platform.ofThisMachine());
    }

    /**
     * Returns the registry of an image. Nothing is asked yet.
     *
     * @throws lib.failure.RegistryException if settings of this machine block the image
     */
    public Registry registry(Image image) throws IOException {
        return new Registry(image.reference(), network);
    }

    /** Returns how bytes are moved: as the scripts do where no option says otherwise. */
    public Settings settings() {
        BlobCache cache = BlobCache.of(System.getenv(), CommonOptions::warn);
        return new Settings(CONNECTIONS, SEGMENT, network.http().retries(), List.of(), cache, CommonOptions::warn, slots -> { });
    }

    /**
     * Pushes an image that is named, with all its platforms, or the one of a layout or an archive, to a name in a registry.
     *
     * @throws IllegalArgumentException          if there are several images
     * @throws lib.failure.NotFoundException     if there is no such image
     * @throws lib.failure.WrongContentException if a layout or archive is damaged, or the bytes of a blob are wrong
     * @throws lib.failure.RegistryException     if one of the registries refuses
     */
    public Push.Result push(String image, Reference target) throws IOException {
        Push push = new Push(network, settings(), List.of(target), Long.MAX_VALUE, false);
        if (!ImageSource.isStore(image)) {
            return push.run(new ImageCopy(network, null, ReferrerSelection.ALL, policy(), settings()).find(image(image).reference(), target), target);
        }
        ImagePush stored = ImagePush.to(target, ImageStore.open(Path.of(image)), ImageChoice.ALL, null, CommonOptions::warn);
        ImagePush.Task task = stored.tasks().get(0);
        if (stored.guess(task) != null) {
            CommonOptions.warn(stored.guess(task));
        }
        return push.run(stored.outgoing(task, ReferrerSelection.ALL), target);
    }

    /**
     * Returns what has to be signed, by the policy of this machine, before an image is fetched.
     *
     * @throws IllegalArgumentException if the policy cannot be read
     */
    public SignaturePolicy policy() throws IOException {
        return new SignaturePolicy(null, ImagePolicy.in(network.hosts().folders().podman()));
    }

    /**
     * Returns an image of a registry, to be read without being pulled as a whole, if it is signed as it has to be.
     *
     * @throws lib.failure.NotFoundException       if there is none for the platform
     * @throws lib.failure.NoSignatureException    if it has to be signed and is not
     * @throws lib.failure.WrongSignatureException if no signature of it is right
     * @throws lib.failure.RegistryException       if the registry does not give the manifest, or a policy forbids the image
     */
    public ImageSource source(Image image) throws IOException {
        return RemoteSource.of(registry(image), image.platform(), policy(), settings());
    }

    /**
     * Returns where the images are that are named, or in a layout or an archive. Nothing is asked yet.
     *
     * @throws IllegalArgumentException      if it is neither the name of an image nor a file
     * @throws lib.failure.RegistryException if settings of this machine block the image
     */
    public ImageLocation location(String name) throws IOException {
        return ImageSource.isStore(name) ? new ImageLocation(Path.of(name), ImageChoice.ALL, settings()) : new ImageLocation(registry(image(name)), settings());
    }

    /**
     * Returns an image that is named, or in a layout or an archive.
     *
     * @throws lib.failure.NotFoundException       if there is no such image, or none for this machine
     * @throws lib.failure.WrongContentException   if a layout or archive is damaged
     * @throws lib.failure.RegistryException       if the registry does not give the manifest, or a policy forbids the image
     * @throws lib.failure.NoSignatureException    if it has to be signed and is not
     * @throws lib.failure.WrongSignatureException if no signature of it is right
     */
    public ImageSource source(String name) throws IOException {
        return ImageSource.isStore(name) ? ImageSource.stored(Path.of(name), ImageChoice.ALL, Platform.ofThisMachine(), false, null, CommonOptions::warn, null) : source(image(name));
    }
}
