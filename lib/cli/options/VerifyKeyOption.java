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
import picocli.CommandLine.Option;

/** Whose signature an image must have before a blob of it is fetched or read. */
public final class VerifyKeyOption {
    @Option(names = "--verify-key", paramLabel = "FILE", description = "Take the image only if the owner of this public key, such as cosign.pub, signed it: the manifest is verified before a blob is asked for.")
    private @Nullable Path key;

    /**
     * Returns what has to be signed, by this option and by the policy of this machine, which is read where podman's is.
     *
     * @throws IllegalArgumentException where the file holds no public key, or the policy cannot be read
     */
    public SignaturePolicy policy() throws IOException {
        Verification signed = key == null ? null : new Verification(TrustedKey.in(key), Map.of());
        return new SignaturePolicy(signed, ImagePolicy.in(new SettingsFolders(System.getenv()).podman()));
    }
}
