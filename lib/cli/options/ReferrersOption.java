package lib.cli.options;

import lib.verb.referrers.ReferrerSelection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What travels with images, as it refers to them. */
@Command(optionListHeading = "What to take")
public final class ReferrersOption {
    @Option(names = "--referrers", paramLabel = "all|none|signatures|TYPE",
            description = {"What travels with the image (default: all).",
                "All that refers to it, such as signatures, attestations and SBOMs, and what refers to these; none; signatures; or "
                + "artifacts of one type, such as application/spdx+json."})
    private String wanted;

    /** Returns what the option says; throws IllegalArgumentException if it is not a type. */
    public ReferrerSelection selection() {
        if (wanted == null) {
            return ReferrerSelection.ALL;
        }
        try {
            return ReferrerSelection.parse(wanted);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--" + e.getMessage(), e);
        }
    }
}
