package lib.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.failure.NoSignatureException;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;

/** What became of several images: one that cannot be had does not keep the others from coming, and is told of at the end. */
public final class Failures {
    private final Map<String, Failure> byName = new LinkedHashMap<>();

    /** What is done for one image. */
    public interface Work {
        void run() throws Exception;
    }

    /** Does the work for an image of this name, and notes when the image cannot be had; throws on what would stop the others too. Returns whether it was done. */
    public boolean attempt(String name, Work work) throws Exception {
        try {
            work.run();
            return true;
        } catch (NotFoundException | WrongContentException | RegistryException | NoSignatureException | WrongSignatureException e) {
            byName.put(name, Failure.of(e));
            return false;
        }
    }

    /** Says on stderr what went wrong with parts of the work, a line each; returns the exit code: that of the first, or 0. */
    public static int report(String command, List<Exception> failures) {
        failures.forEach(failure -> CommonOptions.warn(command + ": " + Failure.of(failure).sentence()));
        return failures.stream().mapToInt(failure -> Failure.of(failure).code()).findFirst().orElse(0);
    }

    /** Notes what could not be read or written, by its name. */
    public void add(Map<String, ? extends IOException> damaged) {
        damaged.forEach((name, trouble) -> byName.put(name, Failure.of(trouble)));
    }

    /** Returns why each of them failed, by its name. */
    public Map<String, String> sentences() {
        Map<String, String> sentences = new LinkedHashMap<>();
        byName.forEach((name, failure) -> sentences.put(name, failure.sentence()));
        return sentences;
    }

    /** Returns how many images failed. */
    public int count() {
        return byName.size();
    }

    /** Returns whether no image failed. */
    public boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Says on stderr which images failed and why, a line each; returns the exit code: that of the first, or 0. */
    public int report(String command, int of) {
        byName.forEach((name, failure) -> CommonOptions.warn(command + ": " + name + ": " + failure.sentence()));
        if (!isEmpty()) {
            CommonOptions.warn(command + ": " + byName.size() + " of " + of + " images failed");
        }
        return byName.values().stream().mapToInt(Failure::code).findFirst().orElse(0);
    }
}
