package lib.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.registry.BlobBody;
import lib.transfer.source.Flow;
import lib.transfer.source.Host;
import lib.transfer.source.Source;

/**
 * Finds out which of several hosts sent something wrong, when a blob that they sent together does not have its digest. A layer has no digests of its
 * parts, so what one host sent is fetched again from another, and compared with what is on disk: beginning with the host that sent least. Where the
 * two differ, the other's bytes are written; if the whole is right then, each host that had said otherwise is a liar. If it is still wrong, either of
 * them may have lied: a third one is asked for these few bytes, and the search goes on.
 */
final class LiarSearch implements Runnable {
    private static final int BUFFER = 64 * 1024;
    /** So many differing pieces are kept in memory, to name liars and to settle who is right: enough for both. */
    private static final int MOST_CLAIMS = 64;

    private final Transfer transfer;
    private final Verdict verdict;
    private final BlobFile slot;
    private final Hasher hasher;
    private final Consumer<String> notice;
    private final List<Claim> claims = new ArrayList<>();
    /** Of the stretch that is compared now, the first byte that is not, and whether other bytes were written. */
    private long at;
    private boolean isChanged;

    /** What a host said that a piece of the blob is, where another said something else. */
    private record Claim(String host, long from, byte[] bytes) { }

    /** @param slot all of whose bytes are on disk; nobody else writes it meanwhile */
    LiarSearch(Transfer transfer, Verdict verdict, BlobFile slot, Hasher hasher, Consumer<String> notice) {
        this.transfer = transfer;
        this.verdict = verdict;
        this.slot = slot;
        this.hasher = hasher;
        this.notice = notice;
    }

    @Override
    public void run() {
        try {
            notice.accept(slot.wrong.getMessage() + "; looking for the host that sent something wrong");
            if (isMended()) {
                nameLiars();
                verdict.right(slot);
            } else {
                verdict.stillWrong(slot);
            }
        } catch (Throwable e) {
            transfer.failed(e); // whatever it is: somebody waits for this thread
        }
    }

    /** Has other hosts say what each of the hosts sent, and returns true as soon as the blob is right. */
    private boolean isMended() throws IOException {
        for (String suspect : slot.senders.fewestFirst()) {
            for (Map.Entry<Long, Long> stretch : new TreeMap<>(slot.senders.of(suspect)).entrySet()) {
                int before = claims.size();
                if (differs(suspect, stretch.getKey(), stretch.getValue()) && (hasher.isRight(slot) || isSettled(before))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Fetches a stretch again from another host, and has the disk hold what that one sends. Where it breaks off, the next one goes on. */
    private boolean differs(String suspect, long from, long to) throws IOException {
        at = from;
        isChanged = false;
        List<Host> besides = hosts(suspect);
        for (Source witness = slot.sources.witness(slot.blob, besides); at < to && witness != null; witness = slot.sources.witness(slot.blob, besides)) {
            Flow flow = witness.host().begin();
            try (BlobBody body = witness.open(slot.blob, at, to)) {
                compare(body, flow, suspect, witness.host().address(), to);
            } catch (RegistryException | WrongContentException e) {
                besides.add(witness.host()); // the next one may do it
            } finally {
                flow.end();
            }
        }
        return isChanged;
    }

    private void compare(BlobBody body, Flow flow, String suspect, String witness, long to) throws IOException {
        body.skipTo(at);
        byte[] theirs = new byte[BUFFER];
        while (at < to) {
            int length = fill(body, theirs, (int) Math.min(BUFFER, to - at));
            flow.waited(body.takeWaitedNanos());
            flow.came(length);
            byte[] ours = read(at, length);
            if (!Arrays.equals(ours, 0, length, theirs, 0, length)) {
                claim(suspect, at, ours);
                claim(witness, at, Arrays.copyOf(theirs, length));
                write(at, theirs, length, witness);
                isChanged = true;
            }
            at += length;
        }
    }

    private void claim(String host, long from, byte[] bytes) {
        if (claims.size() < MOST_CLAIMS) {
            claims.add(new Claim(host, from, bytes));
        }
    }

    private static int fill(BlobBody body, byte[] buffer, int wanted) throws RegistryException {
        int length = 0;
        while (length < wanted) {
            int count = body.read(buffer, length, wanted - length);
            if (count < 0) {
                throw body.endedEarly();
            }
            length += count;
        }
        return length;
    }

    /** Where two hosts differ, and neither makes the blob right, a third decides; returns true if the blob is right then. The one that it contradicts is not believed any more. */
    private boolean isSettled(int first) throws IOException {
        for (int i = first; i + 1 < claims.size(); i += 2) {
            Claim old = claims.get(i);
            Claim other = claims.get(i + 1);
            List<Host> besides = hosts(old.host);
            besides.addAll(hosts(other.host));
            Source third = slot.sources.witness(slot.blob, besides);
            if (third == null) {
                return false;
            }
            byte[] says = new byte[old.bytes.length];
            try (BlobBody body = third.open(slot.blob, old.from, old.from + says.length)) {
                body.skipTo(old.from);
                fill(body, says, says.length);
            } catch (RegistryException | WrongContentException e) {
                return false;
            }
            write(old.from, says, says.length, third.host().address());
            if (Arrays.equals(says, old.bytes)) {
                name(other, says);
            } else if (Arrays.equals(says, other.bytes)) {
                name(old, says);
            }
        }
        return hasher.isRight(slot);
    }

    /** Now that the blob is right, a source that said otherwise is a liar. */
    private void nameLiars() throws IOException {
        for (Claim claim : claims) {
            name(claim, read(claim.from, claim.bytes.length));
        }
    }

    /** Names the host of a claim, if it does not say what is right. */
    private void name(Claim claim, byte[] right) {
        int first = Arrays.mismatch(claim.bytes, right);
        Source liar = slot.sources.at(claim.host);
        if (first >= 0 && liar != null) {
            slot.sources.distrust(liar, claim.host + " sent wrong bytes of the blob " + slot.blob.digest() + ", first at " + (claim.from + first));
        }
    }

    private List<Host> hosts(String address) {
        Source source = slot.sources.at(address);
        return new ArrayList<>(source == null ? List.of() : List.of(source.host()));
    }

    private byte[] read(long from, int length) throws IOException {
        FileChannel file = transfer.file(slot);
        byte[] bytes = new byte[length];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining() && file.read(buffer, slot.offset + from + buffer.position()) >= 0) {
            // a damaged file may be shorter than it should be
        }
        return bytes;
    }

    private void write(long from, byte[] bytes, int length, String sender) throws IOException {
        FileChannel file = transfer.file(slot);
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        while (buffer.hasRemaining()) {
            file.write(buffer, slot.offset + from + buffer.position());
        }
        verdict.replaced(slot, from, from + length, sender);
    }
}
