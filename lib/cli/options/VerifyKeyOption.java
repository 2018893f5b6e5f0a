package lib.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import lib.registry.settings.SettingsFolders;
import lib.trust.ImagePolicy;
import lib.trust.TrustedKey;
import lib.verb.SignaturePolicy;
import lib.verb.Verification;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Whose signature an image must have before a blob of it is fetched or read. */
@Command(optionListHeading = "What to take")
public final class VerifyKeyOption {
    @Option(names = "--verify-key", paramLabel = "FILE",
            description = {"Take the image only if the owner of FILE signed it.",
                "FILE is a public key, such as cosign.pub. The manifest is verified before a blob is asked for."})
    private @Nullable Path key;

    /**
     * Returns what a signature has to be by this option alone, which is what matters for layouts and archives; null if it was not given.
     *
     * @throws IllegalArgumentException      if the file holds no public key
     * @throws lib.failure.NotFoundException if there is no such file
     */
    public @Nullable Verification signed() throws IOException {
        return key == null ? null : new Verification(TrustedKey.in(key), Map.of());
    }

    /**
     * Returns what has to be signed, by this option and by the policy of this machine, which is read where podman's is.
     *
     * @throws IllegalArgumentException if the file holds no public key, or the policy cannot be read
     */
    public SignaturePolicy policy() throws IOException {
        return new SignaturePolicy(signed(), ImagePolicy.in(new SettingsFolders(System.getenv()).podman()));
    }
}
