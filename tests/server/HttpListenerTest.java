package tests.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import lib.server.http.HttpListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 as clients send it, well or badly. The handler answers with the body that came; of /unread it reads nothing. */
class HttpListenerTest {
    private HttpListener listener;

    @BeforeEach
    void listen() throws IOException {
        listener = listener(HttpListener.SILENT_MILLIS);
    }

    private static HttpListener listener(int silentMillis) throws IOException {
        HttpListener made = new HttpListener(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), null, silentMillis, exchange -> {
            if (exchange.getRequestURI().getPath().equals("/short")) {
                exchange.sendResponseHeaders(200, 10);
                exchange.getResponseBody().write("short".getBytes(StandardCharsets.US_ASCII));
                throw new IOException("the disk failed");
            }
            byte[] body = exchange.getRequestURI().getPath().equals("/unread") ? new byte[0] : exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            
        });
        made.start();
        return made;
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort());
        socket.setSoTimeout(30_000);
        return socket;
    }

    /** Sends this, and returns all that comes back until the other side hangs up. */
    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void should_answer_a_greeting_by_tls_at_once() throws IOException {
        String answer = ask("\u0016\u0003\u0001\u0001\u0000\u0001\u0000");
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n",
        "GET / HTTP/1.1\r\n folded: a\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n"})
    void should_refuse_what_could_be_read_in_two_ways(String request) throws IOException {
        String answer = ask(request);
        assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
    }

    @Test
    void should_read_chunks_and_several_requests_of_one_connection() throws IOException {
        String answer = ask("PUT /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
                + "PUT /unread HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nskip" + "PUT /c HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nConnection: close\r\n\r\nend");
        assertEquals(3, answer.split("HTTP/1.1 200 ", -1).length - 1, answer);
        assertTrue(answer.contains("\r\n\r\nabc0123456789HTTP/1.1") && answer.endsWith("\r\n\r\nend"), answer);
    }

    @Test
    void should_ask_for_a_body_that_waits_and_hang_up_where_it_is_not_wanted() throws IOException {
        String head = " HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";
        try (Socket socket = connect()) {
            socket.getOutputStream().write(("PUT /a" + head).getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertEquals("HTTP/1.1 100 Continue\r\n\r\n", new String(in.readNBytes(25), StandardCharsets.US_ASCII));
            socket.getOutputStream().write("body".getBytes(StandardCharsets.US_ASCII));
            assertEquals("HTTP/1.1 200 ", new String(in.readNBytes(13), StandardCharsets.US_ASCII));
        }
        String unwanted = ask("PUT /unread" + head);
        assertTrue(unwanted.startsWith("HTTP/1.1 200 ") && unwanted.contains("Connection: close"), unwanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET /v2/ HTTP/1.1\r\nHost: loc", "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo"})
    void should_hang_up_on_a_client_that_falls_silent(String begun) throws IOException {
        listener.close();
        listener = listener(300);
        String answer = ask(begun);
        assertFalse(answer.contains(" 200 "), answer);
    }

    @Test
    void should_hang_up_where_the_answer_cannot_be_ended() throws IOException {
        String answer = ask("GET /short HTTP/1.1\r\nHost: h\r\n\r\nGET /a HTTP/1.1\r\nHost: h\r\n\r\n");
        assertTrue(answer.endsWith("\r\n\r\nshort"), answer);
    }

    @Test
    void should_not_take_a_body_that_breaks_off_for_a_whole_one() throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertFalse(answer.contains(" 200 "), answer);
        }
    }

    @Test
    void should_say_why_a_port_cannot_be_opened() {
        assertThrows(BindException.class, () -> new HttpListener(listener.address(), null, HttpListener.SILENT_MILLIS, exchange -> { }));
    }
}
