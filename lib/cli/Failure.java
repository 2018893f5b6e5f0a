package lib.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import lib.failure.NoSignatureException;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.failure.SeveralImagesException;
import lib.failure.WrongContentException;
import lib.failure.WrongSignatureException;
import lib.file.TemporaryPath;

/**
 * What went wrong, for the shell and for a person: an exit code, and one sentence that ends in what to try.
 * {@code ./jbang} knows by this class, which is loaded only then, that a start did not do all of its work.
 */
public record Failure(int code, String sentence) {
    public static final int UNEXPECTED = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int NOT_ALLOWED = 4;
    public static final int WRONG_CONTENT = 5;
    public static final int FAR_SIDE = 6;
    static final int RATE_LIMITED = 7;
    static final int NO_SIGNATURE = 8;
    static final int WRONG_SIGNATURE = 9;
    public static final int INTERRUPTED = 130;
    private static final String DISK_IS_FULL = "the disk is full: make room and run the same command again";
    /** What a shell reports of a program whose reader went away, as in {@code … | head}. */
    static final int BROKEN_PIPE = 141;

    /** What names and registries hold is shown without control characters, which could rewrite what stands on a terminal. */
    public Failure {
        sentence = CommonOptions.plain(sentence);
    }

    /** Returns what picocli has put into a sentence of its own. */
    static Failure ofArguments() {
        return new Failure(USAGE, "");
    }

    /** Does what {@link #of(Throwable)} does, and also says what the command does when it is run again. */
    public static Failure of(Throwable trouble, String command) {
        Failure failure = of(trouble);
        if (command.equals("login") && trouble instanceof RegistryException refused && refused.isOfLogin()) {
            return new Failure(NOT_ALLOWED, refused.getMessage() + "; nothing was stored");
        }
        if (trouble instanceof RegistryException missing && missing.status() == 404 && !List.of("tags", "search").contains(command)) {
            return new Failure(NOT_FOUND, failure.sentence + " The command tags lists the tags of a repository");
        }
        if (!failure.sentence.equals(DISK_IS_FULL)) {
            return failure;
        }
        return new Failure(failure.code, DISK_IS_FULL + switch (command) {
            case "pull", "blob" -> "; what was fetched into a file is not fetched again";
            case "extract" -> "; -C needs an empty folder again; temporary files go into the folder that TMPDIR names";
            case "cat" -> "; temporary files go into the folder that TMPDIR names";
            default -> "";
        });
    }

