package lib.cli.options;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import lib.cli.CommonOptions;
import lib.registry.Network;
import lib.registry.address.GivenAddresses;
import lib.registry.auth.CredentialChain;
import lib.registry.hosts.HostSettings;
import lib.registry.http.HttpSettings;
import lib.registry.http.Throttle;
import lib.registry.proxy.Proxies;
import lib.registry.settings.SettingsFolders;
import lib.registry.tls.TlsSettings;
import lib.registry.tls.TlsSockets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How to reach a host, for any command. */
@Command(optionListHeading = "Network")
public final class HostOptions {
    @Option(names = "--proxy", paramLabel = "URL",
            description = {"Go through this proxy; --proxy= for none.",
                "http://[user:password@]host:port, https://host:port, socks5://host:port, or socks5h:// to have it resolve names. "
                + "Without this option, http_proxy, https_proxy, all_proxy and no_proxy are used."})
    private String proxy;

    @Option(names = "--resolve", paramLabel = "HOST:PORT:ADDRESS",
            description = {"Connect to ADDRESS for HOST; may be repeated.",
                "As curl has it: without looking HOST up, while the name that certificates and requests carry stays HOST. Several addresses have commas between; "
                + "HOST may be * for all. Behind a proxy it counts for the proxy's own name."})
    private List<String> resolve = new ArrayList<>();

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

    private @Nullable Throttle throttle;

    /** Returns what the options say of hosts without mirrors, for somebody without a login; throws IllegalArgumentException for values that cannot be. */
    public Network network() throws IOException {
        check();
        return network(Map.of(), new CredentialChain(null, true, System.getenv(), CommonOptions::warn));
    }

    /** Warns of what is unsafe; throws IllegalArgumentException for values that cannot be. */
    void check() {
        if (retries < 0 || stallSeconds < 1 || stallSeconds > 24 * 60 * 60) {
            throw new IllegalArgumentException("--retries must be 0 or more, and --stall-timeout a number of seconds from 1 up to a day");
        }
        if (cacert != null && (!Files.isReadable(cacert) || Files.isDirectory(cacert))) {
            throw new IllegalArgumentException("--cacert: " + cacert + " cannot be read");
        }
        try {
            GivenAddresses.set(resolve);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--resolve " + e.getMessage());
        }
        if (insecure) {
            CommonOptions.warn("warning: --insecure: the registry's identity is not checked");
        }
    }

    Network network(Map<String, List<URI>> mirrors, CredentialChain logins) throws IOException {
        TlsSockets.makeJavasWait();
        SettingsFolders folders = new SettingsFolders(System.getenv());
        HttpSettings http = new HttpSettings(new Proxies("--proxy", proxy, System.getenv()), new TlsSettings(cacert, folders, CommonOptions::warn),
                stallSeconds * 1000, retries, CommonOptions::warn, throttle(), record.listener());
        return new Network(http, new HostSettings(folders, insecure, mirrors, CommonOptions::warn), logins);
    }

    Throttle throttle() {
        throttle = throttle == null ? new Throttle() : throttle; // not before: a file needs none
        return throttle;
    }

    List<String> resolve() {
        return List.copyOf(resolve);
    }

    boolean insecure() {
        return insecure;
    }

    boolean explains() {
        return record.explains();
    }

    int retries() {
        return retries;
    }
}
