package lib.cli;

import lib.failure.RegistryException;
import lib.registry.doctor.Diagnosis.Part;
import lib.registry.doctor.Diagnosis.Step;

/** What to do where a step of a pull fails. */
public final class Advice {
    private Advice() { }

    /** Returns what to do about a step that failed, or null where there is nothing to say. */
    public static String of(Step step) {
        if (step.ok()) {
            return null;
        }
        String advice = step.failure() instanceof RegistryException e ? of(e, step) : of(step.part());
        return advice == null || step.way().last() || !isOnTheWay(step.part()) ? advice : advice + "; the next place is asked instead, as by a pull";
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
            case 401, 403 -> "it may be private, or the name wrong: log in with -u USER, or with other credentials, or try --anonymous";
            case 404 -> "check the name and the tag";
            case 429 -> "wait a while, or log in with -u USER: registries allow more pulls to those they know";
            default -> status >= 500 ? "the server itself is in trouble: try again later, or ask those who run it" : of(part);
        };
    }

    private static String of(Part part) {
        return switch (part) {
            case CONFIGURATION -> "correct or remove what is named here";
            case PROXY -> "correct the variable or --proxy";
            case NAME -> "check the spelling, the network and the DNS server; behind a proxy, name it with --proxy";
            case CONNECTION -> "a firewall or a proxy may be in between: name the proxy with --proxy";
            case TLS -> "--cacert FILE trusts the company's own certificate, --insecure whoever answers";
            case FRONT_DOOR -> "is it a registry at all? look at /v2/ with curl";
            case TOKEN -> "can the token server be reached from here? name a proxy with --proxy";
            case MANIFEST -> "what answers is no registry, or not well: look at it with --explain";
            case RANGE -> "the store of blobs fails: can the host that the registry sends us to be reached from here?";
            default -> null;
        };
    }
}
