package lib.registry.http;

import java.io.IOException;
import java.net.URI;
import lib.failure.RegistryException;
import lib.registry.address.Loopback;
import lib.registry.settings.WebAddress;

/** An answer that leads elsewhere (RFC 9110, section 15.4). */
public final class Redirect {
    private Redirect() { }

    /**
     * Returns where a redirect leads, and closes the answer.
     *
     * @param from the address that was asked
     * @throws RegistryException if that is not an address, or less safe than the one before
     */
    public static URI target(Response answer, URI from) throws IOException {
        try (answer) {
            String location = answer.header("Location");
            URI uri = location == null || location.isBlank() ? null : WebAddress.resolve(from, location);
            if (uri != null && WebAddress.isOne(uri) && !isDowngrade(from, uri)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // falls through to the same answer
        }
        throw RequestFailure.notARegistry(from, "it redirects to no safe address");
    }

    private static boolean isDowngrade(URI from, URI to) {
        return from.getScheme().equals("https") && !to.getScheme().equals("https") && !Loopback.is(to.getHost());
    }
}
