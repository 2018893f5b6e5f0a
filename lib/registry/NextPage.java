package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

//SOURCES Answer.java
//SOURCES RegistryException.java
//SOURCES WebAddress.java

/** Where a list goes on: web links (RFC 8288), of which only the next page matters. */
final class NextPage {
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;[^<]*\\brel\\s*=\\s*\"?next\\b");

    private NextPage() { }

    /** Returns the address of the next page, or null. The link is followed as it is, but only on the same host, and not from HTTPS to HTTP. */
    static String of(Answer answer) throws IOException {
        Matcher link = NEXT.matcher(String.join(", ", answer.headers("Link")));
        if (!link.find()) {
            return null;
        }
        try {
            URI next = answer.uri().resolve(link.group(1));
            if (WebAddress.isSameHost(next, answer.uri())) {
                return next.toString();
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw RegistryException.notARegistry(answer.uri(), "its next page is not on the same host, or not as safe");
    }
}
