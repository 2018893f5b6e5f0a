package lib.registry.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import lib.registry.Network;
import lib.registry.address.Addresses;
import lib.registry.address.Attempts;
import lib.registry.address.GivenAddresses;
import lib.registry.api.Api;
import lib.registry.auth.FrontDoor;
import lib.registry.hosts.Endpoint;
import lib.registry.http.Http;
import lib.registry.http.Redaction;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import lib.registry.proxy.Proxies;
import lib.registry.settings.WebAddress;
import lib.text.PlainText;

/**
 * The way to one endpoint, up to the API's front door. Each part returns what was found, in words.
 *
 * @param endpoint the registry or a mirror of it
 */
record EndpointDiagnosis(Endpoint endpoint, Network network, Http http) {
    private static final int CONNECT_MILLIS = 10_000;

    private URI base() {
        return endpoint.base();
    }

    private Proxies.Choice through() {
        return network.http().proxies().of(base());
    }

    /** Returns which proxy is used, and why; throws IllegalArgumentException if one is named that is none. */
    String proxy() {
        return through().toString();
    }

    private String host() {
        String host = through().proxy() != null ? through().proxy().host() : base().getHost();
        return host.replaceAll("[\\[\\]]", "");
    }

    private int port() {
        if (through().proxy() != null) {
            return through().proxy().port();
        }
        return WebAddress.port(base());
    }

    String name() throws IOException {
        try {
            List<String> addresses = Addresses.of(host(), port()).stream().map(InetAddress::getHostAddress).toList();
            return host() + " is " + String.join(", ", addresses) + (GivenAddresses.entry(host(), port()) == null ? "" : " (given for port " + port() + ", not looked up)")
                    + (through().proxy() == null ? "" : " (the proxy; it looks up the registry's name)");
        } catch (UnknownHostException e) {
            throw RequestFailure.unanswered(base(), through(), e, true);
        }
    }

    /** Connects to each address of the host: one that does not answer is found here, though a pull goes round it. */
    String connection() throws IOException {
        try {
            if (!Addresses.areSeveral(host(), port())) {
                Addresses.connect(host(), port(), CONNECT_MILLIS).close();
                return "port " + port() + " of " + Addresses.of(host(), port()).get(0).getHostAddress() + " is open";
            }
            Addresses.find(host(), port(), CONNECT_MILLIS);
            List<String> found = new ArrayList<>();
            Attempts.all(Addresses.of(host(), port()), port(), CONNECT_MILLIS).forEach((address, failure) ->
                    found.add(address.getHostAddress() + (failure == null ? " is open" : " does not answer (" + failure.getMessage() + ")")));
            return "port " + port() + " of " + String.join(", of ", found);
        } catch (IOException e) {
            throw RequestFailure.unanswered(base(), through(), e, true);
        }
    }

    String tls() throws IOException {
        return base().getScheme().equals("https") ? Handshake.with(endpoint, http) : "none: the registry speaks plain HTTP";
    }

    /** GET /v2/, without credentials (distribution-spec, Determining Support): a registry answers 200, or with a challenge. */
    String frontDoor() throws IOException {
        try (Response answer = FrontDoor.knock(http, endpoint, Api.frontDoor().because("Knock at the API's front door"))) {
            List<String> challenges = answer.headers("WWW-Authenticate");
            if (answer.status() == 404) {
                throw RequestFailure.notARegistry(answer.uri(), "it knows no /v2/");
            }
            if (answer.status() >= 400 && challenges.isEmpty()) {
                throw RequestFailure.of(answer, "no way in");
            }
            return "/v2/ answers " + answer.status() + (challenges.isEmpty() ? ", without a challenge" : "")
                    + String.join("", challenges.stream().map(challenge -> ", " + PlainText.cut(Redaction.text(challenge))).toList());
        }
    }
}
