package lib.server.writable;

import java.io.IOException;
import lib.failure.NotFoundException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.store.Layout;

/** A blob that clients may have. */
final class ServedBlob {
    private ServedBlob() { }

    /** Returns a blob; throws NotFoundException also for a link out of the folder: it would have any file of this machine read that the folder's maker chose. */
    static Descriptor in(Layout layout, Digest digest) throws IOException {
        if (layout.leadsOut(digest)) {
            throw new NotFoundException(digest + " is a link that leads out of " + layout.path() + ": not served");
        }
        return layout.find(digest);
    }
}
