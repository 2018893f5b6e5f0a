package lib.registry.auth;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The helper that a file names for a registry: in {@code credHelpers} for this one, or in {@code credsStore} for all.
 *
 * @param program its full name, with {@code docker-credential-}
 * @param servers the names by which it may know the registry, at least one; it is to keep a login under the first
 * @see <a href="https://docs.docker.com/reference/cli/docker/login/#credential-stores">docker login, Credential stores</a>
 */
record ChosenHelper(String program, List<String> servers) {
    private static final String PREFIX = "docker-credential-";

    /** Returns the helper for {@code HOST/REPOSITORY} or for {@code HOST}, or null if the file itself keeps logins. */
    static @Nullable ChosenHelper of(JsonNode config, String name) {
        List<String> keys = AuthKeys.fitting(config.path("credHelpers"), name);
        String helper = keys.isEmpty() ? config.path("credsStore").asText("") : config.path("credHelpers").path(keys.get(0)).asText("");
        if (helper.isEmpty()) {
            return null;
        }
        return new ChosenHelper(PREFIX + helper, keys.isEmpty() ? AuthKeys.servers(AuthKeys.host(name)) : List.of(keys.get(0)));
    }
}
