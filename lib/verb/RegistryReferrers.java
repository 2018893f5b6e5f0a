package lib.verb;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.registry.ListBounds;
import lib.registry.Referrers;
import lib.registry.Registry;
import lib.transfer.BlobStream;
import lib.transfer.Settings;

/**
 * What refers to manifests in a repository: by the referrers API, in registries without it by the tag {@code sha256-HEX}, and under cosign's tags.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers">distribution-spec, Listing Referrers</a>
 */
final class RegistryReferrers implements ReferrerSource {
    private static final ListBounds BOUNDS = new ListBounds(20);

    private final Registry registry;
    private final Settings settings;
    private final Map<Digest, Manifest> underTags = new HashMap<>();

    RegistryReferrers(Registry registry, Settings settings) {
        this.registry = registry;
        this.settings = settings;
    }

    @Override
    public List<Pointer> pointers(Digest subject, List<String> endings, List<String> left) throws IOException {
        List<Pointer> pointers = new ArrayList<>();
        Referrers.Found found = Referrers.of(registry, subject, null, BOUNDS);
        if (found.missing() != null) {
            left.add("the list of what refers to " + subject + " is incomplete: " + found.missing().getMessage());
        }
        for (JsonNode entry : found.index().path("manifests")) {
            try {
                pointers.add(new Pointer(Descriptor.of(entry, "an entry of the list of what refers to " + subject), ""));
            } catch (WrongContentException e) {
                left.add(e.getMessage());
            }
        }
        for (String ending : endings) {
            addTag(subject, ending, pointers, left);
        }
        return pointers;
    }

    private void addTag(Digest subject, String ending, List<Pointer> pointers, List<String> left) throws IOException {
        String tag = subject.referrersTag() + ending;
        try {
            Optional<Manifest> manifest = Referrers.underTag(registry, subject, ending);
            if (manifest.isPresent()) {
                underTags.put(manifest.get().digest(), manifest.get());
                pointers.add(new Pointer(Descriptor.of(manifest.get().descriptor(), "the tag " + tag), tag));
            }
        } catch (WrongContentException e) {
            left.add("the tag " + tag + ": " + e.getMessage());
        }
    }

    @Override
    public Manifest manifest(Descriptor descriptor) throws IOException {
        Manifest here = underTags.get(descriptor.digest());
        return here != null ? here : registry.manifest(descriptor);
    }

    @Override
    public InputStream blob(Descriptor blob) {
        return BlobStream.of(registry, blob, settings);
    }
}
