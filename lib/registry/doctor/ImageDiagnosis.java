package lib.registry.doctor;

import java.io.IOException;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import lib.failure.RegistryException;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.Schema1;
import lib.registry.BlobBody;
import lib.registry.Registry;
import lib.registry.http.Exchange;
import lib.registry.settings.WebAddress;
import org.jspecify.annotations.Nullable;

/** The image itself: its manifest, and one byte of one blob. Each part returns what was found, in words. */
final class ImageDiagnosis {
    private final Registry registry;
    private final List<Exchange> exchanges;
    private @Nullable Manifest manifest;

    /** @param exchanges the requests so far and their answers; those of this diagnosis are added to them */
    ImageDiagnosis(Registry registry, List<Exchange> exchanges) {
        this.registry = registry;
        this.exchanges = exchanges;
    }

    /**
     * Asks which manifest there is, and fetches it unless the registry limits pulls.
     *
     * @param saysEndpoint whether to say which endpoint gave it
     * @throws RegistryException if there is none
     */
    String manifest(boolean saysEndpoint) throws IOException {
        Descriptor there = described();
        if (there != null && exchanges.stream().anyMatch(exchange -> exchange.answer("RateLimit-Limit") != null)) {
            return there.mediaType() + ", " + there.digest() + "; not fetched, since that would count as a pull";
        }
        Manifest found = there == null ? manifest : registry.manifest();
        manifest = found;
        String what = found.mediaType() + ", " + found.digest() + (saysEndpoint ? ", from " + registry.origin(null, null).endpoint() : "");
        if (!found.isIndex() || found.entries().isEmpty()) {
            return what;
        }
        List<String> platforms = found.entries().stream().filter(entry -> entry.platform() != null && !entry.isAttestation())
                .map(entry -> entry.platform().toString()).distinct().toList();
        manifest = registry.manifest(found.entries().get(0));
        return platforms.isEmpty() ? what : what + ", for " + String.join(", ", platforms);
    }

    /** Asks by HEAD, which does not count as a pull. Its answer has no body: after a failure, GET makes the registry say what is wrong. */
    private @Nullable Descriptor described() throws IOException {
        try {
            return registry.describe();
        } catch (RegistryException e) {
            if (e.status() < 400) {
                throw e;
            }
            manifest = registry.manifest();
            return null;
        }
    }

    /**
     * Asks for one byte of the smallest blob, to see whether parts of blobs are sent and where from.
     *
     * @throws RegistryException if the blob cannot be fetched
     */
    String range() throws IOException {
        if (manifest == null) {
            return "not tried: only the manifest names a blob, and fetching it would count as a pull";
        }
        List<Descriptor> blobs = manifest.isIndex() ? List.of() : manifest.isSchema1() ? registry.describe(Schema1.of(manifest).digests()) : manifest.blobs();
        if (blobs.isEmpty()) {
            return "not tried: the image has no blob of its own";
        }
        Descriptor smallest = blobs.stream().min(Comparator.comparingLong(Descriptor::size)).orElseThrow();
        boolean part;
        try (BlobBody body = registry.blob(smallest, 0, Math.min(1, smallest.size()))) {
            part = body.isPart();
        }
        String redirect = exchanges.stream().filter(exchange -> smallest.digest().equals(exchange.digest()) && exchange.answer("Location") != null)
                .reduce((earlier, later) -> later).map(exchange -> ", sent on to " + WebAddress.resolve(URI.create(exchange.uri()), exchange.answer("Location")).getHost()).orElse("");
        return (part ? "parts of blobs are sent" : "only whole blobs are sent: no resuming, one connection a blob") + redirect;
    }
}
