package lib.registry.auth;

import java.net.URI;
import lib.failure.RegistryException;
import lib.registry.address.Loopback;
import lib.registry.http.Redaction;
import lib.registry.http.RequestFailure;
import lib.registry.settings.WebAddress;
import lib.text.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * Where secrets may go: over HTTPS, on this machine, and to a host that the user called insecure.
 *
 * @param registry the address of the registry or the mirror
 * @param insecure whether the user called it insecure
 */
record SecureChannel(URI registry, boolean insecure) {

    String host() {
        return registry.getRawAuthority();
    }

    /** A user who calls a registry insecure means that host, not every token server that it may name. */
    boolean isInsecure(URI realm) {
        return insecure && realm.getHost().equalsIgnoreCase(registry.getHost());
    }

    /** Holds secrets back that would go to the registry itself where anybody could listen. */
    void check(Credential login) throws RegistryException {
        if (isOpen(registry) && !insecure) {
            throw RequestFailure.notARegistry(registry, "it asks for " + login + ", over plain HTTP, where anybody could listen");
        }
    }

    /**
     * Returns the token server of a challenge, mostly on another host.
     *
     * @param login what is to go there, or null
     * @throws RegistryException if it is not an http address, and if the way there is less safe than that to the registry (RFC 6750, section 5.2)
     */
    URI realm(Challenge challenge, @Nullable Credential login) throws RegistryException {
        URI realm = address(challenge.parameter("realm"));
        if (isOpen(realm) && (registry.getScheme().equals("https") || login != null && !isInsecure(realm))) {
            String what = login == null ? "" : login + " and ";
            throw RequestFailure.notARegistry(registry, "it names a token server that speaks plain HTTP, " + RequestFailure.place(realm)
                    + ": " + what + "a token would go where anybody could listen, so none is asked for");
        }
        return realm;
    }

    private URI address(@Nullable String realm) throws RegistryException {
        URI uri = WebAddress.orNull(realm);
        if (uri != null) {
            return uri;
        }
        throw RequestFailure.notARegistry(registry, "its token server '" + PlainText.cut(PlainText.line(Redaction.address(realm))) + "' is not an http address");
    }

    private static boolean isOpen(URI uri) {
        return uri.getScheme().equals("http") && !Loopback.is(uri.getHost());
    }
}
