package lib.cli.copy;

import java.io.IOException;
import java.util.List;
import lib.cli.CommonOptions;
import lib.cli.options.NetworkOptions;
import lib.cli.options.UserOptions;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.auth.CredentialChain;
import lib.registry.hosts.HostSettings;
import lib.registry.settings.WebAddress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How to reach the registry that images are copied from: the options without "from" are for the one that they go to. */
@Command(optionListHeading = "Login")
public final class FromOptions {
    @Option(names = "--from-user", paramLabel = "USER[:PASSWORD]",
            description = {"Log in where IMAGE comes from.",
                "-u and the like are for the registry that is pushed to, and for IMAGE only if it is in the same one. Without this option, "
                + "DRAY_FROM_USERNAME and DRAY_FROM_PASSWORD or DRAY_FROM_TOKEN are used, or else what login, docker and podman have stored."})
    private @Nullable String user;

    @Option(names = "--from-insecure",
            description = {"Allow plain HTTP where IMAGE comes from.", "And any certificate; --insecure is for the registry that is pushed to."})
    private boolean insecure;

    private @Nullable Network network;

    /**
     * Returns how the registries of several images are reached.
     *
     * @throws IllegalArgumentException also where the lenience would hold for several registries
     */
    public Network network(List<Reference> images, Reference target, Network far, NetworkOptions options) throws IOException {
        if (insecure && images.stream().anyMatch(image -> !WebAddress.isSameHost(image.registry(), images.get(0).registry()))) {
            throw new IllegalArgumentException("--from-insecure is for one registry at a time, and the images come from several");
        }
        return network(images.get(0), target, far, options);
    }

    /**
     * Returns how the registry of an image is reached.
     *
     * @param target   where the image goes
     * @param far      how that registry is reached
     * @param options  what that was made of
     * @throws IllegalArgumentException for values that cannot be
     */
    public Network network(Reference image, Reference target, Network far, NetworkOptions options) throws IOException {
        if (user == null && !insecure && WebAddress.isSameHost(image.registry(), target.registry())) {
            return far;
        }
        if (network == null) { // a password is asked for once
            if (user != null && options.isAnonymous()) {
                throw new IllegalArgumentException("--anonymous and credentials exclude each other");
            }
            CredentialChain logins = CredentialChain.ofSource(user == null ? null : UserOptions.credential("--from-user", user), options.isAnonymous(), System.getenv(), CommonOptions::warn);
            HostSettings hosts = new HostSettings(far.hosts().folders(), insecure, far.hosts().mirrors(), far.hosts().notice());
            network = new Network(far.http(), hosts, logins);
        }
        return network;
    }
}
