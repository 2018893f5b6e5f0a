package lib.registry.proxy;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Through which proxy each request goes. One that is given for this command holds for all of them. Without it the variables that curl reads do:
 * http_proxy or https_proxy for that scheme, else all_proxy, but none for what no_proxy lists. The lower-case form of each goes
 * before the upper-case one. curl leaves HTTP_PROXY alone, since in a CGI program it holds a visitor's header "Proxy:";
 * here it is left alone in just that case, as Go's programs do.
 *
 * @param source    what the address is given by, for people: the name of an option
 * @param given     the address that was given for this command: empty for no proxy, null if the variables decide
 * @param variables the environment, such as {@code System.getenv()}
 */
public record Proxies(String source, @Nullable String given, Map<String, String> variables) {

    /**
     * The proxy for one request, or none.
     *
     * @param proxy null if the request goes straight to its host
     * @param why   the option or the variable that says so, or what else decides, for people
     */
    public record Choice(@Nullable ProxyAddress proxy, String why) {
        @Override
        public String toString() {
            return proxy == null ? "no proxy: " + why : "the proxy " + proxy + ", which " + why + " names";
        }
    }

    /** Returns the proxies of somebody who gave no options. */
    public static Proxies ofVariables(Map<String, String> variables) {
        return new Proxies("an option", null, variables);
    }

    /** Returns how a request to this address goes; throws IllegalArgumentException if a proxy that is named is none. */
    public Choice of(URI uri) {
        if (given != null) {
            return given.isBlank() ? new Choice(null, source + " is empty") : parsed(source, given);
        }
        String name = variable(uri.getScheme() + "_proxy");
        name = name == null ? variable("all_proxy") : name;
        if (name == null) {
            return new Choice(null, "none is named by " + source + ", " + uri.getScheme() + "_proxy or all_proxy");
        }
        String exceptions = variable("no_proxy");
        String entry = exceptions == null ? null : new NoProxy(variables.get(exceptions)).entryFor(uri);
        return entry != null ? new Choice(null, exceptions + " lists " + entry) : parsed(name, variables.get(name));
    }

    private static Choice parsed(String source, String address) {
        try {
            return new Choice(ProxyAddress.parse(address.strip()), source);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(source + ": " + e.getMessage());
        }
    }

    /** Returns the name of the variable, in the case in which it is set, or null. */
    private String variable(String lower) {
        String upper = lower.toUpperCase(Locale.ROOT);
        boolean ofVisitor = upper.equals("HTTP_PROXY") && isSet("REQUEST_METHOD");
        return isSet(lower) ? lower : isSet(upper) && !ofVisitor ? upper : null;
    }

    private boolean isSet(String name) {
        return !variables.getOrDefault(name, "").isBlank();
    }
}
