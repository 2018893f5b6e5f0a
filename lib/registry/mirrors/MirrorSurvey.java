package lib.registry.mirrors;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import lib.failure.RegistryException;
import lib.image.Digest;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.hosts.Endpoint;
import lib.registry.hosts.EndpointResolver;
import lib.registry.hosts.HostSettings;
import lib.registry.http.Http;
import lib.registry.http.HttpSettings;

/**
 * A survey of the places that serve an image: the registry, the mirrors that this machine's settings name, and those of a list. Each is first asked which
 * manifest it has, all side by side. Then the manifest, the config and some bytes of a layer are fetched from those that answered, a few at a time, so that
 * they do not share the line with too many others. Where pulls are counted, the manifest is taken from another place: a survey must not count as a pull.
 */
public final class MirrorSurvey {
    private static final int AT_ONCE = 64;
    private static final int FETCHES_AT_ONCE = 4;
    /** How many times as long as an answer all the answers of a place may take. */
    private static final int ANSWERS = 3;

    private final Reference reference;
    private final Bounds bounds;
    private final List<EndpointSurvey> places;

    /**
     * How much time and traffic a place may cost.
     *
     * @param bytes  how many bytes of a layer are fetched, at most
     * @param millis how long to wait for an answer, and how long to fetch those bytes, in milliseconds
     */
    public record Bounds(long bytes, int millis) {
        /** 4 MB, 5 seconds. */
        public static final Bounds USUAL = new Bounds(4_000_000, 5_000);
    }

    private MirrorSurvey(Reference reference, Bounds bounds, List<EndpointSurvey> places) {
        this.reference = reference;
        this.bounds = bounds;
        this.places = places;
    }

    /**
     * Reads the settings of this machine, and asks nobody yet.
     *
     * @param platform whose layers are fetched
     * @param listed   more mirrors
     * @param list     what the list of those is called
     * @throws RegistryException if a setting blocks the image
     */
    public static MirrorSurvey of(Reference reference, Platform platform, List<URI> listed, String list, Network network, Bounds bounds) throws IOException {
        HttpSettings given = network.http();
        HttpSettings once = new HttpSettings(given.proxies(), given.tls(), Math.min(bounds.millis(), given.stallMillis()), 0, given.notice(), given.explain());
        Network impatient = new Network(once, network.hosts(), network.logins());
        Http http = new Http(once, reference.registry());
        Map<String, EndpointSurvey> places = new LinkedHashMap<>();
        List<Endpoint> configured = EndpointResolver.of(reference, network.hosts(), http);
        Endpoint registry = configured.get(configured.size() - 1);
        for (Endpoint endpoint : configured) {
            boolean isRegistry = endpoint.address().equals(registry.address());
            places.putIfAbsent(endpoint.address(), new EndpointSurvey(endpoint, isRegistry, endpoint.source(), reference, platform, impatient, http));
        }
        HostSettings ofList = new HostSettings(network.hosts().folders(), network.hosts().insecure(), Map.of(reference.registry(), listed), line -> { });
        for (Endpoint endpoint : EndpointResolver.of(reference, ofList, http)) {
            if (listed.stream().anyMatch(endpoint::isHostOf)) {
                places.putIfAbsent(endpoint.address(), new EndpointSurvey(endpoint, false, list, reference, platform, impatient, http));
            }
        }
        return new MirrorSurvey(reference, bounds, List.copyOf(places.values()));
    }

    /** Returns how many mirrors there are beside the registry itself. */
    public int mirrors() {
        return (int) places.stream().filter(place -> !place.isRegistry()).count();
    }

    /**
     * Asks all of them. What goes wrong at a place is in the result, and not thrown.
     *
     * @throws InterruptedIOException if the thread is interrupted meanwhile
     */
    public Survey run() throws InterruptedIOException {
        SideBySide.run(places, AT_ONCE, (long) ANSWERS * bounds.millis(), EndpointSurvey::reach);
        Digest expected = Survey.expected(reference, places);
        Map<Digest, EndpointSurvey.Content> known = new ConcurrentHashMap<>();
        List<EndpointSurvey> first = new ArrayList<>();
        List<EndpointSurvey> last = new ArrayList<>();
        for (EndpointSurvey place : places.stream().filter(place -> !place.hasFailed()).toList()) {
            (place.countsPulls() ? last : first).add(place);
        }
        for (List<EndpointSurvey> some : List.of(first, last)) {
            SideBySide.run(some, FETCHES_AT_ONCE, (long) (ANSWERS + 1) * bounds.millis(), place -> place.fetch(known, expected, bounds.bytes(), bounds.millis()));
        }
        return Survey.of(reference, places);
    }
}
