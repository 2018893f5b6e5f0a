package lib.registry.address;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** This machine talking to itself: nobody can listen on that line, so plain HTTP is safe there. */
public final class Loopback {
    /** A machine that is busy may keep a plain HTTP server from answering for seconds, and it would be taken for one of TLS. */
    private static final int PATIENCE_MILLIS = 10_000;

    private Loopback() { }

    /** Returns whether this host, as it is written in a reference or a URL, is this machine. */
    public static boolean is(String host) {
        return host.equals("localhost") || host.endsWith(".localhost") || host.equals("[::1]") || host.equals("::1")
                || host.matches("127\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}");
    }

    /**
     * Returns whether a server refuses TLS, by greeting it as a TLS client does and looking at the first byte of its answer:
     * TLS servers answer with a record of type 21 or 22, plain HTTP servers with text, or not at all.
     * Java's own TLS would find out too, but loading it takes longer than the rest of a request to this machine.
     *
     * @throws IOException if there is no connection
     */
    public static boolean refusesTls(String host, int port) throws IOException {
        try (Socket socket = Addresses.connect(host, port, PATIENCE_MILLIS)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(clientHello());
            InputStream in = socket.getInputStream();
            int first = in.read();
            return first != 21 && first != 22;
        } catch (java.net.SocketTimeoutException e) {
            return false;
        } catch (java.net.SocketException e) {
            return !(e instanceof java.net.ConnectException) && e.getMessage() != null && e.getMessage().contains("reset");
        }
    }

    /**
     * The shortest ClientHello (RFC 8446, section 4.1.2) that a server must answer, if only with an alert.
     * Its random bytes are an empty line, so that an HTTP server sees the end of a malformed request and answers too.
     */
    private static byte[] clientHello() {
        byte[] hello = new byte[5 + 4 + 43];
        byte[] head = {22, 3, 1, 0, 47, 1, 0, 0, 43, 3, 3};
        System.arraycopy(head, 0, hello, 0, head.length);
        byte[] random = "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(random, 0, hello, head.length, random.length);
        byte[] tail = {0, 0, 2, 0x13, 0x01, 1, 0, 0, 0};
        System.arraycopy(tail, 0, hello, head.length + random.length, tail.length);
        return hello;
    }
}
