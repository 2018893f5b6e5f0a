package lib.transfer.source;

import java.io.IOException;
import lib.image.Descriptor;
import lib.registry.BlobBody;
import lib.registry.Blobs;
import lib.registry.hosts.Endpoint;

/**
 * A place that blobs of a repository may be taken from.
 *
 * @param endpoint a mirror, or the registry itself
 * @param host     what its host has done so far, for this repository and others
 */
public record Source(Blobs blobs, Endpoint endpoint, Host host) {

    /**
     * Begins to fetch a blob, or a part of it: see {@link Blobs#fetch(Endpoint, Descriptor, long, long)}.
     *
     * @param from the first byte wanted, counted from 0
     * @param to   the byte after the last one wanted
     * @return the part, or the whole blob where the source sends no parts
     * @throws lib.failure.RegistryException     if the source does not give it
     * @throws lib.failure.WrongContentException if the source says that the blob has another size
     */
    public BlobBody open(Descriptor blob, long from, long to) throws IOException {
        return blobs.fetch(endpoint, blob, from, to);
    }

    /** Returns whether it is only asked where nothing else is left: a registry counts pulls, and may be what its mirrors are there to spare. */
    boolean isReserve() {
        return endpoint.origin() && !endpoint.listed();
    }
}
