package lib.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.Reference;
import lib.image.Schema1;

//SOURCES ../image/Descriptor.java
//SOURCES ../image/Manifest.java
//SOURCES ../image/Reference.java
//SOURCES ../image/Schema1.java
//SOURCES BlobBody.java
//SOURCES CheckedToken.java
//SOURCES Endpoint.java
//SOURCES Endpoints.java
//SOURCES Exchange.java
//SOURCES Handshake.java
//SOURCES HostCertificates.java
//SOURCES Http.java
//SOURCES Network.java
//SOURCES Place.java
//SOURCES Proxies.java
//SOURCES ProxyAddress.java
//SOURCES Registry.java
//SOURCES RegistryException.java

/**
 * The steps of a pull, one after the other up to the first that fails, each with what was found and how long it took.
 * It asks for the manifest once, which registries with a limit count as a pull, and for one byte of one blob.
 * What the registry said of its limit and its clock is told at the end, also after a failure.
 */
public final class Checkup {
    /**
     * What came of one step.
     *
     * @param name    what was tried
     * @param millis  how long it took, in milliseconds
     * @param found   what was found, or what went wrong
     * @param advice  what to do about it, or null
     * @param failure what went wrong, or null when nothing did
     */
    public record Step(String name, long millis, String found, String advice, IOException failure) {
        public boolean ok() {
            return failure == null;
        }
    }

    private interface Look {
        String find() throws IOException;
    }

    private static final int CONNECT_MILLIS = 10_000;

    private final Reference reference;
    private final boolean hostOnly;
    private final Network network;
    private final List<Exchange> exchanges = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private Registry registry;
    private Http http;
    private Endpoint place;
    private URI base;
    private Manifest manifest;

    /** @param hostOnly whether only the registry is meant, not an image in it */
    public Checkup(Reference reference, boolean hostOnly, Network network) {
        this.reference = reference;
        this.hostOnly = hostOnly;
        this.network = network.explained(exchange -> {
            if (exchange.isFirst()) {
                exchanges.add(exchange);
            }
            if (network.explain() != null) {
                network.explain().accept(exchange);
            }
        });
    }

    /** Takes the steps and returns them, up to the first that fails; after the front door, limit and clock follow all the same. */
    public List<Step> run() {
        boolean reached = step("configuration", "correct or remove what is named here", this::configuration)
                && step("proxy", "correct the variable or --proxy", () -> network.proxies().of(base).toString())
                && step("name", "check the spelling, the network and the DNS server; behind a proxy, name it with --proxy", this::name)
                && step("connection", "a firewall or a proxy may be in between: name the proxy with --proxy", this::connection)
                && step("TLS", "--cacert FILE trusts the company's own certificate, --insecure whoever answers", this::tls)
                && step("front door", "is it a registry at all? look at /v2/ with curl", this::frontDoor);
        if (reached) {
            step("credentials", null, this::credentials);
            if (step("token", "give credentials with -u USER, other ones, or --anonymous", this::token) && !hostOnly
                    && step("manifest", "check the name and the tag; it may be private: log in with -u USER", this::manifest)) {
                step("range", "the store of blobs fails: is the host that the registry sends us to reachable from here?", this::range);
            }
            step("limit", null, this::limit);
            step("clock", null, this::clock);
        }
        return steps;
    }

    private boolean step(String name, String advice, Look look) {
        long start = System.nanoTime();
        String found;
        IOException failure = null;
        try {
            found = look.find();
        } catch (IOException e) {
            found = e.getMessage();
            failure = e;
        } catch (IllegalArgumentException e) {
            found = e.getMessage();
            failure = new IOException(e);
        }
        steps.add(new Step(name, (System.nanoTime() - start) / 1_000_000, found, failure == null ? null : advice, failure));
        return failure == null;
    }

    private String configuration() throws IOException {
        http = new Http(network, reference.registry());
        List<Endpoint> places = Endpoints.of(reference, network, http);
        place = places.get(0);
        base = place.base();
        List<String> found = new ArrayList<>();
        for (Endpoint each : places) {
            found.add((each.origin() ? "the registry itself, " : "a mirror, ") + each.base() + ", by " + each.source() + (each.insecure() ? ", insecure" : ""));
        }
        for (Path folder : HostCertificates.folders(base.getRawAuthority(), network.surroundings())) {
            found.add("certificates may be in " + folder);
        }
        for (Place where : network.logins().places(reference.registry() + "/" + reference.repository())) {
            if (where.login() != null || where.trouble() || !where.says().matches("does not exist|has neither .*")) {
                found.add(where.name() + " " + where.says());
            }
        }
        return String.join("; ", found);
    }

    private ProxyAddress proxy() {
        return network.proxies().of(base).proxy();
    }

