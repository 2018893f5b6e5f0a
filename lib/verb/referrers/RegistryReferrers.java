package lib.verb.referrers;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
 * All of these are asked side by side, so that it takes hardly longer than to ask one.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers">distribution-spec, Listing Referrers</a>
 */
public final class RegistryReferrers implements ReferrerSource {
    private static final ListBounds BOUNDS = new ListBounds(20);
    private static final int CONNECTIONS = 6;

    private final Registry registry;
    private final Settings settings;
    private final boolean isPatient;
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS, RegistryReferrers::thread);
    private final Map<Digest, Future<Referrers.Found>> lists = new HashMap<>();
    private final Map<String, Future<Optional<Manifest>>> underTags = new HashMap<>();
    private final Map<Digest, Future<Manifest>> manifests = new HashMap<>();

    /** @param isPatient whether to ask again where that may help */
    private RegistryReferrers(Registry registry, Settings settings, boolean isPatient) {
        this.registry = registry;
        this.isPatient = isPatient;
        this.settings = settings;
    }

    /** What refers to images of a repository: only its registry, or a mirror of that, is asked. */
    public static ImageReferrers of(Registry registry, Settings settings) {
        return new ImageReferrers(new RegistryReferrers(registry, settings, true));
    }

    /** Does the same for those who can do without: where the registry fails, it is not asked again. */
    public static ImageReferrers once(Registry registry, Settings settings) {
        return new ImageReferrers(new RegistryReferrers(registry, settings, false));
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "referrers");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void ask(Collection<Digest> subjects, List<String> endings) {
        for (Digest subject : subjects) {
            lists.computeIfAbsent(subject, digest -> threads.submit(() -> Referrers.of(registry, digest, null, BOUNDS, isPatient)));
            for (String ending : endings) {
                underTags.computeIfAbsent(subject.referrersTag() + ending, tag -> threads.submit(() -> Referrers.underTag(registry, subject, ending, isPatient)));
            }
        }
    }

    @Override
    public List<Pointer> pointers(Digest subject, List<String> endings, List<String> left) throws IOException {
        ask(List.of(subject), endings);
        List<Pointer> pointers = new ArrayList<>();
        Referrers.Found found = result(lists.get(subject));
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
        fetch(pointers.stream().map(Pointer::descriptor).toList());
        for (String ending : endings) {
            addTag(subject, ending, pointers, left);
        }
        return pointers;
    }

    @Override
    public void fetch(Collection<Descriptor> wanted) {
        wanted.stream().limit(ImageReferrers.MOST).forEach(one -> manifests.computeIfAbsent(one.digest(), digest -> threads.submit((Callable<Manifest>) () -> registry.manifest(one))));
    }

    private void addTag(Digest subject, String ending, List<Pointer> pointers, List<String> left) throws IOException {
        String tag = subject.referrersTag() + ending;
        try {
            Optional<Manifest> manifest = result(underTags.get(tag));
            if (manifest.isPresent()) {
                manifests.put(manifest.get().digest(), threads.submit(manifest::get));
                pointers.add(new Pointer(Descriptor.of(manifest.get().descriptor(), "the tag " + tag), tag));
            }
        } catch (WrongContentException e) {
            left.add("the tag " + tag + ": " + e.getMessage());
        }
    }

    @Override
    public Manifest manifest(Descriptor descriptor) throws IOException {
        fetch(List.of(descriptor));
        return result(manifests.get(descriptor.digest()));
    }

    @Override
    public InputStream blob(Descriptor blob) {
        return BlobStream.of(registry, blob, settings);
    }

    private static <T> T result(Future<T> asked) throws IOException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
