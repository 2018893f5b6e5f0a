package lib.registry.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import lib.file.SmallFile;
import lib.image.Reference;
import lib.registry.settings.SettingsFolders;
import lib.registry.settings.Toml;
import lib.registry.settings.WebAddress;
import org.jspecify.annotations.Nullable;

/**
 * What podman is told of an image: the table of {@code registries.conf} whose prefix of the name is the longest.
 *
 * @param file  where the table is
 * @param table it
 * @param rest  what of the image's name stands behind the prefix: {@code /library/nginx}
 * @see <a href="https://github.com/containers/image/blob/v5.30.0/docs/containers-registries.conf.5.md">containers-registries.conf(5)</a>
 */
public record PodmanRegistriesConf(Path file, JsonNode table, String rest) {
    /** Most such files hold only lists of short names, and need not be read as TOML. */
    private static final Pattern HAS_REGISTRY = Pattern.compile("(?m)^\\s*(\\[\\[?\\s*[\"']?registry[\"']?\\s*[].]|[\"']?registry[\"']?\\s*=\\s*\\[)");

    /** A place by its host and the repository's name there. */
    record Location(String host, String repository, boolean insecure) { }

    /** Returns the table for an image, or null. A damaged file is skipped with a notice. */
    static @Nullable PodmanRegistriesConf of(Reference reference, SettingsFolders folders, Consumer<String> notice) {
        Map<String, PodmanRegistriesConf> byPrefix = new LinkedHashMap<>();
        for (Path file : files(folders)) {
            try {
                if (Files.isReadable(file) && HAS_REGISTRY.matcher(text(file)).find()) {
                    JsonNode tables = Toml.read(file).path("registry");
                    tables.forEach(PodmanRegistriesConf::checkLocations);
                    for (JsonNode table : tables) {
                        String prefix = table.path("prefix").asText(table.path("location").asText(""));
                        byPrefix.put(prefix, new PodmanRegistriesConf(file, table, rest(prefix, reference)));
                    }
                }
            } catch (IOException | IllegalArgumentException e) {
                notice.accept("warning: " + file + " is skipped: " + e.getMessage());
            }
        }
        String longest = null;
        for (Map.Entry<String, PodmanRegistriesConf> entry : byPrefix.entrySet()) {
            boolean longer = longest == null || entry.getKey().length() > longest.length();
            longest = longer && entry.getValue().rest != null ? entry.getKey() : longest;
        }
        return byPrefix.get(longest);
    }

    private static String text(Path file) throws IOException {
        return new String(SmallFile.read(file, Toml.LARGEST), StandardCharsets.UTF_8);
    }

    /** Throws IllegalArgumentException if a table has a location that is none: podman does not use such a file either. */
    private static void checkLocations(JsonNode table) {
        List<JsonNode> all = new ArrayList<>(List.of(table));
        table.path("mirror").forEach(all::add);
        for (JsonNode each : all) {
            String location = each.path("location").asText("");
            if (location.contains("://")) {
                throw new IllegalArgumentException("a location has a scheme, which podman does not allow: write host:port/path");
            }
            if (!location.isEmpty()) {
                WebAddress.parse("https://" + location);
            }
        }
    }

    /**
     * Returns the files that may hold settings. The user's replaces the system's and its folder, and the one that a
     * variable names for both files; those of the folders beside come after it, and the later one holds.
     */
    public static List<Path> files(SettingsFolders folders) {
        List<Path> files = new ArrayList<>();
        String named = folders.variable("CONTAINERS_REGISTRIES_CONF");
        Path user = folders.config().resolve("containers");
        Path system = folders.etc().resolve("containers");
        boolean own = named == null && Files.isReadable(user.resolve("registries.conf"));
        files.add(named != null ? Path.of(named) : (own ? user : system).resolve("registries.conf"));
        if (!own) {
            files.addAll(confs(system.resolve("registries.conf.d")));
        }
        files.addAll(confs(user.resolve("registries.conf.d")));
        return files;
    }

    private static List<Path> confs(Path folder) {
        List<Path> files = new ArrayList<>();
        String[] found = folder.toFile().list(); // null if there is no such folder, or this user may not look into it
        String[] names = found == null ? new String[0] : found;
        Arrays.sort(names);
        for (String name : names) {
            if (name.endsWith(".conf")) {
                files.add(folder.resolve(name));
            }
        }
        return files;
    }

    /** Returns what stands behind a prefix in an image's name, or null if it is none of it: {@code host}, {@code host/path}, {@code host/path:tag} or {@code *.domain}. */
    private static @Nullable String rest(String prefix, Reference reference) {
        String name = reference.registry() + "/" + reference.repository();
        String host = prefix.replaceFirst("/.*", "");
        if (WebAddress.isSameHost(host, reference.registry())) { // the port that HTTPS has anyway may be written or not
            return restBehind(reference.registry() + prefix.substring(host.length()), name, reference);
        }
        if (prefix.startsWith("*.")) {
            return reference.registry().replaceFirst(":[0-9]+$", "").endsWith(prefix.substring(1)) ? "/" + reference.repository() : null;
        }
        return restBehind(prefix, name, reference);
    }

    private static @Nullable String restBehind(String prefix, String name, Reference reference) {
        boolean exact = prefix.equals(name) || prefix.equals(name + ":" + reference.tag()) || prefix.equals(name + "@" + reference.digest());
        return exact ? "" : name.startsWith(prefix + "/") ? name.substring(prefix.length()) : null;
    }

    boolean isBlocked() {
        return table.path("blocked").asBoolean();
    }

    boolean isInsecure() {
        return table.path("insecure").asBoolean();
    }

    /** Returns the endpoint that replaces the registry, or null if nothing does. */
    @Nullable Location location() {
        String location = table.path("location").asText("");
        return location.isEmpty() || location.equals(table.path("prefix").asText(location)) ? null : location(location, isInsecure());
    }

    /** Returns the mirrors that may be used for an image, in order: some are for digests only, or for tags. */
    List<Location> mirrors(Reference reference) {
        List<Location> mirrors = new ArrayList<>();
        for (JsonNode mirror : table.path("mirror")) {
            String only = table.path("mirror-by-digest-only").asBoolean() ? "digest-only" : mirror.path("pull-from-mirror").asText("all");
            if (!only.equals(reference.digest() == null ? "digest-only" : "tag-only") && !mirror.path("location").asText("").isEmpty()) {
                mirrors.add(location(mirror.path("location").asText(), mirror.path("insecure").asBoolean()));
            }
        }
        return mirrors;
    }

    private Location location(String beginning, boolean insecure) {
        String[] parts = (beginning.replaceFirst("/+$", "") + rest).split("/", 2);
        return new Location(parts[0], parts.length < 2 ? "" : parts[1].replaceFirst("[:@].*", ""), insecure);
    }
}
