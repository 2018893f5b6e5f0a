package lib.registry;

import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Reference;
import lib.image.Schema1;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import org.jspecify.annotations.Nullable;

/** An answer that is a manifest or an index, checked against the digests that are known of it. */
final class ManifestResponse {
    private ManifestResponse() { }

    static Manifest checked(Client.FullResponse response, String tagOrDigest) throws WrongContentException, RegistryException {
        Response answer = response.answer();
        byte[] bytes = response.bytes();
        String type = answer.header("Content-Type");
        Digest asked = tagOrDigest.contains(":") ? Digest.parse(tagOrDigest) : null;
        if (MediaType.DOCKER_SCHEMA_1_SIGNED.equals(MediaType.withoutParameters(type))) {
            return Schema1.parseSigned(asked != null ? asked : statedDigest(answer), bytes, type);
        }
        for (Digest digest : new Digest[] {asked, statedDigest(answer)}) {
            if (digest != null && !digest.isOf(bytes)) {
                throw new WrongContentException("the manifest " + tagOrDigest + " does not have the digest " + digest + ", but " + Digest.of(bytes));
            }
        }
        if (type != null && type.contains("html")) {
            throw RequestFailure.notARegistry(answer.uri(), "it sent a web page instead of a manifest; is there a proxy or a log-in page in between?");
        }
        return Manifest.parse(asked != null ? asked : Digest.of(bytes), bytes, type);
    }

    /** Checks that a registry that took a manifest does not state another digest for it. What is not a digest says nothing. */
    static void checkStated(Response answer, Manifest manifest, Reference target) throws WrongContentException {
        Digest stated = statedDigest(answer);
        if (stated != null && stated.algorithm().equals(manifest.digest().algorithm()) && !stated.equals(manifest.digest())) {
            throw new WrongContentException(target.registry() + " says that the manifest " + manifest.digest() + " has become " + stated);
        }
    }

    /** Returns the digest that a registry states, to be checked and never trusted, or null if it states none. */
    static @Nullable Digest statedDigest(Response answer) {
        try {
            return Digest.parse(answer.header("Docker-Content-Digest"));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
