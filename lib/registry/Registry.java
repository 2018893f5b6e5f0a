package lib.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import lib.failure.NotFound;
import lib.failure.WrongContent;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.MediaType;
import lib.image.Origin;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.auth.TokenRequest;
import lib.registry.hosts.Endpoint;
import lib.registry.hosts.Endpoints;
import lib.registry.http.Answer;
import lib.registry.http.FailedRequest;
import lib.registry.http.Http;
import lib.registry.http.Retry;
import lib.text.Json;

//SOURCES Access.java
//SOURCES BlobBody.java
//SOURCES ManifestAnswer.java
//SOURCES Network.java
//SOURCES Places.java
//SOURCES Redirects.java
//SOURCES auth/TokenRequest.java
//SOURCES hosts/Endpoint.java
//SOURCES hosts/Endpoints.java
//SOURCES http/Answer.java
//SOURCES http/FailedRequest.java
//SOURCES http/Http.java
//SOURCES http/Retry.java
//SOURCES ../failure/NotFound.java
//SOURCES ../failure/WrongContent.java
//SOURCES ../image/Choice.java
//SOURCES ../image/Descriptor.java
//SOURCES ../image/Digest.java
//SOURCES ../image/Manifest.java
//SOURCES ../image/ManifestTree.java
//SOURCES ../image/MediaType.java
//SOURCES ../image/Origin.java
//SOURCES ../image/Platform.java
//SOURCES ../image/Reference.java
//SOURCES ../text/Json.java

/**
 * One repository of a registry, read through the distribution API. It may be used by many threads at once.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull">distribution-spec, Pull</a>
 */
public final class Registry implements ManifestTree.Source {
    /** Manifests are small texts; one longer than this, in bytes, is refused to protect memory. */
    public static final int LONGEST_MANIFEST = ManifestAnswer.LONGEST;
    private static final Map<String, String> ACCEPT = Map.of("Accept", String.join(", ", MediaType.MANIFESTS));

    private final Reference reference;
    private final Network network;
    private final Places places;
    private final Access access;
    private final Redirects redirects;
    private Kept kept = digest -> null;

    /** Manifests that are here already, by their digests. */
    public interface Kept {
        /** Returns the manifest of this digest, checked against it, or null where it is not here. */
        Manifest manifest(Digest digest);
    }

    public Registry(Reference reference, Network network) throws IOException {
        this(reference, network, new Http(network.http(), reference.registry()));
    }

    private Registry(Reference reference, Network network, Http http) throws IOException {
        this(reference, network, http, Endpoints.of(reference, network.hosts(), http));
    }

    /** @param places to be asked, the registry itself last */
    public Registry(Reference reference, Network network, Http http, List<Endpoint> places) {
        this.reference = reference;
        this.network = network;
        this.access = new Access(http, network.logins(), "pull");
        this.redirects = new Redirects(http);
        this.places = new Places(places, network.http().notice());
    }

    /** Uses a token that an earlier stage fetched, at the place that it was fetched for: the registry itself where {@code endpoint} is none of the places or null. */
    public void useToken(ObjectNode tokenAnswer, String endpoint) {
        String token = TokenRequest.tokenIn(tokenAnswer);
        if (!token.isEmpty()) {
            access.to(places.at(endpoint)).use(token);
        }
    }

    /**
     * Asks for access and returns the token server's answer, or an empty object where the registry wants no token.
     * GET /v2/ is the API's front door (distribution-spec, Determining Support): its challenge names the token server.
     */
    public ObjectNode token() throws IOException {
        return places.ask(false, place -> retrying(place, () -> token(place)));
    }

    private ObjectNode token(Endpoint place) throws IOException {
        String why = "Knock at the API's front door: its challenge says who gives access";
        try (Answer answer = redirects.follow("GET", place, why, place.frontDoor(), Map.of(), access::send)) {
            ObjectNode token = access.to(place).tokenAnswer();
            // A token for one repository may not be good for the front door: then its refusal does not matter.
            if (answer.status() >= 400 && token == null) {
                throw FailedRequest.of(answer, "no access to " + reference.registry());
            }
            return token == null ? Json.newObject() : token.deepCopy();
        }
    }

