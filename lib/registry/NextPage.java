package lib.registry;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import lib.registry.http.RequestFailure;
import lib.registry.http.Response;
import lib.registry.settings.WebAddress;
import org.jspecify.annotations.Nullable;

/** Where a list goes on: a Link header (RFC 8288), whose only relation of interest is the next page. */
public final class NextPage {
    private NextPage() { }

    /** Returns the address of the next page, or null. The link is followed as it is, but only on the same host, and not from HTTPS to HTTP. */
    static @Nullable String of(Response answer) throws IOException {
        String target = target(answer.headers("Link"));
        if (target == null) {
            return null;
        }
        try {
            URI next = WebAddress.resolve(answer.uri(), target);
            if (WebAddress.isSameHost(next, answer.uri())) {
                return next.toString();
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw RequestFailure.notARegistry(answer.uri(), "its next page is not on the same host, or not as safe");
    }

    /**
     * Returns the target of the first link whose relation is {@code next}, as it stands in the lines of a Link header, or null
     * (RFC 8288, section 3): {@code Link = #( "<" URI-Reference ">" *( OWS ";" OWS link-param ) )}. Each line is read once.
     */
    public static @Nullable String target(List<String> headerLines) {
        for (String line : headerLines) {
            int end = 0;
            for (int open = line.indexOf('<'); open >= 0; open = line.indexOf('<', end)) {
                int close = line.indexOf('>', open);
                if (close < 0) {
                    break;
                }
                end = endOfLink(line, close + 1);
                if (isNext(line, close + 1, end)) {
                    return line.substring(open + 1, close);
                }
            }
        }
        return null;
    }

    /** Returns where the comma behind a link is, or the line's end. */
    private static int endOfLink(String line, int from) {
        int at = from;
        while (at < line.length() && line.charAt(at) != ',') {
            at = line.charAt(at) == '"' ? endOfQuotes(line, at) : at + 1;
        }
        return at;
    }

    /** Returns the place behind a quoted string (RFC 9110, section 5.6.4). */
    private static int endOfQuotes(String line, int from) {
        int at = from + 1;
        while (at < line.length() && line.charAt(at) != '"') {
            at += line.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(line.length(), at + 1);
    }

    private static boolean isNext(String line, int from, int end) {
        int at = from;
        while (at < end) {
            int parameter = at;
            while (at < end && line.charAt(at) != ';') {
                at = line.charAt(at) == '"' ? endOfQuotes(line, at) : at + 1;
            }
            if (isRelationNext(line.substring(parameter, Math.min(at, end)))) {
                return true;
            }
            at++;
        }
        return false;
    }

    private static boolean isRelationNext(String parameter) {
        int equals = parameter.indexOf('=');
        if (equals < 0 || !parameter.substring(0, equals).strip().equalsIgnoreCase("rel")) {
            return false;
        }
        String relations = parameter.substring(equals + 1).replace('"', ' ').toLowerCase(Locale.ROOT);
        return List.of(relations.strip().split("\\s+")).contains("next");
    }
}
