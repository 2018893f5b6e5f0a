package lib.transfer.push;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Set;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.Reference;
import lib.registry.Uploads;
import lib.store.Exclusions;
import lib.store.ImageStore;
import lib.store.layer.BlobSource;

/**
 * The blobs of a layout or an archive.
 *
 * @param isEdited whether somebody may have edited a manifest since it was stored: then it need not go with its config
 */
public record StoredBlobs(ImageStore store, boolean isEdited) implements PushSource {
    /** Those of images as they are stored. */
    public StoredBlobs(ImageStore store) {
        this(store, false);
    }

    @Override
    public String name() {
        return store.path().toString();
    }

    @Override
    public boolean has(Descriptor blob) {
        return store.has(blob);
    }

    @Override
    public Uploads.Source blob(Descriptor blob) throws IOException {
        if (store.isLink(blob.digest())) {
            readToEnd(blob);
        }
        return from -> {
            InputStream in = store.blob(blob);
            in.skipNBytes(from); // read, because only the whole can be checked
            return in;
        };
    }

    /** A link may lead to any file of this machine: not a byte of a wrong one is sent. */
    private void readToEnd(Descriptor blob) throws IOException {
        try (InputStream in = store.blob(blob)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** Registries take images that no engine would load: the mistake would show only when one is pulled. */
    @Override
    public void check(Manifest image) throws IOException {
        if (!isEdited && store.has(image.config())) {
            BlobSource.checkConfig(store::blob, image);
        }
    }

    @Override
    public Set<Reference> bases() throws IOException {
        return Exclusions.namesIn(store);
    }
}
