package lib.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Json;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.NotFound;
import lib.image.Origin;
import lib.image.Platform;
import lib.image.Reference;
import lib.image.WrongContent;

//SOURCES Answer.java
//SOURCES Authorization.java
//SOURCES BlobBody.java
//SOURCES Endpoint.java
//SOURCES Http.java
//SOURCES Loopback.java
//SOURCES Network.java
//SOURCES Redirects.java
//SOURCES RegistryException.java
//SOURCES Retry.java
//SOURCES SafeLine.java
//SOURCES TokenRequest.java
//SOURCES ../image/Descriptor.java
//SOURCES ../image/Digest.java
//SOURCES ../image/Json.java
//SOURCES ../image/Manifest.java
//SOURCES ../image/MediaType.java
//SOURCES ../image/NotFound.java
//SOURCES ../image/Origin.java
//SOURCES ../image/Platform.java
//SOURCES ../image/Reference.java
//SOURCES ../image/WrongContent.java

/**
 * One repository of a registry, read through the distribution API. It may be used by many threads at once.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull">distribution-spec, Pull</a>
 */
public final class Registry {
    /** Manifests are small texts; one longer than this, in bytes, is refused to protect memory. */
    public static final int LONGEST_MANIFEST = 8 * 1024 * 1024;
    private static final int DEEPEST_INDEX = 4;
    /** A token of an earlier stage that has expired, one of credentials that have gone stale, one without any. */
    private static final int MOST_CHALLENGES = 4;

    private final Reference reference;
    private final Network network;
    private final Http http;
    private final List<Endpoint> endpoints;
    private final Map<URI, Authorization> authorizations = new ConcurrentHashMap<>();
    private final Redirects redirects;
    private volatile int answering;

    public Registry(Reference reference, Network network) throws IOException {
        this.reference = reference;
        this.network = network;
        this.http = new Http(network, reference.registry());
        this.redirects = new Redirects(http);
        this.endpoints = Endpoint.of(reference, network, http);
    }

    /** Uses a token that an earlier stage fetched, for the registry itself. */
    public void useToken(ObjectNode tokenAnswer) {
        String token = TokenRequest.tokenIn(tokenAnswer);
        if (!token.isEmpty()) {
            authorization(endpoints.get(endpoints.size() - 1)).use(token);
        }
    }

    /**
     * Asks for access and returns the token server's answer, or an empty object where the registry wants no token.
     * GET /v2/ is the API's front door (distribution-spec, Determining Support): its challenge names the token server.
     */
    public ObjectNode token() throws IOException {
        Endpoint endpoint = endpoints.get(answering);
        URI uri = endpoint.uri("");
        try (Answer answer = retrying(() -> authorized("GET", endpoint, "Knock at the API's front door: its challenge says who gives access", uri, Map.of()))) {
            ObjectNode token = authorization(endpoint).tokenAnswer();
            // A token for one repository may not be good for the front door: then its refusal does not matter.
            if (answer.status() >= 400 && token == null) {
                throw RegistryException.of(answer, "no access to " + reference.registry());
            }
            return token == null ? Json.newObject() : token.deepCopy();
        }
    }

    /** Returns where this image comes from, with the digest and the platform of the manifest that was chosen, or null. */
    public Origin origin(Digest digest, Platform platform) {
        return new Origin(reference, endpoints.get(answering).base().toString(), digest, platform, null);
    }

    /** A manifest, and the platform by which it was chosen from an index: null when there was no index. */
    public record Chosen(Manifest manifest, Platform platform) { }

    /** Returns the manifest of the image for a platform: directly, or by way of an index, which may lead to another index. */
    public Chosen manifest(Platform platform) throws IOException {
        Manifest manifest = manifest();
        Platform chosen = null;
        for (int depth = 0; manifest.isIndex(); depth++) {
            if (depth == DEEPEST_INDEX) {
                throw new WrongContent("the index " + manifest.digest() + " is the " + depth + "th that leads to another one: that is no image");
            }
            Descriptor entry = choose(manifest, platform);
            chosen = entry.platform() == null ? chosen : entry.platform();
            manifest = manifest(entry.digest().toString(), entry.size());
        }
        return new Chosen(manifest, chosen);
    }

    private Descriptor choose(Manifest index, Platform platform) throws IOException {
        try {
            return index.choose(platform);
        } catch (NotFound e) {
            throw new NotFound(reference.familiarName() + ": " + e.getMessage());
        }
    }

