package tests.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;

//SOURCES Program.java

/** A program that listens on a port of loopback that was free. */
public record Listener(int port, Program.Running process) implements AutoCloseable {
    private static final int TRIES = 5;
    private static final int START_MILLIS = 15_000;
    private static final int LOOKS = 100;
    /** Above those of well-known services, and below those that Linux, macOS and Windows give to whoever asks for any. */
    private static final int FIRST_PORT = 10_000;
    private static final int LAST_PORT = 32_000;

    /** Starts the program that this makes for a port, and returns when it listens. A port that is free now may be taken a moment later: then another is tried. */
    public static Listener start(IntFunction<Program> onPort) {
        Program.Running process = null;
        for (int i = 0; i < TRIES; i++) {
            int port = freePort();
            process = onPort.apply(port).start();
            if (listens(process, port)) {
                return new Listener(port, process);
            }
            process.close();
        }
        throw new AssertionError("the program does not start to listen: " + process.stderr());
    }

    /** Returns a port where nobody listens at this moment, and which no system gives to whoever asks for any: another test might, before this one listens there. */
    public static int freePort() {
        for (int i = 0; i < LOOKS; i++) {
            try (ServerSocket socket = new ServerSocket(ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT), 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // taken
            }
        }
        throw new AssertionError("no port is free");
    }

    private static boolean listens(Program.Running process, int port) {
        for (int waited = 0; waited < START_MILLIS && process.process().isAlive(); waited += 50) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                return process.process().isAlive();
            } catch (IOException e) {
                Program.pause(50);
            }
        }
        return false;
    }

    @Override
    public void close() {
        process.close();
    }
}
