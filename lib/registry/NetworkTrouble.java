package lib.registry;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;

/** Says in plain words what a network exception means. */
final class NetworkTrouble {
    private NetworkTrouble() { }

    static String inWords(URI uri, IOException trouble) {
        String message = String.valueOf(trouble.getMessage());
        if (trouble instanceof UnknownHostException) {
            return "no host of the name '" + uri.getHost() + "' is known here: is it spelled right, is there a network or a proxy to name with --proxy?";
        }
        if (trouble instanceof NoRouteToHostException || message.contains("Network is unreachable")) {
            return "there is no way to that host from here";
        }
        if (trouble instanceof ConnectException) {
            return "nobody listens there (" + message + ")";
        }
        if (trouble instanceof SocketTimeoutException) {
            return message.contains("onnect") ? "no connection within the time allowed" : "the connection stalled: no byte came within the time allowed";
        }
        if (message.contains("Unsupported or unrecognized SSL message")) {
            return "it speaks plain HTTP where HTTPS was expected; if that is meant, say --insecure";
        }
        if (message.contains("PKIX path")) {
            return "its certificate is signed by nobody this machine trusts; name the signer's file with --cacert";
        }
        if (message.contains("No subject alternative") || message.contains("No name matching")) {
            return "its certificate is for another name (" + message + ")";
        }
        if (trouble instanceof javax.net.ssl.SSLException) {
            return "no TLS connection: " + message;
        }
        if (trouble instanceof EOFException || message.contains("Premature EOF") || message.contains("Unexpected end of file")) {
            return "the connection was lost before the answer was complete";
        }
        return "the connection failed (" + message + ")";
    }
}
