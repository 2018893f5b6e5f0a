package lib.registry.mirrors;

import java.time.Instant;
import lib.image.Digest;
import lib.registry.hosts.Endpoint;
import lib.registry.http.RateLimit;
import org.jspecify.annotations.Nullable;

/**
 * What was found at one place.
 *
 * @param isRegistry    whether it is the registry itself, or what settings put in its place; all others are mirrors
 * @param source        the option, list or file that names it
 * @param state         what it is good for
 * @param access        what it asks for before it gives the image, or null if that is not known
 * @param latencyMillis how long its quickest answer took on a connection that stood, in milliseconds; -1 where none came
 * @param digest        what the tag points to there, or null if that is not known
 * @param created       when that image was made, by its config, or null if that is not known
 * @param sample        the bytes of a layer that were fetched, or null
 * @param limit         what it says of a limit, or null
 * @param failure       what went wrong, or null
 */
public record SurveyedEndpoint(Endpoint endpoint, boolean isRegistry, String source, State state, @Nullable Access access, double latencyMillis, @Nullable Digest digest, @Nullable Instant created,
        @Nullable Sample sample, @Nullable RateLimit limit, @Nullable Exception failure) {
    /** What a place asks for. */
    public enum Access {
        /** Nothing. */
        OPEN,
        /** A token, which was given. */
        TOKEN,
        /** A name and a password, which were taken. */
        LOGIN,
        /** What this machine does not have. */
        REFUSED
    }

    /** Returns whether images can be pulled from there. */
    public boolean isOk() {
        return state == State.OK;
    }

    /** Returns how many bytes of a layer came in a second; -1 where that is not known. */
    public long rate() {
        return sample == null ? -1 : sample.rate();
    }

    /** Returns the address and the state, as JShell shows it. */
    @Override
    public String toString() {
        return endpoint.base() + ": " + state.label() + (failure == null ? "" : " (" + failure.getMessage() + ")");
    }

    /** Returns the same in this state, for this reason, if it is a failure. */
    SurveyedEndpoint in(State other, @Nullable Exception why) {
        return new SurveyedEndpoint(endpoint, isRegistry, source, other, access, latencyMillis, digest, created, sample, limit, why);
    }
}
