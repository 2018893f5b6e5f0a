package lib.registry.mirrors;

import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.Registry;
import lib.registry.api.Api;
import lib.registry.api.Purpose;
import lib.registry.auth.FrontDoor;
import lib.registry.hosts.Endpoint;
import lib.registry.http.Exchange;
import lib.registry.http.Http;
import lib.registry.http.RateLimit;
import lib.registry.http.RequestFailure;
import lib.registry.mirrors.SurveyedEndpoint.Access;
import lib.text.Json;
import lib.text.Sizes;
import org.jspecify.annotations.Nullable;

/** What is found out about one place, by a thread of its own. Another may read it at any time: the place may have been left behind. */
final class EndpointSurvey {
    private final Endpoint endpoint;
    private final boolean isRegistry;
    private final String source;
    private final Reference reference;
    private final Platform platform;
    private final Http http;
    private final Registry registry;
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private volatile @Nullable Digest digest;
    private volatile @Nullable Content content;
    private volatile @Nullable Sample sample;
    private volatile @Nullable Exception failure;

    /**
     * The image for the platform.
     *
     * @param created when it was made, or null if its config does not say
     */
    record Content(Manifest manifest, @Nullable Instant created) { }

    private interface Work {
        void run() throws IOException;
    }

    /**
     * @param isRegistry whether it is the registry itself, and no mirror
     * @param source     the option, list or file that names it
     * @param shared     sends requests, with the certificates that belong to the places
     */
    EndpointSurvey(Endpoint endpoint, boolean isRegistry, String source, Reference reference, Platform platform, Network network, Http shared) {
        this.endpoint = endpoint;
        this.isRegistry = isRegistry;
        this.source = source;
        this.reference = reference;
        this.platform = platform;
        this.http = shared.explained(exchange -> {
            if (exchange.isFirst()) {
                exchanges.add(exchange);
            }
            if (network.http().explain() != null) {
                network.http().explain().accept(exchange);
            }
        });
        this.registry = new Registry(reference, network, http, List.of(endpoint));
    }

    Endpoint endpoint() {
        return endpoint;
    }

    boolean isRegistry() {
        return isRegistry;
    }

    @Nullable Digest digest() {
        return digest;
    }

    @Nullable Content content() {
        return content;
    }

    @Nullable Sample sample() {
        return sample;
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Returns whether it counts pulls: then it is not asked for a manifest, which would be one. */
    boolean countsPulls() {
        return RateLimit.of(exchanges) != null;
    }

    /** Knocks at the front door, and asks which manifest there is. */
    void reach() {
        attempt(() -> {
            // its status does not matter: there are mirrors that serve images, but nothing at that address
            FrontDoor.knock(http, endpoint, Api.frontDoor().because("Knock at the API's front door: does anybody answer, and how soon?")).close();
            if (endpoint.tags() || reference.digest() != null) {
                digest = named();
            }
        });
    }

    /** Asks by HEAD, which does not count as a pull. Its answer has no body: after a failure, GET makes the registry say what is wrong. */
    private Digest named() throws IOException {
        try {
            return registry.describe().digest();
        } catch (RegistryException e) {
            if (e.status() < 400) {
                throw e;
            }
            return registry.manifest().digest();
        }
    }

    /**
     * Fetches the manifest, the config and the first bytes of the largest layer.
     *
     * @param known    what other places have fetched, by what the tag points to there; this one's is added
     * @param expected what the tag should point to, or null if nobody knows: a place that may only be asked for digests is asked for that
     * @param most     how many bytes, at most
     * @param millis   how long at most, in milliseconds
     */
    void fetch(Map<Digest, Content> known, @Nullable Digest expected, long most, long millis) {
        attempt(() -> {
            Digest asked = digest != null ? digest : expected;
            if (asked == null) {
                throw new NotFoundException("it may be asked for digests only, and no other place says which one the tag points to");
            }
            Content here = countsPulls() ? known.get(asked) : fetched(asked);
            digest = asked;
            if (here == null) {
                return;
            }
            content = here;
            known.putIfAbsent(asked, here);
            Optional<Descriptor> layer = largest(here.manifest());
            if (endpoint.digests() && layer.isPresent()) {
                Sample bytes = Sample.of(registry, layer.get(), most, millis);
                sample = bytes;
                if (bytes.isTooSlow()) {
                    throw tooSlow("it sent only " + Sizes.of(bytes.bytes()) + " of a layer in " + millis / 1000 + " s");
                }
            }
        });
    }

    private Content fetched(Digest asked) throws IOException {
        Manifest manifest = registry.choose(registry.manifest(asked.toString()), platform).manifest();
        return new Content(manifest, manifest.isImage() ? created(registry.config(manifest)) : null);
    }

    private static @Nullable Instant created(byte[] config) {
        try {
            return OffsetDateTime.parse(Json.object(config, "the config").path("created").asText()).toInstant();
        } catch (WrongContentException | DateTimeException e) {
            return null;
        }
    }

    /** Returns the layer that tells most about the speed; none where all are elsewhere, or where their sizes are not known. */
    private static Optional<Descriptor> largest(Manifest manifest) throws WrongContentException {
        return manifest.isSchema1() ? Optional.empty()
                : manifest.layers().stream().filter(layer -> layer.urls().isEmpty() && layer.size() > 1).max(Comparator.comparingLong(Descriptor::size));
    }

    private void attempt(Work work) {
        try {
            work.run();
        } catch (IOException | IllegalArgumentException e) { // the latter where a proxy is named that is none
            fail(e);
        }
    }

    private synchronized void fail(Exception trouble) {
        failure = failure == null ? trouble : failure;
    }

    /** Its time is over, in milliseconds. What it still does is for nothing. */
    void leave(long millis) {
        fail(tooSlow("it was not done after " + millis / 1000 + " s"));
    }

    private RegistryException tooSlow(String why) {
        return new RegistryException(RequestFailure.place(endpoint.base()) + ": " + why, RegistryException.Kind.TOO_SLOW, 0, -1, true, null);
    }

    /** Returns what was found so far. */
    synchronized SurveyedEndpoint result() {
        boolean answered = exchanges.stream().anyMatch(exchange -> exchange.status() > 0);
        State state = failure == null ? State.OK : State.of(failure, answered);
        return new SurveyedEndpoint(endpoint, isRegistry, source, state, access(state), latency(), digest, content == null ? null : content.created(), sample, RateLimit.of(exchanges), failure);
    }

    /** The quickest answer counts: others were waited for beside those of many places, or took the server some work. */
    private double latency() {
        return exchanges.stream().filter(exchange -> exchange.status() > 0 && endpoint.isHostOf(URI.create(exchange.uri()))).mapToDouble(exchange -> exchange.times().waiting()).min().orElse(-1);
    }

    private @Nullable Access access(State state) {
        if (state == State.NOT_ALLOWED) {
            return Access.REFUSED;
        }
        if (digest == null) {
            return null;
        }
        boolean token = exchanges.stream().anyMatch(exchange -> exchange.purpose() == Purpose.TOKEN && exchange.status() == 200);
        boolean login = exchanges.stream().anyMatch(exchange -> exchange.purpose() != Purpose.TOKEN && exchange.headers().getOrDefault("Authorization", "").startsWith("Basic"));
        return token ? Access.TOKEN : login ? Access.LOGIN : Access.OPEN;
    }
}
