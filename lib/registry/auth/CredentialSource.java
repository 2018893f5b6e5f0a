package lib.registry.auth;

import org.jspecify.annotations.Nullable;

/**
 * A source of credentials, and what it has for an image, without secrets.
 *
 * @param name    where it is: an option, a variable, a file or a helper
 * @param says    what is there, in words, such as {@code has the password of alice for quay.io/org}, or {@code does not exist}
 * @param found   the same, for code
 * @param login   what is to be used, or null
 */
public record CredentialSource(String name, String says, Found found, @Nullable Credential login) {
    /** What is there. */
    public enum Found {
        /** Credentials that are to be used. */
        LOGIN,
        /** Nothing for this image, or the wish that nothing be used. */
        NOTHING,
        /** Nothing at all: no such file, no such variable. */
        ABSENT,
        /** Something that the user should put right. */
        TROUBLE
    }
}
