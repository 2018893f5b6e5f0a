package lib.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Reference;
import lib.registry.api.Api;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * The list of what refers to a manifest, where clients keep it themselves: an index under a tag made of the manifest's digest.
 * Two who add to it at the same time may each write over what the other wrote. A condition keeps that from happening where the registry heeds it.
 * Elsewhere the list is read again once another's write that had begun before would have ended, and what was lost is added again,
 * until a look at it finds what the look before it left.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pushing-manifests-with-subject">distribution-spec, Pushing Manifests with Subject</a>
 */
final class ReferrersTag {
    private static final int MOST_TRIES = 10;
    /** Another's line may be slower than ours. */
    private static final long SHORTEST_WAIT_MILLIS = 300;
    private static final long LONGEST_WAIT_MILLIS = 2_000;

    private final Client client;
    private final Reference repository;
    private final Digest subject;

    /** The list as it was read: its entity tag is null if the registry gives none that is fit for a condition. */
    private record Read(ObjectNode index, Digest digest, @Nullable String entityTag) { }

    ReferrersTag(Client client, Reference repository, Digest subject) {
        this.client = client;
        this.repository = repository;
        this.subject = subject;
    }

    /**
     * Adds manifests that are not in the list yet.
     *
     * @throws WrongContentException if the tag is something else than such a list: then it is left as it is
     */
    void add(List<Manifest> referrers) throws IOException {
        Digest refused = null;
        Digest last = null; // the list as it was when it was last read or written
        boolean isMissing = true;
        long roundMillis = SHORTEST_WAIT_MILLIS;
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            long begun = System.nanoTime();
            Read read = read();
            isMissing = addTo(read.index, referrers);
            if (!isMissing && (last == null || last.equals(read.digest))) {
                return; // all of them are there, and nobody else is writing
            }
            last = read.digest;
            if (isMissing) {
                // where the very list that was read is said to have changed, the registry cannot tell
                Digest written = write(read, !read.digest.equals(refused));
                refused = written == null ? read.digest : null;
                last = written == null ? last : written;
            }
            roundMillis = Math.max(roundMillis, (System.nanoTime() - begun) / 1_000_000);
            await(roundMillis);
        }
        if (isMissing) {
            throw RequestFailure.notARegistry(client.origin().base(), "the tag " + subject.referrersTag() + " of " + repository.repository()
                    + " was written over " + MOST_TRIES + " times, so the list of what refers to the image is not complete");
        }
    }

    private Read read() throws IOException {
        Client.FullResponse response = client.send(Api.referrersTagForPush(repository, subject));
        if (response.answer().status() == 404) {
            ObjectNode empty = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
            empty.putArray("manifests");
            return new Read(empty, Digest.of(new byte[0]), null);
        }
        Manifest index = ManifestResponse.checked(response, subject.referrersTag());
        if (!index.mediaType().equals(MediaType.OCI_INDEX)) {
            throw new WrongContentException("the tag " + subject.referrersTag() + " of " + repository.registry() + "/" + repository.repository() + " is of the type " + index.mediaType()
                    + ", not a list of what refers to the image: left as it is, and nothing was added");
        }
        String entityTag = response.answer().header("ETag");
        return new Read(index.json(), index.digest(), entityTag != null && entityTag.startsWith("\"") ? entityTag : null); // a weak one matches nothing (RFC 9110, section 13.1.1)
    }

    /** Adds what is missing, and returns whether something was. */
    private static boolean addTo(ObjectNode index, List<Manifest> referrers) {
        Set<String> there = new HashSet<>();
        ArrayNode entries = index.path("manifests") instanceof ArrayNode some ? some : index.putArray("manifests");
        for (JsonNode entry : entries) {
            there.add(entry.path("digest").asText());
        }
        int before = entries.size();
        for (Manifest referrer : referrers) {
            if (there.add(referrer.digest().toString())) {
                entries.add(referrer.referrer());
            }
        }
        return entries.size() > before;
    }

    /** Puts the list, and returns its digest, or null if the registry did not take it. */
    private @Nullable Digest write(Read read, boolean conditional) throws IOException {
        boolean isNew = read.digest.equals(Digest.of(new byte[0]));
        String condition = !conditional ? null : isNew ? "If-None-Match" : read.entityTag != null ? "If-Match" : null;
        Manifest index = Manifest.parse(Json.bytes(read.index), MediaType.OCI_INDEX);
        try (Response answer = client.send(Api.putReferrersTag(repository, Registry.descriptor(index), index.bytes(), subject, condition, isNew ? "*" : read.entityTag)).answer()) {
            return answer.status() == 412 ? null : index.digest();
        }
    }

    /** Waits for longer than another needs between reading and writing. */
    private static void await(long millis) throws InterruptedIOException {
        try {
            Thread.sleep(Math.min(LONGEST_WAIT_MILLIS, millis + ThreadLocalRandom.current().nextLong(millis + 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