    /** Takes manifests that are asked for by their digests from here where they are: a registry that counts pulls counts none of these. */
    public void takeFrom(Kept manifests) {
        kept = manifests;
    }

    /** Returns where this image comes from, with the digest and the platform of the manifest that was chosen, or null. */
    public Origin origin(Digest digest, Platform platform) {
        return new Origin(reference, places.answered().base().toString(), digest, platform, null);
    }

    /** Returns the manifest of the image for a platform: directly, or by way of an index, which may lead to another index. */
    public Choice manifest(Platform platform) throws IOException {
        try {
            return Choice.of(manifest(), platform, this);
        } catch (NotFound e) {
            throw new NotFound(reference.familiarName() + ": " + e.getMessage());
        }
    }

    @Override
    public Manifest manifest(Descriptor entry) throws IOException {
        return manifest(entry.digest().toString(), entry.size());
    }

    @Override
    public boolean has(Descriptor entry) {
        return true; // as far as is known before it is asked for
    }

    @Override
    public byte[] config(Manifest manifest) throws IOException {
        Descriptor config = manifest.config();
        if (config.size() > LONGEST_MANIFEST) {
            throw new WrongContent("the config " + config.digest() + " is longer than " + LONGEST_MANIFEST + " bytes: refused");
        }
        return Retry.retrying(network.http().retries(), network.http().notice(), () -> {
            try (BlobBody body = blob(config, 0, config.size())) {
                return body.readAll(config);
            }
        });
    }

    /** Returns what the reference itself names, which may be an index. */
    public Manifest manifest() throws IOException {
        return manifest(reference.tagOrDigest(), -1);
    }

    /**
     * Returns the type, digest and size of what the reference names, as the registry states them, without fetching it.
     * HEAD /v2/NAME/manifests/REFERENCE (distribution-spec, Checking if content exists): where pulls are counted, this is none.
     * A registry need not state them, and some refuse HEAD: of these, the manifest itself is asked for.
     */
    public Descriptor describe() throws IOException {
        String path = "/manifests/" + reference.tagOrDigest();
        String why = "Ask which manifest there is, without fetching it";
        Descriptor there = places.ask(reference.digest() == null, place -> retrying(place, () -> {
            try (Answer answer = redirects.follow("HEAD", place, why, place.uri(path), ACCEPT, access::send)) {
                if (Answer.mayRefuseHead(answer.status())) {
                    return null;
                }
                if (answer.status() != 200) {
                    throw FailedRequest.of(answer, none(reference.tagOrDigest()));
                }
                Digest digest = ManifestAnswer.statedDigest(answer);
                return digest == null || answer.contentLength() < 0 || answer.header("Content-Encoding") != null ? null
                        : new Descriptor(MediaType.withoutParameters(answer.header("Content-Type")), digest, answer.contentLength(), null, null);
            }
        }));
        return there != null ? there : descriptor(manifest());
    }

    private static Descriptor descriptor(Manifest manifest) {
        return new Descriptor(manifest.mediaType(), manifest.digest(), manifest.bytes().length, null, null);
    }

    private String none(String tagOrDigest) {
        return "no manifest of " + reference.registry() + "/" + reference.repository() + " under " + tagOrDigest;
    }