    /** Returns the exit code and the sentence for an exception: by its type and its fields, never by its message, but for what the JDK says of this machine. */
    public static Failure of(Throwable trouble) {
        for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return withoutMemory(cause);
            }
            if (!(trouble instanceof RegistryException) && String.valueOf(cause.getMessage()).contains("Too many open files")) {
                return new Failure(UNEXPECTED, "too many open files: raise the limit for this process, for example with ulimit -n 256");
            }
        }
        if (trouble instanceof RegistryException e) {
            return ofRegistry(e);
        }
        if (trouble instanceof NotFoundException) {
            return new Failure(NOT_FOUND, trouble.getMessage());
        }
        if (trouble instanceof WrongContentException e) {
            return new Failure(WRONG_CONTENT, e.getMessage() + switch (e.kind()) {
                case TOO_LARGE -> "; --max-size allows more";
                case FOREIGN_LAYER -> ": --skip-foreign leaves it out";
                case INCOMPLETE_INDEX -> "; --platform pushes one that is there";
                case DAMAGED -> "";
            });
        }
        if (trouble instanceof NoSignatureException) {
            return new Failure(NO_SIGNATURE, trouble.getMessage());
        }
        if (trouble instanceof WrongSignatureException) {
            return new Failure(WRONG_SIGNATURE, trouble.getMessage());
        }
        if (trouble instanceof SeveralImagesException) {
            return new Failure(USAGE, trouble.getMessage() + "; --image NAME takes one");
        }
        if (trouble instanceof IllegalArgumentException) {
            return new Failure(USAGE, trouble.getMessage());
        }
        if (trouble instanceof InterruptedIOException) {
            return new Failure(INTERRUPTED, "interrupted");
        }
        return trouble instanceof IOException e ? ofThisMachine(e) : unexpected(trouble);
    }

    private static Failure withoutMemory(Throwable error) {
        long limit = Runtime.getRuntime().maxMemory() >> 20;
        return new Failure(UNEXPECTED, "out of memory (" + error.getMessage() + "; Java may use " + limit + " MB here): allow it more, as with JAVA_TOOL_OPTIONS=-Xmx"
                + Math.max(256, 4 * limit) + "m");
    }

    private static Failure ofRegistry(RegistryException e) {
        String advice = switch (e.kind()) {
            case UNKNOWN_HOST -> "; behind a proxy, name it with --proxy";
            case PLAIN_HTTP -> "; use --insecure if that is intended";
            case UNKNOWN_SIGNER -> "; --cacert FILE trusts such a certificate, --insecure skips the check";
            case WRONG_CERTIFICATE -> "; --insecure skips the check";
            case STOPPED -> "; --max-pages N takes more";
            default -> "";
        };
        return switch (e.kind()) {
            case REFUSED -> ofStatus(e);
            case BLOCKED -> new Failure(NOT_ALLOWED, e.getMessage());
            case INDEX -> new Failure(NOT_ALLOWED, e.getMessage() + "; --replace-index replaces it");
            default -> new Failure(FAR_SIDE, e.getMessage() + advice);
        };
    }

    private static Failure ofStatus(RegistryException e) {
        return switch (e.status()) {
            case 401, 403 -> new Failure(NOT_ALLOWED, e.getMessage()
                    + "; the image may be private or not exist: check the name, and log in with -u USER or the command login");
            case 405 -> new Failure(NOT_ALLOWED, e.getMessage() + "; it may be read-only, as mirrors are");
            case 404 -> new Failure(NOT_FOUND, e.getMessage() + "; is the name spelled right?");
            case 413 -> new Failure(FAR_SIDE, e.getMessage() + "; the registry, or a proxy in front of it, limits the size of requests: that limit must be raised there");
            case 429 -> new Failure(RATE_LIMITED, e.getMessage() + "; " + again(e, "wait a while") + ", or log in (-u USER) for a higher limit");
            default -> new Failure(FAR_SIDE, e.getMessage() + (e.retryAfterMillis() > 0 ? "; " + again(e, "") : ""));
        };
    }

    /** Returns when to try again, where the registry says so. */
    private static String again(RegistryException e, String otherwise) {
        long seconds = (e.retryAfterMillis() + 999) / 1000;
        long minutes = (seconds + 59) / 60;
        return e.retryAfterMillis() <= 0 ? otherwise
                : "try again in " + (seconds < 120 ? seconds + " s" : minutes < 120 ? minutes + " minutes" : (minutes + 59) / 60 + " hours");
    }

    private static Failure ofThisMachine(IOException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("Broken pipe") || message.contains("pipe is being closed")) {
            return new Failure(BROKEN_PIPE, "");
        }
        if (TemporaryPath.isDiskFull(e)) {
            return new Failure(UNEXPECTED, DISK_IS_FULL);
        }
        if (message.contains("Bad file descriptor")) {
            return new Failure(UNEXPECTED, "cannot write to stdout: it is closed");
        }
        if (message.contains("File too large")) {
            return new Failure(UNEXPECTED, "a file cannot be as large as this one here, as on a disk with FAT32, which has files of up to 4 GB: write it elsewhere");
        }
        if (e instanceof AccessDeniedException denied) {
            return new Failure(UNEXPECTED, denied.getFile() + " cannot be read or written: access is denied");
        }
        if (e instanceof NoSuchFileException missing) {
            return new Failure(NOT_FOUND, missing.getFile() + " does not exist");
        }
        if (e instanceof NotDirectoryException) {
            return new Failure(UNEXPECTED, message + " is not a folder");
        }
        if (e instanceof FileAlreadyExistsException there) {
            return new Failure(UNEXPECTED, there.getFile() + " exists already");
        }
        if (e instanceof FileSystemException file) {
            return new Failure(UNEXPECTED, file.getFile() + ": " + (file.getReason() == null ? file.getClass().getSimpleName() : file.getReason()));
        }
        return unexpected(e);
    }

    private static Failure unexpected(Throwable trouble) {
        return new Failure(UNEXPECTED, "unexpected: " + trouble + "; --debug shows where");
    }
}
