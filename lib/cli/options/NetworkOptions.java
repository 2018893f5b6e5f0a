package lib.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.cli.CommonOptions;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.hosts.HostSettings;
import lib.registry.http.HttpSettings;
import lib.registry.proxy.Proxies;
import lib.registry.settings.SettingsFolders;
import lib.registry.settings.WebAddress;
import lib.registry.tls.TlsSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to reach a registry: the same options for every script that talks to one. */
@Command(optionListHeading = "Network")
public final class NetworkOptions {
    @Mixin
    private CredentialOptions credentials;

    @Option(names = "--proxy", paramLabel = "URL",
            description = {"Go through this proxy; --proxy= for none.",
                "http://[user:password@]host:port, https://host:port, socks5://host:port, or socks5h:// to have it resolve names. "
                + "Without this option, http_proxy, https_proxy, all_proxy and no_proxy are used."})
    private String proxy;

    @Option(names = "--mirror", paramLabel = "HOST=URL",
            description = {"Try this mirror of HOST first; may be repeated.",
                "DRAY_MIRRORS can name some, too. They come before the mirrors in the settings of podman, containerd and docker; HOST= "
                + "alone means no mirror."})
    private List<String> mirrors = new ArrayList<>();

    @Option(names = "--cacert", paramLabel = "FILE",
            description = {"Trust these certificates (PEM), too.",
                "In addition to those of Java, this machine, and docker's or podman's certs.d."})
    private Path cacert;

    @Option(names = "--insecure",
            description = {"Allow plain HTTP and any certificate.", "The registry's identity is not checked then."})
    private boolean insecure;

    @Option(names = "--retries", paramLabel = "N", defaultValue = "5",
            description = {"Retry up to N times in a row (default: ${DEFAULT-VALUE}).", "Any progress starts the count anew."})
    private int retries;

    @Option(names = "--stall-timeout", paramLabel = "SECONDS", defaultValue = "30",
            description = {"Give up on a silent connection (default: ${DEFAULT-VALUE}).",
                "One that sends nothing for SECONDS. An answer that is not a blob may take four times as long."})
    private int stallSeconds;

    @Mixin
    private RecordOptions record;

    /** Returns what the options say; throws IllegalArgumentException for values that cannot be. */
    public Network network() throws IOException {
        if (retries < 0 || stallSeconds < 1 || stallSeconds > 24 * 60 * 60) {
            throw new IllegalArgumentException("--retries must be 0 or more, and --stall-timeout a number of seconds from 1 up to a day");
        }
        if (cacert != null && (!Files.isReadable(cacert) || Files.isDirectory(cacert))) {
            throw new IllegalArgumentException("--cacert: " + cacert + " cannot be read");
        }
        if (insecure) {
            CommonOptions.warn("warning: --insecure: the registry's identity is not checked");
        }
        SettingsFolders folders = new SettingsFolders(System.getenv());
        HttpSettings http = new HttpSettings(new Proxies("--proxy", proxy, System.getenv()), new TlsSettings(cacert, folders, CommonOptions::warn),
                stallSeconds * 1000, retries, CommonOptions::warn, record.listener());
        return new Network(http, new HostSettings(folders, insecure, HostSettings.mirrors(mirrors, System.getenv()), CommonOptions::warn), credentials.logins());
    }

    /** Returns what the options say for these images; throws IllegalArgumentException also where --insecure would hold for several registries. */
    public Network network(List<Reference> images) throws IOException {
        if (insecure && images.stream().anyMatch(image -> !WebAddress.isSameHost(image.registry(), images.get(0).registry()))) {
            throw new IllegalArgumentException("--insecure is for one registry at a time: pull images of other registries separately");
        }
        return network();
    }

    /** Returns whether stdin has the password, so that nothing else can be read from it. */
    public boolean readsStdin() {
        return credentials.readsStdin();
    }

    /** Returns whether each request is shown while it happens. */
    boolean explains() {
        return record.explains();
    }

    /** Returns how often a request is repeated in a row without progress. */
    public int retries() {
        return retries;
    }
}
