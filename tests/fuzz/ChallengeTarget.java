package tests.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.registry.auth.Challenge;
import lib.registry.settings.WebAddress;

/** Whatever a registry sends as WWW-Authenticate, a line of the input each, gives a list of challenges: nothing of it is an error here. */
public final class ChallengeTarget {
    private ChallengeTarget() { }

    public static void fuzzerTestOneInput(byte[] input) {
        List<String> lines = new String(input, StandardCharsets.ISO_8859_1).lines().toList();
        for (Challenge challenge : Challenge.parse(lines)) {
            if (challenge.scheme().isEmpty() || challenge.parameters() == null) {
                throw new AssertionError(challenge + " is no challenge");
            }
            challenge.parameters().values().forEach(WebAddress::orNull); // the realm is one
        }
    }
}
