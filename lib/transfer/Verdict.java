package lib.transfer;

import java.io.IOException;
import java.util.List;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.transfer.source.Source;

/**
 * What becomes of a blob when all of it has come. It is right, or the search begins for the host that sent something wrong, or it is fetched anew.
 * Every way ends: with each but the last, a host is not believed any more.
 */
final class Verdict {
    private final Transfer transfer;
    private final Journal journal;
    private final Hasher hasher;
    private final Settings settings;

    Verdict(Transfer transfer, Journal journal, Hasher hasher, Settings settings) {
        this.transfer = transfer;
        this.journal = journal;
        this.hasher = hasher;
        this.settings = settings;
    }

    /** All bytes of a slot are what they should be. */
    void right(BlobFile slot) throws IOException {
        synchronized (transfer) {
            slot.sources.vouchFor(slot.senders);
            transfer.verified(slot);
        }
    }

    /** What a source says of a blob, or sends for it, cannot be right: nothing more is taken from it, if there is another. */
    void wrong(Segment segment, WrongContentException why) throws IOException {
        synchronized (transfer) {
            BlobFile slot = segment.slot;
            if (slot.last() == null && slot.sources.hasOther(segment.source, slot.blob)) {
                slot.wrong = why;
                slot.sources.distrust(segment.source, segment.source.endpoint().base() + ": " + why.getMessage());
            } else {
                wrong(slot, segment.round, why);
            }
        }
    }

    /**
     * The bytes of a slot are not what they should be. If several hosts sent them, it is found out which of these sent something wrong. If one did, they are
     * fetched from others; if there is no other, once more from the start, and a second time is the end. Of no bytes, none can be fetched again.
     */
    void wrong(BlobFile slot, int round, WrongContentException why) throws IOException {
        synchronized (transfer) {
            if (round != slot.round) {
                return;
            }
            slot.wrong = why;
            List<String> senders = slot.senders.fewestFirst();
            Source sender = senders.size() == 1 ? slot.sources.at(senders.get(0)) : null;
            boolean isAlone = slot.last() != null;
            if (!isAlone && senders.size() > 1 && slot.sources.areSeveral()) {
                slot.beingHashed = true; // by the search, until it is at its end
                Transfer.daemon("liar-search", new LiarSearch(transfer, this, slot, hasher, settings.notice()));
            } else if (sender != null && slot.sources.hasOther(sender, slot.blob)) {
                slot.sources.distrust(sender, sender.host().address() + " sent a wrong blob: " + why.getMessage());
                slot.takeFrom(isAlone ? slot.sources.witness(slot.blob, List.of()) : null);
                beginAnew(slot);
            } else if (slot.round > 0 || slot.blob.size() == 0) {
                lost(slot, why);
            } else {
                settings.notice().accept(why.getMessage() + "; fetching it once more from the start");
                beginAnew(slot);
            }
        }
    }

    /** Nobody could find out which of several hosts sent something wrong: all of the blob is fetched from the one that is trusted most, then from the next. */
    void stillWrong(BlobFile slot) throws IOException {
        synchronized (transfer) {
            Source last = slot.sources.witness(slot.blob, List.of());
            if (last == null) {
                lost(slot, slot.wrong);
                return;
            }
            slot.takeFrom(last);
            settings.notice().accept(slot.wrong.getMessage() + "; fetching all of it from " + last.host().address());
            beginAnew(slot);
        }
    }

    /** The one source that all of a blob was to come from fails for good: returns whether another is taken in its place. */
    boolean isReplaced(Segment segment, RegistryException failure) throws IOException {
        synchronized (transfer) {
            BlobFile slot = segment.slot;
            if (slot.last() == null || segment.round != slot.round) {
                return false;
            }
            slot.sources.giveUp(segment.source, slot.blob);
            Source next = slot.sources.witness(slot.blob, List.of());
            if (next == null) {
                return false;
            }
            slot.takeFrom(next);
            settings.notice().accept(failure.getMessage() + "; fetching all of it from " + next.host().address());
            beginAnew(slot);
            return true;
        }
    }

    /** A blob does not come, as no source gives it, or none gives the right one: that ends the transfer, unless the others are to come all the same. */
    void lost(BlobFile slot, IOException why) {
        synchronized (transfer) {
            if (slot.giveUp(why)) {
                transfer.notifyAll();
            } else {
                transfer.failed(why);
            }
        }
    }

    private void beginAnew(BlobFile slot) throws IOException {
        journal.lost(slot.blob.digest());
        slot.beginAnew();
        transfer.notifyAll();
    }

    /** Another host sent other bytes for this stretch of a slot, and they are on disk now. */
    void replaced(BlobFile slot, long from, long to, String sender) throws IOException {
        synchronized (transfer) {
            slot.senders.add(sender, from, to);
            journal.have(slot.blob.digest(), from, to, sender);
        }
    }
}
