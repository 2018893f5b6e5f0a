package lib.registry.hosts;

import java.io.IOException;
import java.net.URI;
import lib.registry.address.Loopback;
import lib.registry.http.Http;

/** HTTPS, but for this machine and for hosts that may be insecure, and there only when the host speaks no TLS. */
final class Scheme {
    private Scheme() { }

    /** Returns the address of a host, such as {@code registry.example.com:5000}, with the scheme that it speaks. */
    static URI address(String host, boolean insecure, Http http) throws IOException {
        return URI.create(of(host, insecure, http) + "://" + host);
    }

    private static String of(String host, boolean insecure, Http http) throws IOException {
        URI uri = URI.create("https://" + host + "/v2/");
        if (!Loopback.is(uri.getHost()) && !insecure) {
            return "https";
        }
        if (http.isProxied(uri)) {
            return http.speaksTls(uri) ? "https" : "http";
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : 443;
        String address = uri.getHost().replaceAll("[\\[\\]]", "");
        try {
            return Loopback.refusesTls(address, port) ? "http" : "https";
        } catch (IOException e) {
            boolean onlyByProxy = http.isProxied(URI.create("http://" + host + "/v2/"));
            return uri.getPort() >= 0 && !onlyByProxy ? "https" : "http";
        }
    }
}
