package lib.registry.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import lib.registry.api.Purpose;
import lib.registry.api.Request;
import lib.registry.http.Exchange.Header;
import lib.registry.http.Exchange.Times;
import lib.registry.tls.TlsSockets;
import org.jspecify.annotations.Nullable;

/** One exchange while it lasts: measures its phases and reports it. Does nothing without a listener. */
final class ExchangeTimer {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Consumer<Exchange> listener;
    private final Instant begun = Instant.now();
    private Exchange told;
    private double connect = -1;
    private double tls = -1;
    private long last = System.nanoTime();

    /** @param listener is told of the exchange, or null */
    ExchangeTimer(Consumer<Exchange> listener, Request request, Exchange.Way way) {
        this.listener = listener;
        if (listener != null) {
            told = new Exchange(NUMBERS.incrementAndGet(), request.purpose(), request.digest(), request.why(), request.method(), Redaction.address(request.uri().toString()),
                    Redaction.request(request.headers()), request.form() == null ? null : request.form().open() + "$IDENTITY_TOKEN", way, begun, new Times(-1, -1, -1, -1), 0, "", List.of(), null);
        }
    }

    /** Connects, to know how long that takes. Through a proxy it is part of the wait: a proxy's refusal is found later. */
    void connect(HttpURLConnection connection, boolean direct) throws IOException {
        if (listener == null || !direct) {
            return;
        }
        long start = last;
        connection.connect();
        long connected = TlsSockets.connectedNanos();
        last = System.nanoTime();
        boolean secure = connection.getURL().getProtocol().equals("https");
        if (!secure || connected != 0) {
            connect = millis(start, last);
            tls = secure ? millis(connected, last) : -1;
        }
    }

    /** The answer's headers have come. They are told in their order, but for those that Java cannot read. */
    void answered(HttpURLConnection connection, ResponseHeaders received) throws IOException {
        if (listener == null) {
            return;
        }
        long now = System.nanoTime();
        List<Header> headers = new ArrayList<>();
        String reason = null;
        if (received.readable()) {
            for (int i = 1; connection.getHeaderFieldKey(i) != null; i++) {
                headers.add(Redaction.answer(connection.getHeaderFieldKey(i), connection.getHeaderField(i)));
            }
            reason = connection.getResponseMessage();
        } else {
            received.headers().forEach((name, values) -> values.stream().filter(value -> name != null).forEach(value -> headers.add(Redaction.answer(name, value))));
        }
        tell(new Times(connect, tls, millis(last, now), -1), Math.max(0, received.status()), reason == null ? "" : Redaction.text(reason), headers, null);
        last = now;
    }

    /** No answer came. */
    void failed(IOException trouble) {
        if (listener != null) {
            tell(new Times(connect, tls, millis(last, System.nanoTime()), -1), 0, Redaction.text(String.valueOf(trouble.getMessage())), List.of(), null);
        }
    }

    /** Returns the answer's body, to be read in place of this one. */
    InputStream body(InputStream body, String type, long length) {
        if (listener == null) {
            return body;
        }
        boolean shown = type != null && type.contains("json") && told.purpose() != Purpose.BLOB;
        return new TimedBody(body, length, shown, this);
    }

    /** The body has ended: it is told with what it held, or null if that is not to be shown. */
    void ended(long bytes, boolean whole, @Nullable String broken, byte @Nullable [] shown) {
        Times times = new Times(connect, tls, told.times().waiting(), millis(last, System.nanoTime()));
        tell(times, told.status(), told.reason(), told.answer(), new Exchange.Body(bytes, whole, broken == null ? null : Redaction.text(broken), shown == null ? null : Redaction.json(shown)));
    }

    private void tell(Times times, int status, String reason, List<Header> answer, Exchange.Body body) {
        told = told.with(times, status, reason, answer, body);
        listener.accept(told);
    }

    private static double millis(long from, long to) {
        return Math.round((to - from) / 1e3) / 1e3;
    }
}
