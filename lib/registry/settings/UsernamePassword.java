package lib.registry.settings;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import lib.text.Secrets;

/** A user name and a password. They are never part of a text for people. */
public record UsernamePassword(String user, String password) {
    public UsernamePassword {
        Secrets.know(user, password);
    }

    /** Returns the value of an Authorization header for HTTP's Basic scheme (RFC 7617). */
    public String basic() {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "credentials of " + user;
    }
}