    /** Returns what the reference itself names, which may be an index. */
    public Manifest manifest() throws IOException {
        return manifest(reference.tagOrDigest(), -1);
    }

    /**
     * Returns the type, digest and size of what the reference names, as the registry states them, without fetching it.
     * HEAD /v2/NAME/manifests/REFERENCE (distribution-spec, Checking if content exists): where pulls are counted, this is none.
     */
    public Descriptor describe() throws IOException {
        String path = reference.repository() + "/manifests/" + reference.tagOrDigest();
        Map<String, String> headers = Map.of("Accept", String.join(", ", MediaType.MANIFESTS));
        return fromAnyEndpoint(place -> retrying(() -> {
            try (Answer answer = authorized("HEAD", place, "Ask which manifest there is, without fetching it", place.uri(path), headers)) {
                Digest digest = stated(answer);
                if (answer.status() != 200 || digest == null) {
                    throw RegistryException.of(answer, "no manifest of " + reference.registry() + "/" + reference.repository() + " under " + reference.tagOrDigest());
                }
                return new Descriptor(MediaType.withoutParameters(answer.header("Content-Type")), digest, answer.contentLength(), null, null);
            }
        }));
    }

    /**
     * Returns the manifest or index of a tag or digest, checked against the digest where there is one.
     * GET /v2/NAME/manifests/REFERENCE (distribution-spec, Pulling manifests).
     *
     * @param size the size in bytes that an index gave for it, or -1
     */
    public Manifest manifest(String tagOrDigest, long size) throws IOException {
        Map<String, String> headers = Map.of("Accept", String.join(", ", MediaType.MANIFESTS));
        String what = "no manifest of " + reference.registry() + "/" + reference.repository() + " under " + tagOrDigest;
        String path = reference.repository() + "/manifests/" + tagOrDigest;
        String why = tagOrDigest.contains(":") ? "Ask for the manifest of that digest" : "Ask which manifest the tag " + tagOrDigest + " stands for";
        return fromAnyEndpoint(place -> retrying(() -> {
            try (Answer answer = authorized("GET", place, why, place.uri(path), headers)) {
                if (answer.status() != 200) {
                    throw RegistryException.of(answer, what);
                }
                return checked(answer, tagOrDigest, size);
            }
        }));
    }

    private static Manifest checked(Answer answer, String tagOrDigest, long size) throws IOException {
        byte[] bytes = body(answer);
        if (size >= 0 && bytes.length != size) {
            throw new WrongContent("the manifest " + tagOrDigest + " has " + bytes.length + " bytes instead of " + size);
        }
        Digest asked = tagOrDigest.contains(":") ? Digest.parse(tagOrDigest) : null;
        for (Digest digest : new Digest[] {asked, stated(answer)}) {
            if (digest != null && !Digest.of(digest.algorithm(), digest.newHash().digest(bytes)).equals(digest)) {
                throw new WrongContent("the manifest " + tagOrDigest + " does not have the digest " + digest + ", but " + Digest.of(bytes));
            }
        }
        String type = answer.header("Content-Type");
        if (type != null && type.contains("html")) {
            throw RegistryException.notARegistry(answer.uri(), "it sent a web page instead of a manifest; is there a proxy or a log-in page in between?");
        }
        return Manifest.parse(asked != null ? asked : Digest.of(bytes), bytes, type);
    }

