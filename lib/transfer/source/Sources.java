package lib.transfer.source;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import org.jspecify.annotations.Nullable;

/**
 * Where the blobs of one repository may be taken from: its mirrors, side by side, and the registry itself, if the settings list it among them
 * or none of them is left. A blob is the same everywhere, for its digest names it.
 */
public final class Sources {
    /** By how long this takes, hosts are compared, in bytes. */
    private static final long A_PART = 1024 * 1024;

    private final List<Source> all;
    private final int connectionsEach;
    private final int retries;
    private final Consumer<String> notice;

    /** @param all mirrors in order, and the registry last */
    Sources(List<Source> all, int connectionsEach, int retries, Consumer<String> notice) {
        this.all = all;
        this.connectionsEach = connectionsEach;
        this.retries = retries;
        this.notice = notice;
    }

    /** Returns those that may give a blob, now or after a rest. A layer that the registry does not have lies where its descriptor says: there is one way to it. */
    public List<Source> serving(Descriptor blob) {
        if (all.size() == 1) {
            return all.get(0).host().serves(blob.digest()) ? all : List.of();
        }
        List<Source> mirrors = all.stream().filter(source -> !source.isReserve() && source.host().serves(blob.digest())).toList();
        boolean areLeft = mirrors.stream().anyMatch(source -> source.host().isLeft(blob.digest()));
        List<Source> serving = areLeft ? mirrors : all.stream().filter(source -> source.host().serves(blob.digest())).toList();
        return blob.urls().isEmpty() ? serving : serving.stream().limit(1).toList();
    }

    /** Returns those that may be asked for a blob now. */
    public List<Source> ready(Descriptor blob) {
        List<Source> serving = serving(blob);
        if (all.size() == 1) {
            return serving; // nothing makes it rest: its failures are waited for where they happen
        }
        return serving.stream().filter(source -> !source.host().rests() && (serving.size() == 1 || source.host().connections() < connectionsEach)).toList();
    }

    /**
     * Returns the order in which sources are asked: first those that nothing is known of and nobody asks, to get to know them with a small part;
     * then those where one more connection adds so many bytes soonest.
     */
    public static Comparator<Source> bestFor(long bytes) {
        Comparator<Source> known = Comparator.comparing(source -> source.host().pace() >= 0 || source.host().connections() > 0);
        return known.thenComparingDouble(source -> source.host().cost(bytes)).thenComparingInt(source -> source.host().connections());
    }

    /**
     * Returns the source to take so many bytes of a blob from now, or null while all of them rest.
     *
     * @param part whether these are not the blob's first, so that a source that sends no parts is of little use
     */
    public @Nullable Source best(Descriptor blob, boolean part, long bytes) {
        Comparator<Source> able = Comparator.comparing(source -> part && source.host().parts() == Host.Parts.REFUSED);
        return ready(blob).stream().min(able.thenComparing(bestFor(bytes))).orElse(null);
    }

    /** Tells whether another source may give the blob, now or after a rest, or the registry, where it is held in reserve. */
    public boolean hasOther(Source source, Descriptor blob) {
        return all.stream().anyMatch(other -> other.host() != source.host() && other.host().serves(blob.digest()));
    }

    /** Takes note of a failure, if another source may give the blob; returns false if this is the only one, which is then to be asked again. */
    public boolean failed(Source source, Descriptor blob, RegistryException failure) {
        if (!hasOther(source, blob)) {
            return false;
        }
        tell(source, source.host().failed(failure, blob.digest(), retries));
        return true;
    }

    /** A source has failed often enough: it is not asked for this blob any more. */
    public void giveUp(Source source, Descriptor blob) {
        source.host().giveUp(blob.digest());
    }

    /** What a source sent, or says of a blob, is wrong: nothing more is taken from it. */
    public void distrust(Source source, String why) {
        if (!source.host().isDistrusted()) {
            source.host().distrust();
            source.blobs().distrust(source.endpoint(), why + "; nothing more is taken from it");
        }
    }

    private void tell(Source source, @Nullable String why) {
        if (why != null) {
            notice.accept((source.endpoint().origin() ? "registry" : "mirror") + " skipped: " + why);
        }
    }

    /** Returns the source at a host, or null if there is none. */
    public @Nullable Source at(String address) {
        return all.stream().filter(source -> source.host().address().equals(address)).findFirst().orElse(null);
    }

    /** Tells whether there is more than one, whatever has become of them. */
    public boolean areSeveral() {
        return all.size() > 1;
    }

    /** A blob proved right: those who sent it are the more trusted. */
    public void vouchFor(Senders senders) {
        all.forEach(source -> source.host().vouch(senders.of(source.host().address()).size()));
    }

    /** Returns another source that may be believed about a blob, or null if none is left: one that sent what proved right before, and of these the fastest. */
    public @Nullable Source witness(Descriptor blob, List<Host> besides) {
        Comparator<Source> trusted = Comparator.comparing(source -> source.host().vouched() == 0);
        List<Source> others = all.stream().filter(source -> source.host().serves(blob.digest()) && !besides.contains(source.host())).toList();
        return others.stream().min(Comparator.comparing(Source::isReserve).thenComparing(trusted).thenComparing(source -> source.host().seconds(A_PART))).orElse(null);
    }

    /** Returns what people are to know of a pull that failed: the registry's own words where there are some. */
    public RegistryException words(@Nullable RegistryException last) {
        RegistryException own = all.get(all.size() - 1).host().lastFailure();
        RegistryException any = all.stream().map(source -> source.host().lastFailure()).filter(Objects::nonNull).findFirst().orElse(null);
        return own != null ? own : last != null ? last : any != null ? any
                : new RegistryException("no mirror and no registry is left that is to be relied on", RegistryException.Kind.NOT_A_REGISTRY, 0, -1, false, null);
    }
}
