package lib.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.MediaType;
import lib.image.Origin;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.api.Api;
import lib.registry.api.Request;
import lib.registry.auth.TokenRequest;
import lib.registry.hosts.Endpoint;
import lib.registry.http.Http;
import lib.registry.http.Response;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry, read through the distribution API. It may be used by many threads at once.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull">distribution-spec, Pull</a>
 */
public final class Registry implements ManifestTree.Source {
    private final Reference reference;
    private final Client client;
    private final Blobs blobs;
    private Kept kept = digest -> null;

    /** Manifests that are here already, by their digests. */
    public interface Kept {
        /** Returns the manifest with this digest, checked against it, or null if it is not here. */
        @Nullable Manifest manifest(Digest digest);
    }

    /**
     * Reads the settings of this machine that say which hosts are asked, and sends nothing yet, but to find out whether an insecure host speaks TLS.
     *
     * @param reference the image
     * @throws RegistryException if these settings block the image
     */
    public Registry(Reference reference, Network network) throws IOException {
        this(reference, Client.ofReader(reference, network));
    }

    /** @param endpoints mirrors, and the registry itself last */
    public Registry(Reference reference, Network network, Http http, List<Endpoint> endpoints) {
        this(reference, new Client(endpoints, http, network, "pull"));
    }

    private Registry(Reference reference, Client client) {
        this.reference = reference;
        this.client = client;
        this.blobs = new Blobs(reference, client);
    }

    /** Returns the same repository, asked for another of its tags or digests with the same tokens. */
    public Registry asking(Reference other) {
        return new Registry(other, client);
    }

    /**
     * Uses a token that an earlier stage fetched.
     *
     * @param tokenAnswer the token server's answer
     * @param endpoint    what the token is for: the address of a registry or mirror before {@code /v2}; the registry itself where that is none of those asked, or null
     */
    public void useToken(ObjectNode tokenAnswer, @Nullable String endpoint) {
        String token = TokenRequest.tokenIn(tokenAnswer);
        if (!token.isEmpty()) {
            client.authorization(client.at(endpoint), "").use(token);
        }
    }

    /** Returns the tokens of this repository, from the same endpoints. */
    public Tokens tokens() {
        return new Tokens(reference, client);
    }

    /** Takes manifests that are asked for by digest from here, if they are here: a registry that counts pulls does not count these. */
    public void takeFrom(Kept manifests) {
        kept = manifests;
    }

    /** Returns where this image comes from, with the digest and the platform of the chosen manifest, each null if there is none. */
    public Origin origin(@Nullable Digest digest, @Nullable Platform platform) {
        return new Origin(reference, client.answered().base().toString(), digest, platform, null);
    }

    /**
     * Returns what the reference names, which may be an index.
     *
     * @throws RegistryException     if no endpoint gives it
     * @throws WrongContentException if it does not have the digest that was asked for, or is not a manifest
     */
    public Manifest manifest() throws IOException {
        return manifest(reference.tagOrDigest());
    }

    /**
     * Returns the manifest of the image for a platform: the one that the reference names, or the one that an index leads to.
     *
     * @throws IOException as {@link #choose} does
     */
    public Choice manifest(Platform platform) throws IOException {
        return choose(manifest(), platform);
    }

    /**
     * Returns the manifest for a platform that an index leads to, perhaps through another index; or the manifest itself if it is not an index.
     *
     * @param named what the reference names
     * @throws NotFoundException     if the index has none for the platform
     * @throws RegistryException     if no endpoint gives it
     * @throws WrongContentException if what came is not what its digest says, or is not a manifest
     */
    public Choice choose(Manifest named, Platform platform) throws IOException {
        try {
            return Choice.of(named, platform, this);
        } catch (NotFoundException e) {
            throw new NotFoundException(reference.familiarName() + ": " + e.getMessage());
        }
    }

    @Override
    public Manifest manifest(Descriptor entry) throws IOException {
        Manifest manifest = manifest(entry.digest().toString());
        if (manifest.bytes().length != entry.size()) {
            throw new WrongContentException("the manifest " + entry.digest() + " has " + manifest.bytes().length + " bytes instead of the " + entry.size() + " that its index says;"
                    + " the digest is right, so the index is wrong: the image can be pulled as NAME@" + entry.digest());
        }
        return manifest;
    }

    @Override
    public boolean has(Descriptor entry) {
        return true; // as far as is known before it is asked for
    }

