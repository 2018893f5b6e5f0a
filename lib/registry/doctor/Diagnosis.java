package lib.registry.doctor;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import lib.crypto.boringssl.NativeProvider;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.Registry;
import lib.registry.auth.CredentialSource;
import lib.registry.auth.TokenCheck;
import lib.registry.hosts.ContainerdHostsToml;
import lib.registry.hosts.DockerDaemonJson;
import lib.registry.hosts.Endpoint;
import lib.registry.hosts.EndpointResolver;
import lib.registry.hosts.PodmanRegistriesConf;
import lib.registry.http.Exchange;
import lib.registry.http.Http;
import lib.registry.tls.HostCertificates;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a pull, one after the other up to the first that fails, each with what was found and how long it took.
 * Where it is a mirror that cannot be reached, the next endpoint is, as a pull would.
 * It asks for the manifest, and for one byte of one blob; where the registry limits pulls, only which manifest there is, which does not count as a pull.
 * What the registry said of its limit and its clock is told at the end, also after a failure.
 */
public final class Diagnosis {
    /**
     * What came of one step.
     *
     * @param part    what was tried
     * @param millis  how long it took, in milliseconds
     * @param found   what was found, or what went wrong
     * @param failure what went wrong, or null when nothing did
     * @param way     how a request that failed was to reach the other side
     */
    public record Step(Part part, long millis, String found, @Nullable Exception failure, Way way) {
        /** Returns whether nothing went wrong. */
        public boolean ok() {
            return failure == null;
        }

        /** Returns the step and what was found, as JShell shows it. */
        @Override
        public String toString() {
            return part.label() + (ok() ? ": " : " FAILED: ") + found;
        }
    }

    /** The steps there are, in their order. */
    public enum Part {
        CONFIGURATION, PROXY, NAME, CONNECTION, TLS, FRONT_DOOR, CREDENTIALS, TOKEN, MANIFEST, RANGE, LIMIT, CLOCK;