    /** The digest a registry states is checked where it is one, never trusted. */
    private static Digest stated(Answer answer) {
        try {
            return Digest.parse(answer.header("Docker-Content-Digest"));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static byte[] body(Answer answer) throws IOException {
        try {
            byte[] bytes = answer.body().readNBytes(LONGEST_MANIFEST + 1);
            if (bytes.length > LONGEST_MANIFEST) {
                answer.abort();
                throw new WrongContent(RegistryException.place(answer.uri()) + " sends a manifest of more than " + LONGEST_MANIFEST + " bytes: refused");
            }
            return bytes;
        } catch (WrongContent e) {
            throw e;
        } catch (IOException e) {
            throw RegistryException.broken(answer.uri(), e);
        }
    }

    /**
     * Begins to fetch a blob, or a part of it. The caller retries, for only it knows what it has by then.
     * GET /v2/NAME/blobs/DIGEST, with a Range header for a part (distribution-spec, Pulling blobs).
     *
     * @param from the first byte wanted, counted from 0
     * @param to   the byte after the last one wanted
     */
    public BlobBody blob(Descriptor blob, long from, long to) throws IOException {
        boolean whole = from == 0 && to == blob.size();
        Map<String, String> headers = whole ? Map.of() : Map.of("Range", "bytes=" + from + "-" + (to - 1));
        String why = "Fetch the blob " + blob.digest().shortHex() + (whole ? "" : ", bytes " + from + " to " + (to - 1));
        return fromAnyEndpoint(place -> {
            Answer answer = followed("GET", place, blob.digest(), why, place.uri(reference.repository() + "/blobs/" + blob.digest()), headers);
            if (answer.status() == 206 && BlobBody.isAsAsked(answer, from, to, blob.size())) {
                return new BlobBody(from, true, answer);
            }
            if (answer.status() == 206 || answer.status() == 416) {
                answer.abort();
                answer = followed("GET", place, blob.digest(), why + ", all of it, for its ranges are not to be relied on", place.uri(reference.repository() + "/blobs/" + blob.digest()), Map.of());
            }
            if (answer.status() != 200) {
                throw RegistryException.of(answer, "no blob " + blob.digest() + " of " + reference.repository());
            }
            return BlobBody.whole(answer, blob);
        });
    }

    /** Returns a descriptor of a blob that only its digest is known of: HEAD tells its size (distribution-spec, Checking if content exists). */
    public Descriptor describe(Digest digest) throws IOException {
        return fromAnyEndpoint(place -> retrying(() -> {
            URI uri = place.uri(reference.repository() + "/blobs/" + digest);
            try (Answer answer = followed("HEAD", place, digest, "Ask how large the blob " + digest.shortHex() + " is", uri, Map.of())) {
                if (answer.status() != 200 || answer.contentLength() < 0) {
                    throw RegistryException.of(answer, "no blob " + digest + " of " + reference.repository());
                }
                return new Descriptor("", digest, answer.contentLength(), null, null);
            }
        }));
    }

    private Answer followed(String method, Endpoint place, Digest digest, String why, URI uri, Map<String, String> headers) throws IOException {
        return redirects.follow(method, place, digest, why, uri, headers, this::authorized);
    }

    /** Asks for something under {@code /v2/}, with what access there is. The caller looks at the status. */
    Answer ask(String why, String path) throws IOException {
        return fromAnyEndpoint(place -> retrying(() -> authorized("GET", place, why, place.uri(path), Map.of())));
    }

    /** Sends a request with what access there is, and again while the answer is a challenge that can be satisfied. */
    private Answer authorized(String method, Endpoint place, String why, URI uri, Map<String, String> headers) throws IOException {
        Authorization authorization = authorization(place);
        String reason = why;
        for (int challenges = 0; ; challenges++) {
            String header = authorization.header();
            Answer answer = http.send(method, reason, uri, with(headers, header), network.insecure() && place.origin());
            if (!authorization.satisfy(header, answer) || challenges == MOST_CHALLENGES) {
                return answer;
            }
            answer.close();
            reason = why + ", with what the challenge asked for";
        }
    }

    private static Map<String, String> with(Map<String, String> headers, String authorization) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (authorization != null) {
            all.put("Authorization", authorization);
        }
        return all;
    }

    private Authorization authorization(Endpoint place) {
        String host = place.origin() ? reference.registry() : place.base().getRawAuthority() + place.base().getRawPath().replaceFirst("/+$", "");
        return authorizations.computeIfAbsent(place.base(), base -> new Authorization(http, network.logins(),
                new SafeLine(base, network.insecure() && place.origin()), host + "/" + reference.repository(), !place.origin(), reference.repository()));
    }

    private interface At<T> {
        T ask(Endpoint place) throws IOException;
    }

    private interface Request<T> {
        T send() throws IOException;
    }

    /** Asks the endpoint that answered last, then those after it: a mirror that fails is passed over, the registry itself is the last word. */
    private <T> T fromAnyEndpoint(At<T> question) throws IOException {
        for (int i = answering; ; i++) {
            Endpoint place = endpoints.get(i);
            try {
                T answer = question.ask(place);
                answering = i;
                return answer;
            } catch (RegistryException | WrongContent e) {
                if (place.origin()) {
                    throw e;
                }
                network.notice().accept("mirror passed over: " + e.getMessage());
            }
        }
    }

    private <T> T retrying(Request<T> request) throws IOException {
        Retry retry = new Retry(network.retries(), network.notice());
        while (true) {
            try {
                return request.send();
            } catch (RegistryException e) {
                try {
                    retry.afterFailure(e);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("interrupted");
                }
            }
        }
    }
}
