package lib.registry;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lib.registry.auth.Credential;
import lib.registry.auth.CredentialChain;
import lib.registry.hosts.HostSettings;
import lib.registry.http.Exchange;
import lib.registry.http.HttpSettings;
import lib.registry.proxy.Proxies;
import lib.registry.settings.SettingsFolders;
import lib.registry.tls.TlsSettings;
import org.jspecify.annotations.Nullable;

/**
 * How registries are reached.
 *
 * @param http   how a request is sent
 * @param hosts  which hosts are asked
 * @param logins where credentials are looked for
 */
public record Network(HttpSettings http, HostSettings hosts, CredentialChain logins) {
    private static final int USUAL_STALL_MILLIS = 30_000;
    private static final int USUAL_RETRIES = 5;

    /**
     * Returns the default settings, with the proxies, mirrors and credentials that the environment names.
     *
     * @param notice is told what a person may want to know, a line each
     */
    public static Network plain(Consumer<String> notice) {
        SettingsFolders folders = new SettingsFolders(System.getenv());
        HttpSettings http = new HttpSettings(Proxies.ofVariables(System.getenv()), new TlsSettings(null, folders, notice), USUAL_STALL_MILLIS, USUAL_RETRIES, notice, null);
        return new Network(http, new HostSettings(folders, false, mirrors(notice), notice), new CredentialChain(null, false, System.getenv(), notice));
    }

    private static Map<String, List<URI>> mirrors(Consumer<String> notice) {
        try {
            return HostSettings.mirrors(List.of(), System.getenv());
        } catch (IllegalArgumentException e) {
            notice.accept("warning: DRAY_MIRRORS is skipped: " + e.getMessage());
            return Map.of();
        }
    }

    /** Returns the same settings for somebody who shows this, wherever a login is asked for, and nothing that is stored. */
    Network as(Credential login) {
        return new Network(http, hosts, new CredentialChain(login, false, Map.of(), line -> { }));
    }

    /** Returns the same settings with another listener, which is told of every exchange; null for none. */
    public Network explained(@Nullable Consumer<Exchange> listener) {
        return new Network(http.explained(listener), hosts, logins);
    }
}
