package lib.registry;

import java.io.IOException;
import lib.failure.RegistryException;
import lib.image.Reference;
import lib.registry.api.Api;
import lib.registry.auth.Credential;

/**
 * A name and a password, tried at a registry before they are stored.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">distribution, Token Authentication</a>
 */
public final class Login {
    private Login() { }

    /**
     * Knocks at the front door of a registry, never of a mirror: GET /v2/ (distribution-spec, Determining Support) with what its challenge asks for, a name
     * and a password or a token that these buy. The token is for no repository, as docker login asks for it: so it needs no right to any.
     *
     * @param host the registry, {@code docker.io} for Docker Hub
     * @return whether the registry asked for a login there; if not, it cannot say that these are wrong
     * @throws RegistryException if it refuses them, or does not answer
     */
    public static boolean check(String host, Credential login, Network network) throws IOException {
        Reference reference = Reference.parse(host + "/any");
        Client client = Client.ofLogin(reference, network.as(login));
        client.send(Api.login(reference).because("Knock at the API's front door, to see whether it takes this login")).answer().close();
        return client.authorization(client.origin(), "").header() != null;
    }
}
