package lib.registry.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import lib.image.Reference;
import lib.registry.settings.DockerHub;
import lib.registry.settings.SettingsFolders;
import lib.registry.settings.Toml;
import lib.registry.settings.WebAddress;
import lib.registry.tls.HostCertificates;
import lib.text.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * What containerd is told of a registry: {@code certs.d/HOST/hosts.toml} names mirrors, each with what it can do and which
 * certificates belong to it, and what replaces the registry itself.
 *
 * @see <a href="https://github.com/containerd/containerd/blob/v1.7.0/docs/hosts.md">containerd, Registry Configuration</a>
 */
public record ContainerdHostsToml(Path file, ObjectNode settings) {
    private static final String NAME = "hosts.toml";
    /** What a header of these says is not secret. */
    private static final Set<String> OPEN_HEADERS = Set.of("accept", "accept-language", "content-type", "user-agent");

    /** Returns the file for a registry, or the one for all that have none; null if there is neither. */
    public static @Nullable Path file(String registry, SettingsFolders folders) {
        List<Path> roots = new ArrayList<>(folders.containerd());
        roots.addAll(folders.docker());
        for (Path folder : HostCertificates.folders(registry, folders)) {
            if (roots.contains(folder.getParent().getParent()) && Files.isReadable(folder.resolve(NAME))) {
                return folder.resolve(NAME);
            }
        }
        for (Path root : roots) {
            Path file = root.resolve("certs.d/_default").resolve(NAME);
            if (Files.isReadable(file)) {
                return file;
            }
        }
        return null;
    }

    static ContainerdHostsToml read(Path file) throws IOException {
        return new ContainerdHostsToml(file, Toml.read(file));
    }

    /** Returns the mirrors, in the file's order. */
    List<Endpoint> mirrors(Reference reference) throws IOException {
        List<Endpoint> mirrors = new ArrayList<>();
        for (Map.Entry<String, JsonNode> host : settings.path("host").properties()) {
            mirrors.add(endpoint(host.getKey(), host.getValue(), reference, false));
        }
        return mirrors;
    }

    /** Returns what replaces the registry itself, or null if nothing does. */
    Endpoint server(Reference reference) throws IOException {
        String server = settings.path("server").asText("");
        return server.isEmpty() ? null : endpoint(server, settings, reference, true);
    }

    /** Returns whether the registry's certificate is not checked, if nothing replaces the registry. */
    boolean isInsecure() {
        return settings.path("skip_verify").asBoolean();
    }

    /** Returns which certificates belong to each host, the registry itself included. What is said of one host in two places is all of it so. */
    Map<String, HostCertificates> certificates(Reference reference) throws IOException {
        Map<String, HostCertificates> certificates = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> host : settings.path("host").properties()) {
            certificates.merge(WebAddress.host(address(host.getKey())), certificates(host.getValue()), HostCertificates::and);
        }
        String server = settings.path("server").asText("");
        certificates.merge(WebAddress.host(address(server.isEmpty() ? reference.registry() : server)), certificates(settings), HostCertificates::and);
        return certificates;
    }

    private Endpoint endpoint(String host, JsonNode table, Reference reference, boolean origin) throws IOException {
        URI address = address(host);
        String text = address.toString().replaceFirst("/+$", "");
        boolean complete = table.path("override_path").asBoolean() || address.getRawPath().matches(".*/v2/*");
        List<String> can = strings(table.path("capabilities"));
        Map<String, String> headers = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> header : table.path("header").properties()) {
            headers.put(header.getKey(), String.join(", ", strings(header.getValue())));
            if (!OPEN_HEADERS.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                strings(header.getValue()).forEach(Secrets::knowHeader);
            }
        }
        return new Endpoint(URI.create(complete ? text : text + "/v2"), reference.repository(), isRegistry(address, reference) ? null : reference.registry(), origin,
                table.path("skip_verify").asBoolean(), can.isEmpty() || can.contains("resolve"), can.isEmpty() || can.contains("pull"), !origin,
                headers, file.toString());
    }

    private static boolean isRegistry(URI address, Reference reference) {
        return WebAddress.isSameHost(WebAddress.host(address), DockerHub.apiHost(reference.registry()));
    }

    private static URI address(String host) throws IOException {
        String address = host.startsWith("http") ? host : "https://" + host;
        try {
            return WebAddress.parse(address.replaceFirst("^https://docker\\.io(:443)?(/|$)", "https://" + DockerHub.API_HOST + "$2"));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage());
        }
    }

    /** {@code ca} is one file or several; {@code client} too, or pairs of a certificate's and its key's. All are relative to this file. */
    private HostCertificates certificates(JsonNode table) {
        List<HostCertificates.Own> own = new ArrayList<>();
        JsonNode client = table.path("client");
        for (JsonNode entry : client.isArray() ? client : List.of(client)) {
            List<Path> pair = strings(entry).stream().map(file::resolveSibling).toList();
            if (!pair.isEmpty()) {
                own.add(new HostCertificates.Own(pair.get(0), pair.get(pair.size() - 1)));
            }
        }
        List<Path> authorities = new ArrayList<>();
        strings(table.path("ca")).forEach(name -> authorities.add(file.resolveSibling(name)));
        return new HostCertificates(authorities, own);
    }

    private static List<String> strings(JsonNode oneOrMore) {
        List<String> strings = new ArrayList<>();
        for (JsonNode one : oneOrMore.isArray() ? oneOrMore : List.of(oneOrMore)) {
            if (one.isTextual()) {
                strings.add(one.asText());
            }
        }
        return strings;
    }
}
