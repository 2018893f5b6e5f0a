package lib.registry.address;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attempts to connect to several addresses of one host, side by side. Each connection is closed again: what is wanted is which address answers. */
public final class Attempts implements AutoCloseable {
    /** No address answered; the message says of each what came of it. */
    public static final class NoneAnswered extends ConnectException {
        NoneAnswered(String message) {
            super(message);
        }
    }

    private final int port;
    private final Selector selector = Selector.open();
    private final Map<InetAddress, IOException> failures = new LinkedHashMap<>();

    private Attempts(int port) throws IOException {
        this.port = port;
    }

    /**
     * Returns the address that answers first. An attempt begins when the one before it has failed, or has not succeeded within a little while
     * (RFC 8305, section 5).
     *
     * @param delayMillis how long that little while is
     * @param millis      how long the last of them is waited for
     */
    static InetAddress first(List<InetAddress> addresses, int port, int delayMillis, int millis) throws IOException {
        try (Attempts attempts = new Attempts(port)) {
            for (int i = 0; i < addresses.size(); i++) {
                boolean last = i == addresses.size() - 1;
                InetAddress answering = attempts.begin(addresses.get(i)) ? addresses.get(i) : attempts.next(last ? millis : delayMillis);
                if (answering != null) {
                    return answering;
                }
            }
            throw attempts.noneAnswered();
        }
    }

    /**
     * Tries all addresses at once.
     *
     * @param millis how long they are waited for, all together
     * @return the failure of each, in their order; null for those that answer
     * @throws IOException if this machine cannot try, or the thread is interrupted
     */
    public static Map<InetAddress, @Nullable IOException> all(List<InetAddress> addresses, int port, int millis) throws IOException {
        Map<InetAddress, @Nullable IOException> all = new LinkedHashMap<>();
        List<InetAddress> answering = new ArrayList<>();
        try (Attempts attempts = new Attempts(port)) {
            for (InetAddress address : addresses) {
                if (attempts.begin(address)) {
                    answering.add(address);
                }
            }
            for (InetAddress next = attempts.next(millis); next != null; next = attempts.next(millis)) {
                answering.add(next);
            }
            attempts.giveUp();
            addresses.forEach(address -> all.put(address, answering.contains(address) ? null : attempts.failures.get(address)));
        }
        return all;
    }

    /** Returns whether the connection stands at once. */
    private boolean begin(InetAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_CONNECT, address);
            if (channel.connect(new InetSocketAddress(address, port))) {
                channel.close();
                return true;
            }
        } catch (IOException e) {
            channel.close();
            failures.put(address, e);
        }
        return false;
    }

    /** Returns the next address to answer, or null if all that were begun have failed, or the time is over. */
    private @Nullable InetAddress next(int millis) throws IOException {
        long end = System.nanoTime() + millis * 1_000_000L;
        while (selector.keys().stream().anyMatch(SelectionKey::isValid)) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return null;
            }
            selector.select(left);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
                selector.selectedKeys().remove(key);
                if (isConnected(key)) {
                    return (InetAddress) key.attachment();
                }
            }
        }
        return null;
    }

    private boolean isConnected(SelectionKey key) {
        try (SocketChannel channel = (SocketChannel) key.channel()) {
            return channel.finishConnect();
        } catch (IOException e) {
            failures.put((InetAddress) key.attachment(), e);
            return false;
        }
    }

    private void giveUp() {
        for (SelectionKey key : selector.keys()) {
            if (key.isValid()) {
                failures.put((InetAddress) key.attachment(), new SocketTimeoutException("no answer in time"));
            }
        }
    }

    private NoneAnswered noneAnswered() {
        giveUp();
        List<String> each = new ArrayList<>();
        failures.forEach((address, failure) -> each.add(address.getHostAddress() + ": " + failure.getMessage()));
        return new NoneAnswered(String.join(", ", each));
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
