package tests.fuzz;

import java.nio.charset.StandardCharsets;
import lib.image.Reference;

/** Whatever somebody types as an image's name is a name that is written back the same, or is refused as wrong input. */
public final class ReferenceTarget {
    private ReferenceTarget() { }

    public static void fuzzerTestOneInput(byte[] input) {
        Reference reference;
        try {
            reference = Reference.parse(new String(input, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException refused) {
            return;
        }
        if (!Reference.parse(reference.toString()).equals(reference)) {
            throw new AssertionError(reference + " is read back as another name");
        }
        if (!reference.fileName().matches("[A-Za-z0-9._-]+")) {
            throw new AssertionError("'" + reference.fileName() + "' is no name for a file");
        }
    }
}
