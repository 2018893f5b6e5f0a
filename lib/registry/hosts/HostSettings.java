package lib.registry.hosts;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lib.registry.settings.SettingsFolders;
import lib.registry.settings.WebAddress;

/**
 * Which hosts are asked for an image.
 *
 * @param folders where this machine keeps its settings
 * @param insecure     whether the registry may speak plain HTTP, and its certificate is not checked
 * @param mirrors      for a registry's host, the addresses to try before it, in order
 * @param notice       is told what a person may want to know, a line each
 */
public record HostSettings(SettingsFolders folders, boolean insecure, Map<String, List<URI>> mirrors, Consumer<String> notice) {
    /**
     * Returns mirrors that somebody names for this program alone, {@code docker.io=https://mirror.example.com}, or {@code docker.io=} for none, by the host of their registry.
     *
     * @param first     those that come before the others
     * @param variables the environment, whose DRAY_MIRRORS has others, parted by commas or white space
     * @throws IllegalArgumentException for what is not of that form
     */
    public static Map<String, List<URI>> mirrors(List<String> first, Map<String, String> variables) {
        List<String> all = new ArrayList<>(first);
        String others = variables.getOrDefault("DRAY_MIRRORS", "").strip();
        all.addAll(others.isEmpty() ? List.of() : List.of(others.split("[,\\s]+")));
        Map<String, List<URI>> byHost = new LinkedHashMap<>();
        for (String mirror : all) {
            String[] parts = mirror.split("=", 2);
            if (parts.length < 2 || parts[0].isEmpty()) {
                throw new IllegalArgumentException("write a mirror as HOST=URL, such as docker.io=https://mirror.example.com");
            }
            List<URI> ofHost = byHost.computeIfAbsent(parts[0], host -> new ArrayList<>());
            if (!parts[1].isEmpty()) {
                ofHost.add(address(parts[0], parts[1]));
            }
        }
        return byHost;
    }

    private static URI address(String host, String mirror) {
        try {
            return WebAddress.parse(mirror);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the mirror of " + host + ": " + e.getMessage());
        }
    }
}
