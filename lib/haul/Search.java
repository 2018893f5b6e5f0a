package lib.haul;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import lib.failure.NoSignatureException;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;
import lib.image.Reference;
import lib.registry.ListBounds;
import lib.registry.Listed;
import lib.registry.Network;
import lib.registry.Registry;
import lib.registry.Tags;
import lib.store.ImageStore;
import lib.transfer.RemoteImage;
import lib.verb.ImagePull;
import org.jspecify.annotations.Nullable;

/** Asks registries for the images of a list: a few at a time, and each repository with one token, however many of its tags are wanted. */
final class Search implements AutoCloseable {
    private static final int AT_ONCE = 4;

    private final ImagePull pull;
    private final Network network;
    private final Earlier earlier;
    private final @Nullable Path place;
    private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, Search::thread);
    private final Map<String, Future<Registry>> registries = new ConcurrentHashMap<>();
    private final Map<String, Future<Listed<String>>> tags = new ConcurrentHashMap<>();
    private final Map<String, IOException> failures = new LinkedHashMap<>();

    /**
     * @param earlier what those have who get the images
     * @param place   the archive or the layout that may have them already; null for none
     */
    Search(ImagePull pull, Network network, Earlier earlier, @Nullable Path place) {
        this.pull = pull;
        this.network = network;
        this.earlier = earlier;
        this.place = place;
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "search");
        thread.setDaemon(true);
        return thread;
    }

    /** Returns what a list leads to. One image that fails does not keep the others from being found. */
    Found of(List<Wanted> list) throws IOException {
        List<Future<List<Reference>>> names = new ArrayList<>();
        list.forEach(wanted -> names.add(threads.submit(() -> names(wanted))));
        Map<Reference, Wanted> chosen = new LinkedHashMap<>();
        for (int i = 0; i < list.size(); i++) {
            Wanted wanted = list.get(i);
            for (Reference name : result(wanted.toString(), names.get(i), List.of())) {
                Wanted other = chosen.putIfAbsent(name, wanted);
                if (other != null && !(other.platforms().equals(wanted.platforms()) && other.referrers().wanted().equals(wanted.referrers().wanted()))) {
                    throw new IllegalArgumentException(name.familiarName() + " is chosen twice, by '" + other + "' and by '" + wanted + "', with other platforms or referrers: which are meant?");
                }
            }
        }
        Map<Reference, Callable<FoundImage>> work = new LinkedHashMap<>();
        chosen.forEach((name, wanted) -> work.put(name, () -> found(wanted, name, name)));
        return all(work);
    }

    /** Does the same; what fails now and is whole in the place from an earlier run, which wrote that lock file, stays in it. */
    Found of(List<Wanted> list, Lock earlierRun) throws IOException {
        Found found = of(list);
        List<FoundImage> images = new ArrayList<>(found.images());
        for (LockedImage locked : earlierRun.images()) {
            Wanted wanted = list.stream().filter(entry -> entry.toJson().equals(earlierRun.list().get(locked.entry()))).findFirst().orElse(null);
            boolean fails = wanted != null && (failures.containsKey(locked.name().familiarName()) || failures.containsKey(wanted.toString()));
            FoundImage old = fails ? inPlace(wanted, locked) : null;
            if (old != null && images.stream().noneMatch(image -> image.name().equals(old.name()))) {
                images.add(old);
                pull.settings().notice().accept(old.name().familiarName() + " stays as it is in " + place);
            }
        }
        images.sort(Comparator.comparingInt(image -> list.indexOf(image.wanted())));
        return new Found(images, failures);
    }

    /** Returns an image that is whole in the place, or null. Its manifest is taken from there. */
    private @Nullable FoundImage inPlace(Wanted wanted, LockedImage locked) throws IOException {
        try {
            ImageStore store = ImageStore.open(place);
            if (!store.hasAny(locked.descriptor())) {
                return null;
            }
            FoundImage image = found(wanted, locked.name().withDigest(locked.manifest()), locked.name());
            return image.image().named().blobs().stream().allMatch(store::has) ? image : null;
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            return null; // then it fails as a whole
        }
    }

    /** Returns the images of a lock file, exactly these. */
    Found of(Lock lock, List<Wanted> list) throws IOException {
        Map<Reference, Callable<FoundImage>> work = new LinkedHashMap<>();
        for (LockedImage locked : lock.images()) {
            Wanted wanted = list.get(locked.entry());
            work.put(locked.name(), () -> locked.restricted(found(wanted, locked.name().withDigest(locked.digest()), locked.name())));
        }
        return all(work);
    }

    private Found all(Map<Reference, Callable<FoundImage>> work) throws IOException {
        Map<Reference, Future<FoundImage>> asked = new LinkedHashMap<>();
        work.forEach((name, one) -> asked.put(name, threads.submit(one)));
        List<FoundImage> images = new ArrayList<>();
        for (Map.Entry<Reference, Future<FoundImage>> one : asked.entrySet()) {
            FoundImage image = result(one.getKey().familiarName(), one.getValue(), null);
            if (image != null) {
                images.add(image);
            }
        }
        return new Found(images, failures);
    }

    private List<Reference> names(Wanted wanted) throws Exception {
        if (!wanted.isChoice()) {
            return wanted.chosen(List.of());
        }
        Listed<String> tags = tags(wanted.name());
        if (tags.missing() != null) {
            throw tags.missing(); // the newest may be among those that did not come
        }
        List<Reference> chosen = wanted.chosen(tags.items());
        if (chosen.isEmpty()) {
            throw new NotFoundException("none of the " + tags.items().size() + " tags fits");
        }
        return chosen;
    }

    private FoundImage found(Wanted wanted, Reference asked, Reference name) throws IOException {
        RemoteImage image = pull.find(registry(asked).asking(asked), wanted.selection(earlier.stores()), place);
        if (image.manifest().isSchema1()) {
            throw new WrongContentException("its manifest is of schema 1, which is not kept as it is: pull it by itself");
        }
        return earlier.without(new FoundImage(wanted, image.as(name)));
    }

    private Registry registry(Reference name) throws IOException {
        return once(registries, name, () -> new Registry(name, network));
    }

    private Listed<String> tags(Reference name) throws IOException {
        return once(tags, name, () -> Tags.of(registry(name), name, 0, new ListBounds(ListBounds.USUAL_PAGES)));
    }

    /** The first that asks for something of a repository does the work; the others wait for that. */
    private static <T> T once(Map<String, Future<T>> known, Reference name, Callable<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(work);
        Future<T> other = known.putIfAbsent(name.registry() + "/" + name.repository(), task);
        if (other == null) {
            task.run();
        }
        return value(other == null ? task : other);
    }

    private <T> T result(String name, Future<T> asked, T otherwise) throws IOException {
        try {
            return value(asked);
        } catch (NotFoundException | WrongContentException | RegistryException | NoSignatureException | WrongSignatureException e) {
            failures.put(name, e);
            return otherwise;
        }
    }

    private static <T> T value(Future<T> asked) throws IOException {
        try {
            return asked.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
