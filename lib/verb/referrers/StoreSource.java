package lib.verb.referrers;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.store.ImageStore;
import lib.store.StoredReferrers;

/** What refers to manifests in a layout or an archive. */
final class StoreSource implements ReferrerSource {
    private final ImageStore store;
    private final StoredReferrers referrers;
    private final List<String> unread;

    StoreSource(ImageStore store) throws IOException {
        this.store = store;
        this.referrers = store.referrers();
        this.unread = new ArrayList<>(referrers.unread());
    }

    /** Returns what something here refers to, whether that is here or not. */
    Set<Digest> subjects() {
        return referrers.subjects();
    }

    @Override
    public List<Pointer> pointers(Digest subject, List<String> endings, List<String> left) {
        left.addAll(unread);
        unread.clear();
        return referrers.of(subject).stream().filter(entry -> entry.tag().isEmpty() || endings.stream().anyMatch(entry.tag()::endsWith))
                .map(entry -> new Pointer(entry.descriptor(), entry.tag())).toList();
    }

    @Override
    public Manifest manifest(Descriptor descriptor) throws IOException {
        return store.manifest(descriptor);
    }

    @Override
    public InputStream blob(Descriptor blob) throws IOException {
        return store.blob(blob);
    }
}
