package lib.registry;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

//SOURCES Exchange.java
//SOURCES Logins.java
//SOURCES Proxies.java
//SOURCES Surroundings.java

/**
 * How the far side is reached: what the options of every script say about it.
 *
 * @param logins       where credentials are looked for
 * @param proxies      through which proxy each request goes
 * @param surroundings where this machine keeps its settings
 * @param cacert       certificates in PEM that are trusted beside those that Java and this machine trust, or null
 * @param insecure     whether the registry may speak plain HTTP, or show a certificate nobody signed
 * @param mirrors      for a registry's host, the addresses to try before it, in order
 * @param stallMillis  how long a connection may send nothing before it counts as lost, in milliseconds
 * @param retries      how often a request is repeated without progress
 * @param notice       is told what a person may want to know, a line each
 * @param explain      is told of every exchange, twice, by several threads at once; null when nobody listens
 */
public record Network(
        Logins logins,
        Proxies proxies,
        Surroundings surroundings,
        Path cacert,
        boolean insecure,
        Map<String, List<URI>> mirrors,
        int stallMillis,
        int retries,
        Consumer<String> notice,
        Consumer<Exchange> explain) {

    /** Returns the settings of somebody who gave no options. */
    public static Network plain(Consumer<String> notice) {
        return new Network(new Logins(null, false, System.getenv(), notice), Proxies.ofVariables(System.getenv()), new Surroundings(System.getenv()), null, false, Map.of(), 30_000, 5, notice, null);
    }

    /** Returns the same settings, with somebody who is told of every exchange, or null for nobody. */
    public Network explained(Consumer<Exchange> listener) {
        return new Network(logins, proxies, surroundings, cacert, insecure, mirrors, stallMillis, retries, notice, listener);
    }
}
