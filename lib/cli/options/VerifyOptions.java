package lib.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import lib.file.SmallFile;
import lib.registry.settings.SettingsFolders;
import lib.trust.Authorities;
import lib.trust.ImagePolicy;
import lib.trust.Trust;
import lib.trust.TrustedKey;
import lib.verb.SignaturePolicy;
import lib.verb.Verification;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose signature an image must have before a blob of it is fetched or read. */
public final class VerifyOptions {
    @Option(names = "--verify-key", paramLabel = "FILE",
            description = "Take the image only if the owner of this public key, such as cosign.pub, signed it: the manifest is verified before a blob is asked for.")
    private @Nullable Path key;

    @Option(names = "--verify-ca", paramLabel = "FILE",
            description = "Take the image only if somebody signed it whom these authorities certify, by certificates in PEM, those of time stamps among them.")
    private @Nullable Path ca;

    @Option(names = "--verify-identity", paramLabel = "NAME", description = "With --verify-ca, want a certificate for this name, as verify --identity does.")
    private @Nullable String identity;

    /**
     * Returns what has to be signed, by these options and by the policy of this machine, which is read where podman's is.
     *
     * @throws IllegalArgumentException      where a file holds no public key or certificates, the policy cannot be read, or both of the options are given
     * @throws lib.failure.NotFoundException where a file does not exist
     */
    public SignaturePolicy policy() throws IOException {
        Trust trust = trust();
        return new SignaturePolicy(trust == null ? null : new Verification(trust, Map.of()), ImagePolicy.in(new SettingsFolders(System.getenv()).podman()));
    }

    private @Nullable Trust trust() throws IOException {
        if (key != null && ca != null) {
            throw new IllegalArgumentException("say whom to trust, either by --verify-key FILE or by --verify-ca FILE");
        }
        if (identity != null && ca == null) {
            throw new IllegalArgumentException("--verify-identity is about certificates, so it goes with --verify-ca");
        }
        return key != null ? TrustedKey.in(key) : ca != null ? Authorities.of(SmallFile.named(ca, 1), ca.toString(), null, null, identity, null) : null;
    }
}