    @Override
    public byte[] config(Manifest manifest) throws IOException {
        Descriptor config = manifest.config();
        if (config.size() > Manifest.LONGEST) {
            throw new WrongContentException("the config " + config.digest() + " is longer than " + Manifest.LONGEST + " bytes: refused");
        }
        return blobs.readAll(config);
    }

    /**
     * Returns the type, digest and size of what the reference names, as the registry states them, without fetching it.
     * HEAD /v2/NAME/manifests/REFERENCE (distribution-spec, Checking if content exists): where pulls are counted, this is none.
     * A registry need not state them, and some refuse HEAD: then the manifest itself is asked for.
     *
     * @throws RegistryException     if no endpoint has it
     * @throws WrongContentException if the manifest had to be fetched and is wrong
     */
    public Descriptor describe() throws IOException {
        try (Response answer = client.send(Api.manifestHead(reference)).answer()) {
            Digest digest = ManifestResponse.statedDigest(answer);
            if (answer.status() == 200 && digest != null && answer.contentLength() >= 0 && answer.header("Content-Encoding") == null) {
                return new Descriptor(MediaType.withoutParameters(answer.header("Content-Type")), digest, answer.contentLength(), null, null);
            }
        }
        return descriptor(manifest());
    }

    static Descriptor descriptor(Manifest manifest) {
        return new Descriptor(manifest.mediaType(), manifest.digest(), manifest.bytes().length, null, null);
    }

    /**
     * Returns the manifest or index of a tag or digest, checked against the digest where there is one.
     * GET /v2/NAME/manifests/REFERENCE (distribution-spec, Pulling manifests).
     *
     * @throws RegistryException     if no endpoint gives it
     * @throws WrongContentException if it does not have the digest that was asked for or that the registry states, or is not a manifest
     */
    public Manifest manifest(String tagOrDigest) throws IOException {
        Manifest here = tagOrDigest.contains(":") ? kept.manifest(Digest.parse(tagOrDigest)) : null;
        return here != null ? here : manifest(Api.manifest(reference, tagOrDigest), tagOrDigest);
    }

    /** Returns what lies under the tag of what refers to a manifest, as {@link #manifest(String)} does: see {@link Api#referrersTag}. */
    Manifest referrersTag(Digest subject, String ending) throws IOException {
        return manifest(Api.referrersTag(reference, subject, ending), subject.referrersTag() + ending);
    }

    private Manifest manifest(Request request, String tagOrDigest) throws IOException {
        while (true) {
            Client.FullResponse response = tagOrDigest.equals(reference.tag()) ? Tags.sendFor(reference, client, request) : client.send(request);
            try {
                return ManifestResponse.checked(response, tagOrDigest);
            } catch (WrongContentException | RegistryException e) {
                client.skip(response.endpoint(), e);
            }
        }
    }

    /**
     * Begins to fetch a blob, or a part of it, from the first endpoint that gives it. The caller retries, because only it knows what it has by then.
     * GET /v2/NAME/blobs/DIGEST, with a Range header for a part (distribution-spec, Pulling blobs).
     *
     * @param from the first byte wanted, counted from 0
     * @param to   the byte after the last one wanted
     * @return the part, or the whole blob where the registry sends no parts: see {@link BlobBody#isPart}
     * @throws RegistryException     if neither an endpoint nor an address in the descriptor gives it
     * @throws WrongContentException if the registry says that the blob has another size
     */
    public BlobBody blob(Descriptor blob, long from, long to) throws IOException {
        return blobs.fetch(blob, from, to);
    }

    /**
     * Returns a descriptor of a blob by its digest: HEAD tells its size (distribution-spec, Checking if content exists).
     * Where it does not, a request for the first byte does.
     *
     * @return a descriptor without a media type
     * @throws RegistryException if no endpoint tells the size
     */
    public Descriptor describe(Digest digest) throws IOException {
        return blobs.describe(digest);
    }

    /**
     * Returns descriptors of the layers of a manifest of schema 1, which gives no sizes: {@link #describe(Digest)} for each.
     *
     * @return as many descriptors as digests, in the same order; each digest is asked for once
     * @throws RegistryException if no endpoint tells the size of one of them
     */
    public List<Descriptor> describe(List<Digest> digests) throws IOException {
        return blobs.describe(digests);
    }

    /** Returns a page of a list; a RegistryException says that there is none. */
    Client.FullResponse page(Request request) throws IOException {
        return client.send(request);
    }

    /** Returns the blobs of this repository, to choose for each which endpoint is asked. */
    public Blobs blobs() {
        return blobs;
    }
}
