package lib.registry.auth;

import lib.registry.settings.UsernamePassword;
import lib.text.Secrets;
import org.jspecify.annotations.Nullable;

/**
 * What opens a registry, and where it was found. Only one of the three kinds is used: a registry token before an
 * identity token before a password. None of them is ever part of a text for people.
 *
 * @param credentials   a name and its password, or the name alone beside an identity token; may be null
 * @param identityToken buys tokens from the token server (RFC 6749, section 6) and is shown to nothing else; may be null
 * @param registryToken is shown to the registry as it is (RFC 6750, section 2.1); may be null
 * @param source        where it was found, for people: an option, a variable, a file, or a helper
 * @param stored        whether it was found, and not given for this one command: then a public image is worth a try without it
 */
public record Credential(@Nullable UsernamePassword credentials, @Nullable String identityToken, @Nullable String registryToken, String source, boolean stored) {
    public Credential {
        Secrets.know(identityToken);
        Secrets.know(registryToken);
    }

    /** Returns a name and its password. */
    public static Credential ofPassword(String user, String password, String source, boolean stored) {
        return new Credential(new UsernamePassword(user, password), null, null, source, stored);
    }

    /** Returns a registry token; throws IllegalArgumentException, which does not repeat it, if it cannot be one. */
    public static Credential ofToken(String token, String source, boolean stored) {
        if (!isToken(token)) {
            throw new IllegalArgumentException("the token of " + source + " is empty, or has a character that no token has");
        }
        return new Credential(null, null, token, source, stored);
    }

    /** A token of RFC 6750 is of letters, digits and a few signs; here it need only fit into a header. */
    static boolean isToken(String text) {
        return text.matches("[!-~]+");
    }

    /** Returns what this is, without the secret: {@code the password of alice}. */
    public String what() {
        String kind = registryToken != null ? "a registry token" : identityToken != null ? "an identity token" : "the password";
        return credentials == null || credentials.user().isEmpty() ? kind : kind + " of " + credentials.user();
    }

    @Override
    public String toString() {
        return what() + ", from " + source;
    }
}