        /** Returns the step's name for people, such as {@code front door}. */
        public String label() {
            return this == TLS ? name() : name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * How a step reaches the other side.
     *
     * @param throughProxy whether by a proxy
     * @param last         whether no other endpoint is asked instead, as a pull asks the next one when a mirror fails
     */
    public record Way(boolean throughProxy, boolean last) { }

    /** Is told of each step when it was taken. */
    public interface Watcher {
        void taken(Step step) throws IOException;
    }

    private interface Look {
        String find() throws IOException;
    }

    private final Reference reference;
    private final boolean hostOnly;
    private final Network network;
    private final Watcher watcher;
    private final List<Exchange> exchanges = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private List<Endpoint> endpoints;
    private Http http;
    private Registry registry;

    /**
     * @param hostOnly whether only the registry is meant, not an image in it
     * @param watcher  need not wait for the last step
     */
    public Diagnosis(Reference reference, boolean hostOnly, Network network, Watcher watcher) {
        this.reference = reference;
        this.hostOnly = hostOnly;
        this.watcher = watcher;
        this.network = network.explained(exchange -> {
            if (exchange.isFirst()) {
                exchanges.add(exchange);
            }
            if (network.http().explain() != null) {
                network.http().explain().accept(exchange);
            }
        });
    }

    /**
     * Takes the steps up to the first that fails; after the front door, limit and clock follow in any case.
     *
     * @return the steps that were taken: what went wrong is in the last of them, and not thrown
     * @throws IOException what the watcher failed with
     */
    public List<Step> run() throws IOException {
        if (step(Part.CONFIGURATION, null, this::configuration) && reached()) {
            Endpoint endpoint = endpoints.get(0);
            step(Part.CREDENTIALS, endpoint, this::credentials);
            ImageDiagnosis image = new ImageDiagnosis(registry, exchanges);
            if (step(Part.TOKEN, endpoint, this::token) && !hostOnly && step(Part.MANIFEST, endpoint, () -> image.manifest(endpoints.size() > 1))) {
                step(Part.RANGE, endpoint, image::range);
            }
            RegistryHeaders headers = new RegistryHeaders(exchanges);
            step(Part.LIMIT, endpoint, headers::limit);
            step(Part.CLOCK, endpoint, headers::clock);
        }
        return steps;
    }

    /** Returns whether one of the endpoints can be reached: mirrors before it are skipped from then on. */
    private boolean reached() throws IOException {
        for (Endpoint endpoint : List.copyOf(endpoints)) {
            if (endpoint == origin() || hostOnly || (reference.digest() == null ? endpoint.tags() : endpoint.digests())) {
                EndpointDiagnosis way = new EndpointDiagnosis(endpoint, network, http);
                if (step(Part.PROXY, endpoint, way::proxy) && step(Part.NAME, endpoint, way::name) && step(Part.CONNECTION, endpoint, way::connection)
                        && step(Part.TLS, endpoint, way::tls) && step(Part.FRONT_DOOR, endpoint, way::frontDoor)) {
                    registry = new Registry(reference, network, http, endpoints);
                    return true;
                }
                endpoints.remove(endpoint);
            }
        }
        return false;
    }

    private Endpoint origin() {
        return endpoints.get(endpoints.size() - 1);
    }

    /** @param endpoint which is asked, or null */
    private boolean step(Part part, @Nullable Endpoint endpoint, Look look) throws IOException {
        long start = System.nanoTime();
        String found;
        Exception failure = null;
        try {
            found = look.find();
        } catch (IOException | IllegalArgumentException e) {
            found = e.getMessage();
            failure = e;
        }
        Step step = new Step(part, (System.nanoTime() - start) / 1_000_000, found, failure, failure == null || endpoint == null ? new Way(false, true) : way(endpoint));
        steps.add(step);
        watcher.taken(step);
        return failure == null;
    }

    private Way way(Endpoint endpoint) {
        boolean throughProxy;
        try {
            throughProxy = network.http().proxies().of(endpoint.base()).proxy() != null;
        } catch (IllegalArgumentException e) {
            throughProxy = false; // what was named is none
        }
        return new Way(throughProxy, endpoint == origin() || endpoints.size() == 1);
    }

    private String configuration() throws IOException {
        http = new Http(network.http(), reference.registry());
        endpoints = new ArrayList<>(EndpointResolver.of(reference, network.hosts(), http));
        List<String> found = new ArrayList<>();
        for (Endpoint each : endpoints) {
            found.add((each == origin() ? "the registry itself, " : "a mirror, ") + each.base() + ", by " + each.source() + (each.insecure() ? ", insecure" : ""));
        }
        NativeProvider.use(found::add);
        for (Path file : settings()) {
            if (Files.isReadable(file) && endpoints.stream().noneMatch(endpoint -> endpoint.source().equals(file.toString()))) {
                found.add(file + " names no other place");
            }
        }
        for (Path folder : HostCertificates.folders(endpoints.get(0).base().getRawAuthority(), network.hosts().folders())) {
            found.add("certificates may be in " + folder);
        }
        for (CredentialSource source : network.logins().sources(reference.registry() + "/" + reference.repository())) {
            if (source.found() != CredentialSource.Found.ABSENT) {
                found.add(source.name() + " " + source.says());
            }
        }
        return String.join("; ", found);
    }

    /** Returns the files that may name other endpoints. What is damaged in them was said before. */
    private List<Path> settings() {
        List<Path> files = new ArrayList<>(PodmanRegistriesConf.files(network.hosts().folders()));
        Path containerd = ContainerdHostsToml.file(reference.registry(), network.hosts().folders());
        files.addAll(containerd == null ? List.of() : List.of(containerd));
        DockerDaemonJson.all(network.hosts().folders(), line -> { }).forEach(settings -> files.add(settings.file()));
        return files;
    }

    private String credentials() throws InterruptedIOException {
        List<CredentialSource> sources = network.logins().sources(reference.registry() + "/" + reference.repository());
        return sources.stream().filter(source -> source.login() != null).map(source -> source.name() + " " + source.says()).findFirst().orElse("none: the pull is anonymous");
    }

    private String token() throws IOException {
        return TokenCheck.inWords(registry.tokens().token());
    }
}
