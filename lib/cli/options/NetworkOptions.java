package lib.cli.options;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.hosts.HostSettings;
import lib.registry.settings.WebAddress;
import lib.text.Sizes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to reach a registry: the same options for every script that talks to one. */
@Command(optionListHeading = "Network")
public final class NetworkOptions {
    @Mixin
    private CredentialOptions credentials;

    @Mixin
    private HostOptions hosts;

    @Option(names = "--mirror", paramLabel = "HOST=URL",
            description = {"Try this mirror of HOST first; may be repeated.",
                "DRAY_MIRRORS can name some, too. They come before the mirrors in the settings of podman, containerd and docker; HOST= "
                + "alone means no mirror."})
    private List<String> mirrors = new ArrayList<>();

    /** Returns what the options say; throws IllegalArgumentException for values that cannot be. */
    public Network network() throws IOException {
        hosts.check();
        return hosts.network(HostSettings.mirrors(mirrors, System.getenv()), credentials.logins());
    }

    /** Returns what the options say for these images; throws IllegalArgumentException also where --insecure or a login would hold for several registries. */
    public Network network(List<Reference> images) throws IOException {
        boolean areSeveral = images.stream().anyMatch(image -> !WebAddress.isSameHost(image.registry(), images.get(0).registry()));
        if (hosts.insecure() && areSeveral) {
            throw new IllegalArgumentException("--insecure is for one registry at a time: pull images of other registries separately");
        }
        if (credentials.areGiven() && areSeveral) {
            throw new IllegalArgumentException("-u and --token are for one registry at a time, and these images are in several: store a login for each with login");
        }
        return network();
    }

    /** Returns whether stdin has the password, so that nothing else can be read from it. */
    public boolean readsStdin() {
        return credentials.readsStdin();
    }

    /** Returns whether all stored credentials are ignored. */
    public boolean isAnonymous() {
        return credentials.isAnonymous();
    }

    /** Limits how fast blobs come and go, all connections together, as a size says how many bytes a second; null for no limit. */
    void limitRate(@Nullable String rate) {
        if (rate == null) {
            return;
        }
        long bytes = Sizes.parse("--limit-rate", rate);
        if (bytes < 1) {
            throw new IllegalArgumentException("--limit-rate must be at least 1 byte a second");
        }
        hosts.throttle().limit(bytes);
    }

    /** Returns whether each request is shown while it happens. */
    boolean explains() {
        return hosts.explains();
    }

    /** Returns what is given of hosts' addresses, as curl's option of this name has it. */
    public List<String> resolve() {
        return hosts.resolve();
    }

    /** Returns how often a request is repeated in a row without progress. */
    public int retries() {
        return hosts.retries();
    }
}
