package lib.server.writable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A request that is answered with an error (distribution-spec, Error Codes). */
final class RefusedException extends IOException {
    private static final long SMALL_ROOM = 64 * 1024;

    private final int status;
    private final String code;

    /**
     * @param status the HTTP status
     * @param code   the code that the specification has for it
     */
    RefusedException(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /** Tells whether a failure comes from a disk without room, in the words of the system. */
    static boolean isOfFullDisk(IOException failure, Path folder) throws IOException {
        return String.valueOf(failure.getMessage()).matches("(?i).*(no space|quota|file too large|not enough space).*") || Files.getFileStore(folder).getUsableSpace() < SMALL_ROOM;
    }

    static RefusedException ofFullDisk() {
        return new RefusedException(507, "UNKNOWN", "the disk of this registry is full");
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
