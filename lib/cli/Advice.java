package lib.cli;

import lib.failure.RegistryException;
import lib.registry.doctor.Diagnosis.Part;
import lib.registry.doctor.Diagnosis.Step;
import org.jspecify.annotations.Nullable;

/** What to do where a step of a pull fails. */
public final class Advice {
    private Advice() { }

    /** Returns what to do about a step that failed, or null if there is nothing to say. */
    public static @Nullable String of(Step step) {
        if (step.ok()) {
            return null;
        }
        String advice = step.failure() instanceof RegistryException e ? of(e, step) : of(step.part());
        return advice == null || step.way().last() || !isOnTheWay(step.part()) ? advice : advice + "; a pull tries the next place instead, and mirrors tries all of them";
    }

    private static boolean isOnTheWay(Part part) {
        return part.compareTo(Part.PROXY) >= 0 && part.compareTo(Part.FRONT_DOOR) <= 0;
    }

    /** What a status or a proxy says is better known than what a step may suffer from. */
    private static String of(RegistryException e, Step step) {
        boolean maybeByProxy = step.way().throughProxy() || e.kind() == RegistryException.Kind.PROXY;
        return switch (e.kind()) {
            case REFUSED -> ofStatus(e.status(), step.part());
            case LOST, UNREACHABLE, UNKNOWN_HOST, UNKNOWN_PROXY, PROXY -> maybeByProxy ? "look at the proxy's address, name and password, and at what it lets through" : of(step.part());
            default -> of(step.part());
        };
    }

    private static String ofStatus(int status, Part part) {
        return switch (status) {
            case 401, 403 -> "the image may be private or not exist: log in with -u USER or the command login";
            case 404 -> "check the name and the tag";
            case 429 -> "wait a while, or log in (-u USER) for a higher limit";
            default -> status >= 500 ? "the server itself has a problem: try again later, or ask those who run it" : of(part);
        };
    }

    private static String of(Part part) {
        return switch (part) {
            case CONFIGURATION -> "correct or remove the setting named here";
            case PROXY -> "correct the variable or --proxy";
            case NAME -> "check the spelling, the network and the DNS server; behind a proxy, name it with --proxy";
            case CONNECTION -> "a firewall or a proxy may be in between: name the proxy with --proxy";
            case TLS -> "trust the company's certificate with --cacert FILE, or skip the check with --insecure";
            case FRONT_DOOR -> "is this a registry? look at /v2/ with curl";
            case TOKEN -> "can the token server be reached from here? name a proxy with --proxy";
            case MANIFEST -> "this does not look like a registry: see its answers with --explain";
            case RANGE -> "the blob store fails: can the host that the registry redirects to be reached from here?";
            default -> null;
        };
    }
}
