package lib.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Origin;
import lib.image.Reference;
import lib.registry.api.Api;
import lib.registry.auth.Challenge;
import lib.registry.hosts.Endpoint;
import lib.registry.http.RequestFailure;
import lib.registry.http.Retry;
import lib.text.Json;

/**
 * Tokens for one repository, in two steps: the registry's challenge names a token server, and that gives a token.
 *
 * @see <a href="https://distribution.github.io/distribution/spec/auth/token/">distribution, Token Authentication</a>
 */
public final class Tokens {
    private final Reference reference;
    private final Client client;

    /**
     * Reads the settings of this machine that say which hosts are asked, and sends nothing yet, but to find out whether an insecure host speaks TLS.
     *
     * @param reference the image; its tag and digest do not matter
     * @throws RegistryException if these settings block the image
     */
    public Tokens(Reference reference, Network network) throws IOException {
        this(reference, Client.ofReader(reference, network));
    }

    Tokens(Reference reference, Client client) {
        this.reference = reference;
        this.client = client;
    }

    /**
     * Returns what the registry asks of a client without credentials, or an empty list if it asks for nothing: the first step.
     * GET /v2/, the API's front door (distribution-spec, Determining Support).
     *
     * @throws RegistryException if the registry refuses without a challenge, or does not answer
     */
    public List<Challenge> challenges() throws IOException {
        while (true) {
            Client.FullResponse response = client.send(Api.frontDoor().orElse("no access to " + reference.registry()));
            List<Challenge> challenges = Challenge.parse(response.answer().headers("WWW-Authenticate"));
            if (response.answer().status() == 200) {
                response.answer().close();
                return List.of();
            }
            RegistryException refused = RequestFailure.of(response.answer(), "no access to " + reference.registry());
            if (!challenges.isEmpty()) {
                return challenges;
            }
            client.skip(response.endpoint(), refused);
        }
    }

    /**
     * Returns the answer of the token server that one of these challenges names, or an empty object if no token is required: the second step.
     * GET REALM?service=SERVICE&amp;scope=SCOPE (distribution, Token Authentication).
     *
     * @param challenges what {@link #challenges} returned
     * @throws RegistryException     if there is no token, or the credentials in its place are refused
     * @throws WrongContentException if the token server sends too long an answer
     */
    public ObjectNode token(List<Challenge> challenges) throws IOException {
        Retry retry = client.retry();
        for (List<Challenge> asked = challenges; !asked.isEmpty(); ) {
            Endpoint endpoint = client.answered();
            try {
                ObjectNode token = client.authorization(endpoint, "").token(asked);
                if (token != null) {
                    return token.deepCopy();
                }
                client.send(Api.login(reference)).answer().close();
                return Json.newObject();
            } catch (RegistryException e) {
                if (endpoint == client.origin()) {
                    retry.await(e, e.mayPass());
                } else {
                    client.skip(endpoint, e);
                    asked = challenges();
                }
            }
        }
        return Json.newObject();
    }

    /**
     * Takes both steps.
     *
     * @return what {@link #token(List)} returns
     * @throws RegistryException     if one of them fails
     * @throws WrongContentException if the token server sends too long an answer
     */
    public ObjectNode token() throws IOException {
        return token(challenges());
    }

    /** Returns where the token is good: the image, and the endpoint that gave the challenge. */
    public Origin origin() {
        return new Origin(reference, client.answered().base().toString(), null, null, null);
    }
}
