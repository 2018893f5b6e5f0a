package tests.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.registry.NextPage;
import lib.registry.settings.WebAddress;

/** Whatever a registry sends as Link, a line of the input each, names a next page or none, and whatever it names is an address or none. */
public final class LinkTarget {
    private LinkTarget() { }

    public static void fuzzerTestOneInput(byte[] input) {
        List<String> lines = new String(input, StandardCharsets.ISO_8859_1).lines().toList();
        String target = NextPage.target(lines);
        if (target != null && target.indexOf('>') >= 0) {
            throw new AssertionError(target + " is more than one target");
        }
        WebAddress.orNull(target == null ? String.join("", lines) : target);
    }
}
