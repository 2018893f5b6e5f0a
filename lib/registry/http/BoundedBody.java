package lib.registry.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.text.Json;

/** The body of anything but a blob, read whole or not at all, with a limit of bytes and of time. */
final class BoundedBody {
    private BoundedBody() { }

    /**
     * Returns all bytes of a body.
     * Another thread reads it, because Java limits only the time between two bytes, and within a chunked body not even that: where
     * it takes too long, that thread is left behind.
     *
     * @param most how many bytes are taken at most
     * @param what names it in the message
     * @throws RegistryException     when the line broke before all had come, or when it takes too long
     * @throws WrongContentException when there are more bytes
     */
    static byte[] of(Response answer, int most, String what) throws IOException {
        if (answer.bodyLength() > most) {
            answer.abort();
            throw tooLong(answer, most, what);
        }
        FutureTask<byte[]> reading = new FutureTask<>(() -> ContentCoding.decoded(answer).readNBytes(most + 1));
        Thread reader = new Thread(reading, "short body");
        reader.setDaemon(true);
        reader.start();
        byte[] bytes = await(reading, answer);
        if (bytes.length > most) {
            answer.abort();
            throw tooLong(answer, most, what);
        }
        boolean encoded = answer.header("Content-Encoding") != null;
        if (!encoded && bytes.length < answer.bodyLength() || !saysHowLong(answer) && isCut(bytes, answer.status())) { // Java takes a line that broke for an end
            throw RequestFailure.lost(answer.uri(), new EOFException());
        }
        return bytes;
    }

    /** Returns whether the headers say how long the body is: where the line broke within them, they do not, and there is none. */
    private static boolean saysHowLong(Response answer) {
        return answer.bodyLength() >= 0 || answer.header("Transfer-Encoding") != null;
    }

    private static boolean isCut(byte[] bytes, int status) {
        return bytes.length == 0 ? status == 200 : Json.endsEarly(bytes);
    }

    private static byte[] await(FutureTask<byte[]> reading, Response answer) throws IOException {
        try {
            return reading.get(answer.patienceMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.abandon();
            throw RequestFailure.tooSlow(answer.uri(), answer.patienceMillis());
        } catch (InterruptedException e) {
            answer.abandon();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RegistryException refused) {
                throw refused;
            }
            if (e.getCause() instanceof IOException broken) {
                throw RequestFailure.lost(answer.uri(), broken);
            }
            if (e.getCause() instanceof OutOfMemoryError) { // the bytes above are few: it is what Java keeps of a chunked body's trailers
                throw RequestFailure.notARegistry(answer.uri(), "what it sends behind the body fills the memory");
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static WrongContentException tooLong(Response answer, int most, String what) {
        return new WrongContentException(RequestFailure.place(answer.uri()) + " sends " + what + " of more than " + most + " bytes: refused");
    }
}
