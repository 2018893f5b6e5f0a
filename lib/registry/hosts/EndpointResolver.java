package lib.registry.hosts;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.image.Reference;
import lib.registry.http.Http;
import lib.registry.http.RequestFailure;
import lib.registry.settings.DockerHub;
import lib.registry.settings.WebAddress;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints to ask for an image, in order: mirrors that were named for this command, those of podman's, containerd's and
 * docker's settings, and last the registry itself or what these settings put in its place.
 */
public final class EndpointResolver {
    private final Reference reference;
    private final HostSettings settings;
    private final Http http;
    private final Map<String, Endpoint> mirrors = new LinkedHashMap<>();
    private final List<DockerDaemonJson> docker;

    private EndpointResolver(Reference reference, HostSettings settings, Http http) {
        this.reference = reference;
        this.settings = settings;
        this.http = http;
        this.docker = DockerDaemonJson.all(settings.folders(), settings.notice());
    }

    /**
     * Returns the endpoints: at least one.
     *
     * @param http finds out whether an insecure host speaks TLS
     * @throws lib.failure.RegistryException if a setting blocks the image
     */
    public static List<Endpoint> of(Reference reference, HostSettings settings, Http http) throws IOException {
        return new EndpointResolver(reference, settings, http).all();
    }

    private List<Endpoint> all() throws IOException {
        List<URI> named = named();
        for (URI mirror : named == null ? List.<URI>of() : named) {
            add(Endpoint.at(mirror, reference.repository(), false, isInsecure(mirror.getRawAuthority()), "an option or DRAY_MIRRORS"));
        }
        PodmanRegistriesConf podman = PodmanRegistriesConf.of(reference, settings.folders(), settings.notice());
        ContainerdHostsToml containerd = containerd();
        if (podman != null && podman.isBlocked()) {
            throw RequestFailure.blocked(reference.registry() + "/" + reference.repository(), podman.file());
        }
        if (named == null || !named.isEmpty()) { // none at all, when --mirror HOST= says so
            addFound(podman, containerd);
        }
        return withRegistry(origin(podman, containerd));
    }

    /** Returns the mirrors that were named for this command, or null if none were. */
    private @Nullable List<URI> named() {
        List<URI> named = null;
        for (Map.Entry<String, List<URI>> mirror : settings.mirrors().entrySet()) {
            if (WebAddress.isSameHost(mirror.getKey(), reference.registry())) {
                named = named == null ? new ArrayList<>() : named;
                named.addAll(mirror.getValue());
            }
        }
        return named;
    }

    /**
     * Returns the mirrors, and last the registry. Settings often name the registry as a mirror of itself: it is the same host then,
     * with the same credentials and the same trust. Where it would be asked twice in a row, it is asked once; it stays listed among the mirrors.
     */
    private List<Endpoint> withRegistry(Endpoint origin) {
        Endpoint registry = origin;
        for (Endpoint mirror : mirrors.values()) {
            registry = isRegistry(mirror, origin) ? registry.asRegistry(mirror.insecure(), mirror.isHostOf(origin.root()) ? mirror.headers() : Map.of()) : registry;
        }
        List<Endpoint> all = new ArrayList<>();
        for (Endpoint mirror : mirrors.values()) {
            all.add(isRegistry(mirror, origin) ? mirror.asRegistry(registry.insecure(), mirror.isHostOf(origin.root()) ? origin.headers() : Map.of()) : mirror);
        }
        String address = registry.address();
        registry = registry.listed(all.stream().anyMatch(mirror -> mirror.digests() && mirror.address().equals(address)));
        Endpoint last = all.isEmpty() ? null : all.get(all.size() - 1);
        if (last != null && last.address().equals(address) && last.tags() && last.digests()) {
            all.remove(last);
        }
        all.add(registry);
        return all;
    }

    private boolean isRegistry(Endpoint mirror, Endpoint origin) {
        String host = WebAddress.host(mirror.root());
        return host.equals(WebAddress.host(origin.root())) || WebAddress.isSameHost(host, DockerHub.apiHost(reference.registry()));
    }

    private @Nullable ContainerdHostsToml containerd() {
        Path file = ContainerdHostsToml.file(reference.registry(), settings.folders());
        try {
            ContainerdHostsToml found = file == null ? null : ContainerdHostsToml.read(file);
            if (found != null) {
                found.mirrors(reference);
                http.certificates(found.certificates(reference));
            }
            return found;
        } catch (IOException e) {
            settings.notice().accept("warning: " + file + " is skipped: " + e.getMessage());
            return null;
        }
    }

    private void addFound(PodmanRegistriesConf podman, ContainerdHostsToml containerd) throws IOException {
        if (podman != null) {
            for (PodmanRegistriesConf.Location mirror : podman.mirrors(reference)) {
                add(at(mirror, false, podman.file()));
            }
        }
        if (containerd != null) {
            containerd.mirrors(reference).forEach(this::add);
        }
        for (DockerDaemonJson daemon : reference.registry().equals(Reference.DOCKER_HUB) ? docker : List.<DockerDaemonJson>of()) {
            for (URI mirror : daemon.mirrors()) {
                add(Endpoint.at(mirror, reference.repository(), false, isInsecure(mirror.getRawAuthority()), daemon.file().toString()));
            }
        }
    }

    /** The same mirror is often in the settings of several tools: once is enough. */
    private void add(Endpoint mirror) {
        mirrors.putIfAbsent(mirror.address(), mirror);
    }

    private Endpoint origin(PodmanRegistriesConf podman, ContainerdHostsToml containerd) throws IOException {
        if (podman != null && podman.location() != null) {
            return at(podman.location(), true, podman.file());
        }
        if (containerd != null && containerd.server(reference) != null) {
            return server(containerd.server(reference));
        }
        boolean insecure = settings.insecure() || podman != null && podman.isInsecure() || containerd != null && containerd.isInsecure()
                || isInsecure(reference.registry());
        return at(new PodmanRegistriesConf.Location(reference.registry(), reference.repository(), insecure), true, null);
    }

    /** A user who calls the registry insecure also means what stands in for it. */
    private Endpoint server(Endpoint server) throws IOException {
        String host = server.root().getRawAuthority();
        return settings.insecure() || isInsecure(host) ? server.insecureBy(Scheme.address(host, true, http).getScheme()) : server;
    }

    private Endpoint at(PodmanRegistriesConf.Location location, boolean origin, Path file) throws IOException {
        String host = DockerHub.apiHost(location.host());
        boolean insecure = location.insecure() || isInsecure(host) || origin && settings.insecure();
        URI address = Scheme.address(host, insecure, http);
        return Endpoint.at(address, location.repository(), origin, insecure, file == null ? "the image's name" : file.toString());
    }

    private boolean isInsecure(String host) {
        for (DockerDaemonJson daemon : docker) {
            if (daemon.isInsecure(host)) {
                return true;
            }
        }
        return false;
    }
}
