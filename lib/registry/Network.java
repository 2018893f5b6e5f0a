package lib.registry;

import java.util.Map;
import java.util.function.Consumer;
import lib.registry.auth.CredentialChain;
import lib.registry.hosts.HostSettings;
import lib.registry.http.Exchange;
import lib.registry.http.HttpSettings;
import lib.registry.proxy.Proxies;
import lib.registry.settings.SettingsFolders;
import lib.registry.tls.TlsSettings;

/**
 * How the far side is reached: what the options of every script say about it.
 *
 * @param http   how a request is sent
 * @param hosts  which hosts are asked
 * @param logins where credentials are looked for
 */
public record Network(HttpSettings http, HostSettings hosts, CredentialChain logins) {
    private static final int USUAL_STALL_MILLIS = 30_000;
    private static final int USUAL_RETRIES = 5;

    /** Returns the settings of somebody who gave no options. */
    public static Network plain(Consumer<String> notice) {
        SettingsFolders surroundings = new SettingsFolders(System.getenv());
        HttpSettings http = new HttpSettings(Proxies.ofVariables(System.getenv()), new TlsSettings(null, surroundings, notice), USUAL_STALL_MILLIS, USUAL_RETRIES, notice, null);
        return new Network(http, new HostSettings(surroundings, false, Map.of(), notice), new CredentialChain(null, false, System.getenv(), notice));
    }

    /** Returns the same settings, with somebody who is told of every exchange, or null for nobody. */
    public Network explained(Consumer<Exchange> listener) {
        return new Network(http.explained(listener), hosts, logins);
    }
}
