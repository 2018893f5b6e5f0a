package lib.registry.auth;

import java.util.List;
import lib.registry.http.Response;
import org.jspecify.annotations.Nullable;

/** Why a registry refused a request, as far as its answer and what the request showed can tell. */
enum Refusal {
    /** It did not refuse. */
    NONE,
    /** Another transfer has got something newer to show in the meantime. */
    OUTDATED,
    /** Nothing was shown, and the answer has no challenge. */
    WITHOUT_CHALLENGE,
    /** There is a challenge: to a request that showed nothing, or for another scope than that of the token. */
    CHALLENGE,
    /** What was shown had been accepted before: its time is over. */
    EXPIRED,
    /** What was shown was never accepted. */
    REJECTED,
    /** Nothing that could be shown would help. */
    FINAL;

    /**
     * Judges an answer. A challenge comes with 401 (RFC 9110, section 15.5.2), but some registries say 400 or 403 instead, also to a token whose time
     * is over; and some hide what they have, by 404, from those who show nothing.
     *
     * @param sent       the Authorization header of the request, or null
     * @param shown      what would be shown now
     * @param challenges those in the answer
     * @param ownScope   the scope of a challenge that names none
     */
    static Refusal of(Response answer, @Nullable String sent, Shown shown, List<Challenge> challenges, String ownScope) {
        int status = answer.status();
        if (status != 400 && status != 401 && status != 403 && (status != 404 || sent != null)) {
            return NONE;
        }
        if (!shown.isIn(sent)) {
            return OUTDATED;
        }
        boolean isFrontDoor = FrontDoor.is(answer.uri());
        boolean mayBeOfAccess = status != 400 && !isFrontDoor;
        if (sent == null && challenges.isEmpty()) {
            return mayBeOfAccess ? WITHOUT_CHALLENGE : FINAL;
        }
        if (sent == null || !isFrontDoor && shown.token() != null && namesOther(challenges, shown.token().scope(), ownScope)) {
            return CHALLENGE;
        }
        if (shown.accepted()) {
            return status == 403 ? FINAL : EXPIRED; // 403 is not a matter of time
        }
        return mayBeOfAccess ? REJECTED : FINAL;
    }

    private static boolean namesOther(List<Challenge> challenges, String scope, String ownScope) {
        return challenges.stream().anyMatch(challenge -> challenge.isBearer() && challenge.parameter("scope") != null && !challenge.scope(ownScope).equals(scope));
    }
}