    private String host() {
        return proxy() != null ? proxy().host() : base.getHost().replaceAll("[\\[\\]]", "");
    }

    private int port() {
        return proxy() != null ? proxy().port() : base.getPort() >= 0 ? base.getPort() : base.getScheme().equals("https") ? 443 : 80;
    }

    private String name() throws IOException {
        try {
            List<String> addresses = Stream.of(InetAddress.getAllByName(host())).map(InetAddress::getHostAddress).toList();
            return host() + " is " + String.join(", ", addresses) + (proxy() == null ? "" : " (the proxy; it looks up the registry's name)");
        } catch (UnknownHostException e) {
            throw RegistryException.broken(base, network.proxies().of(base), e, true);
        }
    }

    private String connection() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host(), port()), CONNECT_MILLIS);
            return "port " + port() + " of " + socket.getInetAddress().getHostAddress() + " is open";
        } catch (IOException e) {
            throw RegistryException.broken(base, network.proxies().of(base), e, true);
        }
    }

    private String tls() throws IOException {
        if (!base.getScheme().equals("https")) {
            return "none: the registry speaks plain HTTP";
        }
        return Handshake.with(place, http);
    }

    private String frontDoor() throws IOException {
        registry = new Registry(reference, network);
        int before = exchanges.size();
        try {
            registry.token();
        } catch (RegistryException e) {
            if (exchanges.size() == before || e.status() <= 0) {
                throw e; // the step for the token says the rest
            }
        }
        Exchange first = exchanges.get(before);
        String challenge = first.answer("WWW-Authenticate");
        return "/v2/ answers " + first.status() + (challenge == null ? ", without a challenge" : ", " + challenge);
    }

    private String credentials() throws InterruptedIOException {
        List<Place> places = network.logins().places(reference.registry() + "/" + reference.repository());
        return places.stream().filter(place -> place.login() != null).map(place -> place.name() + " " + place.says()).findFirst().orElse("none: the pull is anonymous");
    }

    private String token() throws IOException {
        return CheckedToken.inWords(registry.token());
    }

    private String manifest() throws IOException {
        registry.describe(); // is no pull, and fails where a pull would
        manifest = registry.manifest();
        String what = manifest.mediaType() + ", " + manifest.digest();
        if (!manifest.isIndex() || manifest.entries().isEmpty()) {
            return what;
        }
        List<String> platforms = manifest.entries().stream().filter(entry -> entry.platform() != null && !entry.isAttestation())
                .map(entry -> entry.platform().toString()).distinct().toList();
        Descriptor first = manifest.entries().get(0);
        manifest = registry.manifest(first.digest().toString(), first.size());
        return what + ", for " + String.join(", ", platforms);
    }

    private String range() throws IOException {
        List<Descriptor> blobs = manifest.isIndex() ? List.of() : manifest.isSchema1() ? registry.describe(Schema1.of(manifest).digests()) : manifest.blobs();
        if (blobs.isEmpty()) {
            return "not tried: the image has no blob of its own";
        }
        Descriptor smallest = blobs.stream().min(Comparator.comparingLong(Descriptor::size)).orElseThrow();
        int before = exchanges.size();
        boolean part;
        try (BlobBody body = registry.blob(smallest, 0, Math.min(1, smallest.size()))) {
            part = body.isPart();
        }
        String redirect = exchanges.subList(before, exchanges.size()).stream().map(exchange -> exchange.answer("Location")).filter(location -> location != null)
                .map(location -> ", sent on to " + URI.create(location.replaceFirst("\\?.*", "")).getHost()).findFirst().orElse("");
        return (part ? "parts of blobs are sent" : "only whole blobs are sent: no resuming, one connection a blob") + redirect;
    }

    private String limit() {
        return exchanges.stream().filter(exchange -> exchange.answer("RateLimit-Remaining") != null)
                .map(exchange -> exchange.answer("RateLimit-Remaining") + " left of " + Objects.requireNonNullElse(exchange.answer("RateLimit-Limit"), "?")
                        + (exchange.answer("Docker-RateLimit-Source") != null ? ", counted for " + exchange.answer("Docker-RateLimit-Source") : ""))
                .reduce((earlier, later) -> later).orElse("the registry names none");
    }

    private String clock() {
        return exchanges.stream().map(exchange -> exchange.answer("Date")).filter(date -> date != null).reduce((earlier, later) -> later)
                .map(Checkup::difference).orElse("the registry does not say its time");
    }

    private static String difference(String date) {
        try {
            long there = java.time.ZonedDateTime.parse(date, java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME).toEpochSecond();
            return Math.abs(System.currentTimeMillis() / 1000 - there) + " s from the registry's";
        } catch (java.time.format.DateTimeParseException e) {
            return "the registry's time is unreadable: " + date;
        }
    }
}
