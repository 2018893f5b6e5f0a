package lib.registry.auth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import lib.registry.settings.WebAddress;

/**
 * The keys under which docker and podman keep what belongs to a registry: a host, {@code quay.io}, in docker's older
 * forms {@code https://quay.io/v1/}, or the beginning of a repository's name, {@code quay.io/org}, which is podman's.
 *
 * @see <a href="https://github.com/containers/image/blob/v5.30.0/docs/containers-auth.json.5.md">containers-auth.json(5)</a>
 */
final class AuthKeys {
    private static final String DOCKER_HUB = "docker.io";
    private static final List<String> DOCKER_HUB_TOO = List.of("index.docker.io", "registry-1.docker.io");

    private AuthKeys() { }

    /** Returns the keys of an object that fit {@code HOST/REPOSITORY}, the most specific first. The port that HTTPS or HTTP has anyway may be written or not. */
    static List<String> fitting(JsonNode object, String name) {
        List<String> keys = new ArrayList<>();
        for (String prefix = name; !prefix.isEmpty(); prefix = prefix.substring(0, Math.max(0, prefix.lastIndexOf('/')))) {
            String host = host(prefix);
            String path = prefix.substring(host.length());
            for (String each : List.of(host, WebAddress.withoutUsualPort(host), host + ":443")) {
                for (Map.Entry<String, JsonNode> entry : object.properties()) {
                    if (normal(entry.getKey()).equals(each + path) && !keys.contains(entry.getKey())) {
                        keys.add(entry.getKey());
                    }
                }
            }
        }
        return keys;
    }

    /** Returns the names by which a helper may know a host: as docker asks for it, and without a port that it has anyway. */
    static List<String> servers(String host) {
        String without = WebAddress.withoutUsualPort(host);
        if (without.equals(DOCKER_HUB)) {
            return List.of("https://index.docker.io/v1/");
        }
        return without.equals(host) ? List.of(host) : List.of(host, without);
    }

    static String host(String name) {
        return name.replaceFirst("/.*", "");
    }

    /** A key with a scheme means the whole host, and so does one with the version of an API as its path. */
    private static String normal(String key) {
        String rest = key.replaceFirst("^https?://", "");
        String host = host(rest).toLowerCase(Locale.ROOT);
        String path = rest.substring(host.length()).replaceFirst("/+$", "");
        boolean whole = !rest.equals(key) || path.equals("/v1") || path.equals("/v2");
        return (DOCKER_HUB_TOO.contains(WebAddress.withoutUsualPort(host)) ? DOCKER_HUB : host) + (whole ? "" : path);
    }
}
