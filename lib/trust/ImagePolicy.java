package lib.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.file.SmallFile;
import lib.image.Reference;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * Which images of which registries have to be signed by whom: the file that podman, skopeo and others go by.
 *
 * @param file where it is
 * @see <a href="https://github.com/containers/image/blob/v5.30.0/docs/containers-policy.json.5.md">containers-policy.json</a>
 */
public record ImagePolicy(Path file, ObjectNode json) {
    private static final String NAME = "policy.json";
    private static final int LARGEST = 1;
    /** What a requirement may say that is not verified here: then it cannot be met. */
    private static final List<String> NOT_HERE = List.of("fulcio", "pki", "rekorPublicKeyPath", "rekorPublicKeyPaths", "rekorPublicKeyData", "rekorPublicKeyDatas");

    /**
     * One requirement: all of an image's have to be met.
     *
     * @param isMet  whether anything meets it
     * @param reason why nothing meets it; null if a signature may
     * @param keys   whose signatures meet it, any of them
     * @param name   under which name the image has to be signed
     */
    public record Requirement(boolean isMet, @Nullable String reason, List<TrustedKey> keys, SignedName name) { }

    /**
     * Returns the first policy that one of these folders has, mostly the user's and the system's; null if there is none.
     *
     * @throws IllegalArgumentException if it cannot be read: what it forbids is not known then
     */
    public static @Nullable ImagePolicy in(List<Path> folders) throws IOException {
        for (Path folder : folders) {
            Path file = folder.resolve(NAME);
            if (Files.exists(file)) {
                try {
                    return new ImagePolicy(file, Json.exact(SmallFile.read(file, LARGEST), file.toString()));
                } catch (WrongContentException e) {
                    throw new IllegalArgumentException(e.getMessage() + "; it says which images have to be signed, so nothing is fetched", e);
                }
            }
        }
        return null;
    }

    /**
     * Returns what an image has to meet: the requirements of the longest scope that its name is in, or the default ones.
     *
     * @throws IllegalArgumentException if the policy does not say, or a key cannot be read
     */
    public List<Requirement> of(Reference image) throws IOException {
        JsonNode wanted = scope(image);
        if (!wanted.isArray() || wanted.isEmpty()) {
            throw new IllegalArgumentException(file + " does not say what is required of " + image.familiarName() + ": a list of requirements is needed");
        }
        List<Requirement> requirements = new ArrayList<>();
        for (JsonNode one : wanted) {
            requirements.add(requirement(one));
        }
        return requirements;
    }

    private JsonNode scope(Reference image) {
        JsonNode scopes = json.path("transports").path("docker");
        String repository = image.registry() + "/" + image.repository();
        List<String> names = new ArrayList<>();
        if (image.digest() != null) {
            names.add(repository + "@" + image.digest());
        }
        if (image.tag() != null && image.digest() == null) {
            names.add(repository + ":" + image.tag());
        }
        for (String name = repository; ; name = name.substring(0, name.lastIndexOf('/'))) {
            names.add(name);
            if (!name.contains("/")) {
                break;
            }
        }
        String host = image.registry().replaceFirst(":[0-9]+$", "");
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            names.add("*" + host.substring(dot));
        }
        names.add("");
        for (String name : names) {
            if (scopes.has(name)) {
                return scopes.path(name);
            }
        }
        return json.path("default");
    }

    private Requirement requirement(JsonNode one) throws IOException {
        String type = one.path("type").asText();
        SignedName name = new SignedName(one.path("signedIdentity").path("type").asText("matchRepoDigestOrExact"), one.path("signedIdentity"));
        switch (type) {
            case "insecureAcceptAnything":
                return new Requirement(true, null, List.of(), name);
            case "reject":
                return new Requirement(false, "forbids it", List.of(), name);
            case "sigstoreSigned":
                break;
            default:
                return new Requirement(false, "requires '" + type + "', which is not verified here", List.of(), name);
        }
        for (String key : NOT_HERE) {
            if (one.has(key)) {
                return new Requirement(false, "requires signatures verified by its " + key + ", which is not done here", List.of(), name);
            }
        }
        if (!name.isKnown()) {
            throw new IllegalArgumentException(file + ": the signedIdentity '" + name.type() + "' is not known, or lacks a name");
        }
        List<TrustedKey> keys = keys(one);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(file + ": a requirement sigstoreSigned names no key");
        }
        return new Requirement(false, null, keys, name);
    }

    private List<TrustedKey> keys(JsonNode one) throws IOException {
        List<TrustedKey> keys = new ArrayList<>();
        for (JsonNode path : each(one, "keyPath")) {
            keys.add(TrustedKey.of(key(path.asText()), path.asText()));
        }
        for (JsonNode data : each(one, "keyData")) {
            keys.add(TrustedKey.of(Base64.getMimeDecoder().decode(data.asText()), "the key in " + file));
        }
        return keys;
    }

    private byte[] key(String path) throws IOException {
        try {
            return SmallFile.named(Path.of(path), LARGEST);
        } catch (NotFoundException e) {
            throw new NotFoundException(file + " names a key that is not there: " + e.getMessage());
        }
    }

    private static List<JsonNode> each(JsonNode one, String key) {
        List<JsonNode> all = new ArrayList<>();
        if (one.has(key)) {
            all.add(one.path(key));
        }
        one.path(key + "s").forEach(all::add);
        return all;
    }
}
