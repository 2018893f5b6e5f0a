package lib.registry.settings;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where this machine keeps its settings: the environment's variables, the user's folders and the system's.
 * The variable DRAY_ETC names another folder in place of {@code /etc}, such as that of a machine that is being prepared.
 *
 * @param variables the environment, such as {@code System.getenv()}
 */
public record SettingsFolders(Map<String, String> variables) {
    private static final boolean WINDOWS = File.separatorChar == '\\';

    /** Returns the value of an environment variable, or null if it is not set or empty. */
    public @Nullable String variable(String name) {
        String value = variables.getOrDefault(name, "");
        return value.isBlank() ? null : value;
    }

    /** Returns the folder of the system's settings, {@code /etc}. */
    public Path etc() {
        return Path.of(variable("DRAY_ETC") == null ? "/etc" : variable("DRAY_ETC"));
    }

    Path home() {
        return Path.of(variable("HOME") == null || WINDOWS ? System.getProperty("user.home") : variable("HOME"));
    }

    /** Returns the folder of the user's settings, {@code ~/.config}. */
    public Path config() {
        return variable("XDG_CONFIG_HOME") == null ? home().resolve(".config") : Path.of(variable("XDG_CONFIG_HOME"));
    }

    /** Returns the file in which docker keeps logins: {@code config.json} in the folder that DOCKER_CONFIG names, or else in {@code ~/.docker}. */
    public Path dockerConfig() {
        return (variable("DOCKER_CONFIG") == null ? home().resolve(".docker") : Path.of(variable("DOCKER_CONFIG"))).resolve("config.json");
    }

    /** Returns the folders of docker's settings: the system's, those of an engine without root, and the desktop's. */
    public List<Path> docker() {
        List<Path> folders = new ArrayList<>(List.of(etc().resolve("docker"), config().resolve("docker"), home().resolve(".docker")));
        if (WINDOWS && variable("ProgramData") != null) {
            folders.add(Path.of(variable("ProgramData"), "docker"));
            folders.add(Path.of(variable("ProgramData"), "docker", "config"));
        }
        return folders;
    }

    /** Returns the folders of podman's settings, the user's before the system's. */
    public List<Path> podman() {
        return List.of(config().resolve("containers"), etc().resolve("containers"));
    }

    /** Returns the folder of what podman keeps for itself: {@code ~/.cache/containers}, or root's {@code /var/cache/containers}. */
    public Path podmanCache() {
        if ("root".equals(System.getProperty("user.name"))) {
            return etc().resolveSibling("var").resolve("cache").resolve("containers");
        }
        return cache().resolve("containers");
    }

    /** Returns the folder of what the user's programs keep and can do without, {@code ~/.cache}. */
    public Path cache() {
        return variable("XDG_CACHE_HOME") == null ? home().resolve(".cache") : Path.of(variable("XDG_CACHE_HOME"));
    }

    /** Returns the folders of containerd's settings, the user's before the system's. */
    public List<Path> containerd() {
        return List.of(config().resolve("containerd"), etc().resolve("containerd"));
    }
}
