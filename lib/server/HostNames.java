package lib.server;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The names under which this server answers: those of the machine itself, and what its user adds. A web page whose own name was made to
 * lead here (DNS rebinding) sends that name, and could otherwise have a browser on this machine read what is served for this machine alone.
 *
 * @param others further names, in lower case, such as that of a proxy in front
 */
public record HostNames(Set<String> others) {

    /**
     * Returns whether a request was meant for this server.
     *
     * @param target the request's target, which may be a whole address: its host counts, too (RFC 9112, section 3.2.2)
     * @param hosts  the values of the Host header, none in HTTP/1.0
     */
    public boolean include(URI target, List<String> hosts) {
        return (hosts == null || hosts.stream().allMatch(this::include)) && (target.getRawAuthority() == null || include(target.getRawAuthority()));
    }

    private boolean include(String hostAndPort) {
        String host = hostAndPort.strip().toLowerCase(Locale.ROOT).replaceFirst(":[0-9]*$", "").replaceFirst("\\.$", "");
        return host.equals("localhost") || host.endsWith(".localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}") || others.contains(host);
    }
}