    /**
     * Returns the manifest or index of a tag or digest, checked against the digest where there is one.
     * GET /v2/NAME/manifests/REFERENCE (distribution-spec, Pulling manifests).
     *
     * @param size the size in bytes that an index gave for it, or -1
     */
    public Manifest manifest(String tagOrDigest, long size) throws IOException {
        Manifest here = tagOrDigest.contains(":") ? kept.manifest(Digest.parse(tagOrDigest)) : null;
        if (here != null) {
            return here;
        }
        String path = "/manifests/" + tagOrDigest;
        String why = tagOrDigest.contains(":") ? "Ask for the manifest of that digest" : "Ask which manifest the tag " + tagOrDigest + " stands for";
        return places.ask(!tagOrDigest.contains(":"), place -> retrying(place, () -> {
            try (Answer answer = redirects.follow("GET", place, why, place.uri(path), ACCEPT, access::send)) {
                if (answer.status() != 200) {
                    throw FailedRequest.of(answer, none(tagOrDigest));
                }
                return ManifestAnswer.read(answer, tagOrDigest, size);
            }
        }));
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
        return places.ask(false, place -> {
            URI uri = place.uri("/blobs/" + blob.digest());
            Answer answer = followed("GET", place, blob, why, uri, headers);
            if (answer.status() == 206 && BlobBody.isAsAsked(answer, from, to, blob.size())) {
                return new BlobBody(from, true, answer);
            }
            if (answer.status() == 206 || answer.status() == 416) {
                answer.abort();
                answer = followed("GET", place, blob, why + ", all of it, for its ranges are not to be relied on", uri, Map.of());
            }
            if (answer.status() != 200) {
                throw FailedRequest.of(answer, "no blob " + blob.digest() + " of " + reference.repository());
            }
            return BlobBody.whole(answer, blob);
        });
    }

    /**
     * Returns a descriptor of a blob that only its digest is known of: HEAD tells its size (distribution-spec, Checking if content exists).
     * Where it does not, a request for the first byte does.
     */
    public Descriptor describe(Digest digest) throws IOException {
        return places.ask(false, place -> retrying(place, () -> {
            String why = "Ask how large the blob " + digest.shortHex() + " is";
            long size = size("HEAD", place, digest, why, Map.of());
            return new Descriptor("", digest, size >= 0 ? size : size("GET", place, digest, why + ", by its first byte", Map.of("Range", "bytes=0-0")), null, null);
        }));
    }

    private long size(String method, Endpoint place, Digest digest, String why, Map<String, String> headers) throws IOException {
        Answer answer = redirects.follow(method, place, digest, List.of(), why, place.uri("/blobs/" + digest), headers, access::send);
        long size = BlobBody.size(answer);
        if (method.equals("HEAD") && (answer.status() == 200 || Answer.mayRefuseHead(answer.status()))) {
            answer.close();
            return size;
        }
        if (size >= 0) {
            answer.abort(); // all of it may be on its way
            return size;
        }
        throw FailedRequest.of(answer, "no blob " + digest + " of " + reference.repository());
    }

    /** Does so for layers of a manifest of schema 1, which gives no sizes. */
    public List<Descriptor> describe(List<Digest> digests) throws IOException {
        Map<Digest, Descriptor> known = new HashMap<>();
        List<Descriptor> described = new ArrayList<>();
        for (Digest digest : digests) {
            if (!known.containsKey(digest)) {
                known.put(digest, describe(digest));
            }
            described.add(known.get(digest));
        }
        return described;
    }

    private Answer followed(String method, Endpoint place, Descriptor blob, String why, URI uri, Map<String, String> headers) throws IOException {
        return redirects.follow(method, place, blob.digest(), blob.urls(), why, uri, headers, access::send);
    }

    /**
     * A list of the repository, or a page of one.
     *
     * @param answer says where the list goes on
     */
    record Page(Answer answer, byte[] bytes) { }

    /**
     * Asks for a page of a list, with what access there is.
     *
     * @param path {@code /tags/list}, say, or the full address that an earlier page linked to
     * @param what names the list in messages
     * @param most how many bytes of it are taken
     */
    Page page(String why, String path, String what, int most) throws IOException {
        return places.ask(false, place -> retrying(place, () -> {
            URI uri = path.startsWith("/") ? place.uri(path) : URI.create(path);
            try (Answer answer = redirects.follow("GET", place, why, uri, Map.of(), access::send)) {
                if (answer.status() != 200) {
                    throw FailedRequest.of(answer, "no " + what);
                }
                return new Page(answer, answer.bytes(most, what));
            }
        }));
    }

    /** Some blob was not what its digest says: mirrors, if there are any, are asked for nothing more. */
    public void distrustMirrors() {
        places.onlyOrigin();
    }

    /** A mirror is asked once: the next place is there at once. */
    private <T> T retrying(Endpoint place, Retry.Request<T> request) throws IOException {
        return Retry.retrying(place == places.origin() ? network.http().retries() : 0, network.http().notice(), request);
    }
}
