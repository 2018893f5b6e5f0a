package lib.registry.upload;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import javax.net.ssl.SSLSocketFactory;
import lib.registry.api.Request;
import lib.registry.http.Connections;
import lib.registry.http.HttpSettings;
import lib.registry.proxy.Proxies;

/** The connections of a push: requests with a long body, or with a method that Java does not know, get one of our own. */
public final class UploadConnections extends Connections {
    private final HttpSettings settings;

    /** @param registry the host that is pushed to: the authorities it needs also count for the hosts it sends us to */
    public UploadConnections(HttpSettings settings, String registry) {
        super(settings, registry);
        this.settings = settings;
    }

    @Override
    protected HttpURLConnection open(Request request, Proxies.Choice through) throws IOException {
        if (!Upload.needsConnection(request)) {
            return super.open(request, through);
        }
        URI uri = request.uri();
        SSLSocketFactory tls = uri.getScheme().equals("https") ? tls(uri, request.insecure()) : null;
        HttpURLConnection connection = new UploadConnection(uri.toURL(), new UploadSocket(uri, through.proxy(), proxy(through.proxy()), tls, request.insecure()));
        prepare(connection, request);
        connection.setFixedLengthStreamingMode(request.body().length());
        connection.setReadTimeout(Upload.patienceMillis(settings.stallMillis()));
        return connection;
    }

    @Override
    protected void send(Request request, HttpURLConnection connection) throws IOException {
        if (request.body() == null) {
            super.send(request, connection);
        } else {
            Upload.send(request.body(), connection, settings.stallMillis(), settings.throttle());
        }
    }
}
