package lib.registry.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import lib.file.SmallFile;
import lib.registry.proxy.NoProxy;
import lib.registry.settings.SettingsFolders;
import lib.registry.settings.WebAddress;
import lib.text.Json;

/**
 * Docker's own settings: mirrors, which are for Docker Hub only, and hosts that need not be secure.
 *
 * @param mirrors of Docker Hub, in order
 * @see <a href="https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file">dockerd, Daemon configuration file</a>
 */
public record DockerDaemonJson(Path file, ObjectNode settings, List<URI> mirrors) {
    private static final int LARGEST = 1;

    /** Returns the settings of each engine that has some. A damaged file is skipped with a notice. */
    public static List<DockerDaemonJson> all(SettingsFolders folders, Consumer<String> notice) {
        List<DockerDaemonJson> all = new ArrayList<>();
        for (Path folder : folders.docker()) {
            Path file = folder.resolve("daemon.json");
            if (Files.isReadable(file)) {
                try {
                    ObjectNode settings = Json.object(SmallFile.read(file, LARGEST), "it");
                    all.add(new DockerDaemonJson(file, settings, mirrors(settings, file, notice)));
                } catch (IOException e) {
                    notice.accept("warning: " + file + " is skipped: " + e.getMessage());
                }
            }
        }
        return all;
    }

    private static List<URI> mirrors(ObjectNode settings, Path file, Consumer<String> notice) {
        List<URI> mirrors = new ArrayList<>();
        for (JsonNode mirror : settings.path("registry-mirrors")) {
            try {
                mirrors.add(WebAddress.parse(mirror.asText()));
            } catch (IllegalArgumentException e) {
                notice.accept("warning: a mirror in " + file + " is skipped: " + e.getMessage());
            }
        }
        return mirrors;
    }

    /** Returns whether a host, such as {@code registry.example.com:5000}, is among those that need not be secure, by its name or by its address. */
    boolean isInsecure(String host) {
        for (JsonNode entry : settings.path("insecure-registries")) {
            boolean same = WebAddress.isSameHost(entry.asText(), host) && !entry.asText().equals(host + ":80"); // that port may be open to all, the other not
            if (same || entry.asText().contains("/") && NoProxy.isInNetwork(entry.asText(), host.replaceFirst(":[0-9]+$", ""))) {
                return true;
            }
        }
        return false;
    }
}
