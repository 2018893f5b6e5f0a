package lib.registry.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import lib.failure.WrongContentException;
import lib.file.SmallFile;
import lib.registry.auth.CredentialSource.Found;
import lib.registry.settings.UsernamePassword;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * Docker's {@code config.json} or podman's {@code auth.json}, which have the same form: {@code credHelpers} names a
 * helper for a host, {@code credsStore} one for all others, and {@code auths} holds what was not given to a helper.
 *
 * @see <a href="https://docs.docker.com/reference/cli/docker/login/#credential-stores">docker login, Credential stores</a>
 */
final class AuthFile {
    /** Docker and its helpers write this instead of a name where the secret is an identity token. */
    private static final String TOKEN_USER = "<token>";

    /** The size that a file may have, in MiB. */
    static final int LARGEST = 8;

    private final Path path;
    private final ObjectNode json;
    private final Map<String, CredentialSource> helpers;

    private AuthFile(Path path, ObjectNode json, Map<String, CredentialSource> helpers) {
        this.path = path;
        this.json = json;
        this.helpers = helpers;
    }

    /**
     * Returns what a file says for {@code HOST/REPOSITORY}: up to the first login there, the helper's answer and the file's own.
     *
     * @param helpers what helpers answered before: none is asked twice for the same server
     */
    static List<CredentialSource> look(Path path, String name, Map<String, CredentialSource> helpers) throws InterruptedIOException {
        if (Files.notExists(path)) {
            return List.of(new CredentialSource(path.toString(), "does not exist", Found.ABSENT, null));
        }
        try {
            byte[] bytes = SmallFile.read(path, LARGEST);
            boolean blank = new String(bytes, StandardCharsets.UTF_8).isBlank();
            return new AuthFile(path, blank ? Json.newObject() : Json.object(bytes, "the file"), helpers).look(name);
        } catch (WrongContentException e) {
            return List.of(new CredentialSource(path.toString(), "is not a JSON object", Found.TROUBLE, null)); // the exception's message repeats a part of it
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            String why = e.getClass() == IOException.class ? ": " + e.getMessage() : ""; // the others' messages are the file's name
            return List.of(new CredentialSource(path.toString(), "cannot be read" + why, Found.TROUBLE, null));
        }
    }

    private List<CredentialSource> look(String name) throws InterruptedIOException {
        List<CredentialSource> sources = new ArrayList<>();
        ChosenHelper helper = ChosenHelper.of(json, name);
        for (String server : helper == null ? List.<String>of() : helper.servers()) {
            CredentialSource answer = ask(helper.program(), server);
            sources.add(answer);
            if (answer.login() != null) {
                return sources;
            }
        }
        sources.add(lookInside(name));
        return sources;
    }

    private CredentialSource ask(String program, String server) throws InterruptedIOException {
        String question = path + " " + program + " " + server;
        if (!helpers.containsKey(question)) {
            helpers.put(question, askHelper(program, server));
        }
        return helpers.get(question);
    }

    private CredentialSource askHelper(String program, String server) throws InterruptedIOException {
        String place = program + ", named in " + path;
        try {
            UsernamePassword found = CredentialHelper.get(program, server);
            if (found == null) {
                return new CredentialSource(place, "has nothing for " + server, Found.NOTHING, null);
            }
            return found(place, server, login(found, null, null, place));
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            return new CredentialSource(place, e.getMessage(), Found.TROUBLE, null);
        }
    }

    private CredentialSource lookInside(String name) {
        for (String key : AuthKeys.fitting(json.path("auths"), name)) {
            JsonNode entry = json.path("auths").path(key);
            try {
                Credential login = login(credentials(entry), text(entry, "identitytoken"), text(entry, "registrytoken"), path.toString());
                if (login != null) {
                    return found(path.toString(), key, login);
                }
            } catch (IllegalArgumentException e) {
                return new CredentialSource(path.toString(), "the entry for " + key + " is damaged", Found.TROUBLE, null);
            }
        }
        return new CredentialSource(path.toString(), "has nothing for " + name, Found.NOTHING, null);
    }

    private static CredentialSource found(String place, String key, Credential login) {
        return new CredentialSource(place, "has " + login.what() + " for " + key, Found.LOGIN, login);
    }

    /**
     * Docker writes {@code auth}, the Base64 of {@code USER:PASSWORD}; by hand, a name and a password may stand there themselves.
     * It skips line ends in the Base64, which some programs break after 76 characters, and nothing else.
     */
    private static @Nullable UsernamePassword credentials(JsonNode entry) {
        String auth = text(entry, "auth");
        if (auth == null) {
            String user = text(entry, "username");
            return user == null ? null : new UsernamePassword(user, entry.path("password").asText(""));
        }
        String decoded = new String(Base64.getDecoder().decode(auth.replaceAll("[\r\n]", "")), StandardCharsets.UTF_8);
        int colon = decoded.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("no colon");
        }
        return new UsernamePassword(decoded.substring(0, colon), decoded.substring(colon + 1).replaceFirst("\0+$", ""));
    }

    private static @Nullable Credential login(@Nullable UsernamePassword credentials, @Nullable String identityToken, @Nullable String registryToken, String source) {
        if (registryToken != null) {
            return Credential.ofToken(registryToken, source, true);
        }
        if (identityToken != null) {
            return new Credential(credentials, identityToken, null, source, true);
        }
        if (credentials == null || credentials.password().isEmpty()) {
            return null;
        }
        return credentials.user().equals(TOKEN_USER)
                ? new Credential(null, credentials.password(), null, source, true)
                : new Credential(credentials, null, null, source, true);
    }

    private static @Nullable String text(JsonNode entry, String key) {
        String text = entry.path(key).asText("");
        return text.isEmpty() ? null : text;
    }
}
