package tests.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

//SOURCES Certificate.java
//SOURCES Program.java
//SOURCES Scratch.java

/**
 * A proxy on loopback for HTTP, CONNECT (RFC 9110, section 9.3.6) and SOCKS 5 (RFC 1928), which takes every host for this machine
 * and counts what comes through. Names that end in {@code .invalid} are known to it and to nobody else.
 */
public final class CountingProxy implements AutoCloseable {
    private final String credentials;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<Integer, Integer> ports = new ConcurrentHashMap<>();
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger refused = new AtomicInteger();

    /** Starts one that asks for {@code user:password}, or for nothing if that is null. */
    public CountingProxy(String credentials) {
        this(credentials, ServerSocketFactory.getDefault());
    }

    /** Starts one that is spoken to over TLS, and shows this certificate. */
    public static CountingProxy overTls(String credentials, Certificate certificate) {
        Path store = Scratch.folder("proxy").resolve("own.p12");
        Program.run("openssl", "pkcs12", "-export", "-in", certificate.file().toString(), "-inkey", certificate.key().toString(), "-passout", "pass:tests", "-out", store.toString()).orFail();
        try {
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(KeyStore.getInstance(store.toFile(), "tests".toCharArray()), "tests".toCharArray());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new CountingProxy(credentials, context.getServerSocketFactory());
        } catch (GeneralSecurityException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private CountingProxy(String credentials, ServerSocketFactory sockets) {
        this.credentials = credentials;
        try {
            server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(this::accept);
    }

    /** Connects to the other port of this machine where it is asked for this one. */
    public CountingProxy withPort(int asked, int real) {
        ports.put(asked, real);
        return this;
    }

    /** Returns its host and port. */
    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** Returns what was asked of it, in order: {@code GET http://host:port/path}, {@code CONNECT host:port}, {@code name host:port} or {@code address 127.0.0.1:port}. */
    public List<String> asked() {
        return asked;
    }

    /** Returns how many bytes of answers came through. */
    public long received() {
        return received.get();
    }

    /** Returns how often somebody was sent away for lack of credentials. */
    public int refused() {
        return refused.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                open.add(client);
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // closed: the end
        }
    }

    private void serve(Socket client) {
        try (client; InputStream in = client.getInputStream(); OutputStream out = client.getOutputStream()) {
            int first = in.read();
            if (first == 5) {
                socks(in, out);
            } else if (first >= 0) {
                http(first, in, out);
            }
        } catch (IOException e) {
            // one of the two has gone
        }
    }

    private void http(int first, InputStream in, OutputStream out) throws IOException {
        for (String head = head(first, in); !head.isEmpty(); head = head(in.read(), in)) {
            String[] request = head.substring(0, head.indexOf('\r')).split(" ");
            if (credentials != null && !head.replaceFirst("(?i)\nproxy-authorization: ", "\nproxy: ").contains("\nproxy: " + basic() + "\r\n")) {
                refused.incrementAndGet();
                write(out, "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"tests\"\r\nContent-Length: 0\r\n\r\n");
                continue;
            }
            asked.add(request[0] + " " + request[1]);
            if (request[0].equals("CONNECT")) {
                try (Socket target = connect(Integer.parseInt(request[1].replaceFirst(".*:", "")))) {
                    write(out, "HTTP/1.1 200 Connection established\r\n\r\n");
                    pump(in, out, target);
                }
                return;
            }
            URI uri = URI.create(request[1]);
            try (Socket target = connect(uri.getPort() < 0 ? 80 : uri.getPort())) {
                String path = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
                String headers = head.substring(head.indexOf('\n') + 1).replaceAll("(?i)(proxy-authorization|proxy-connection|connection): [^\r]*\r\n", "");
                write(target.getOutputStream(), request[0] + " " + path + " HTTP/1.1\r\nConnection: close\r\n" + headers);
                copy(target.getInputStream(), out, received);
            }
            return;
        }
    }

    private String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    /** Method selection, a name and a password where wanted (RFC 1929), and the one command CONNECT. */
    private void socks(InputStream in, OutputStream out) throws IOException {
        in.readNBytes(in.read());
        out.write(new byte[] {5, (byte) (credentials == null ? 0 : 2)});
        if (credentials != null) {
            in.read();
            String given = text(in.readNBytes(in.read())) + ":" + text(in.readNBytes(in.read()));
            out.write(new byte[] {1, (byte) (given.equals(credentials) ? 0 : 1)});
            if (!given.equals(credentials)) {
                refused.incrementAndGet();
                return;
            }
        }
        int kind = in.readNBytes(4)[3];
        String host = kind == 3 ? text(in.readNBytes(in.read())) : InetAddress.getByAddress(in.readNBytes(kind == 1 ? 4 : 16)).getHostAddress();
        int port = in.read() << 8 | in.read();
        asked.add((kind == 3 ? "name " : "address ") + host + ":" + port);
        try (Socket target = connect(port)) {
            out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
            pump(in, out, target);
        }
    }

    private Socket connect(int port) throws IOException {
        Socket target = new Socket("127.0.0.1", ports.getOrDefault(port, port));
        open.add(target);
        return target;
    }

    private void pump(InputStream in, OutputStream out, Socket target) throws IOException {
        threads.execute(() -> {
            try (target) {
                copy(in, target.getOutputStream(), new AtomicLong());
            } catch (IOException e) {
                // the other end has gone
            }
        });
        copy(target.getInputStream(), out, received);
    }

    private static void copy(InputStream in, OutputStream out, AtomicLong count) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            count.addAndGet(read);
            out.write(buffer, 0, read);
        }
    }

    /** Returns the lines of a request up to the empty one, or "" at the end of all requests. */
    private static String head(int first, InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int next = first; next >= 0; next = in.read()) {
            head.write(next);
            if (next == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
