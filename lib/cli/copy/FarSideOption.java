package lib.cli.copy;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.Registry;
import lib.registry.mirrors.FarSideSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Settings by which those who use a registry find what was brought to it. */
@Command(optionListHeading = "What to take")
public final class FarSideOption {
    @Option(names = "--settings", paramLabel = "FORM",
            description = {"With --to: print the settings for its users, instead.",
                "registries.conf (podman), hosts.toml (containerd), idms (OpenShift) or kustomize: by these, images come from that registry "
                + "under the names they had, so that manifests need no edit."})
    private @Nullable String form;

    /** Returns whether settings are printed; throws IllegalArgumentException for an unknown form, and where images do not keep their names, so that no setting could lead to them. */
    public boolean isGiven(boolean keepsNames) {
        if (form != null && !FarSideSettings.FORMS.contains(form)) {
            throw new IllegalArgumentException("--settings " + form + ": write one of " + String.join(", ", FarSideSettings.FORMS));
        }
        if (form != null && !keepsNames) {
            throw new IllegalArgumentException("--settings goes with --to, by which images keep their paths");
        }
        return form != null;
    }

    /**
     * Returns the settings, "" if nothing was brought.
     *
     * @param brought where each image is now
     * @param far     how that registry is reached
     * @throws IOException if settings of this machine cannot be read
     */
    public String settings(Map<Reference, Reference> brought, Network far) throws IOException {
        if (brought.isEmpty()) {
            return "";
        }
        String address = new Registry(brought.values().iterator().next(), far).origin(null, null).endpoint();
        return new FarSideSettings(brought, URI.create(address), far.hosts().insecure()).in(form);
    }
}
