package lib.cli.options;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import lib.image.Platform;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** For which platform an image is wanted. */
@Command(optionListHeading = "What to take")
public final class PlatformOption {
    private static final String ALL = "all";

    @Option(names = "--platform", paramLabel = "OS/ARCH[/VARIANT]", completionCandidates = Usual.class,
            description = {"Platform of the image (default: Linux, this CPU).",
                "Windows may include a version: windows(10.0.20348)/amd64. Where an index is useful: several, separated by commas, or "
                + "all."})
    private String platform;

    /** What shells offer; others can be typed. */
    static final class Usual extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        Usual() {
            super(List.of("linux/amd64", "linux/arm64", "linux/arm/v7", "linux/386", "linux/ppc64le", "linux/riscv64", "linux/s390x", "windows/amd64"));
        }
    }

    /** picocli makes one and fills it. */
    public PlatformOption() { }

    private PlatformOption(String platform) {
        this.platform = platform;
    }

    /** Returns the choices for two images, where one platform is for both and two are for one each; throws IllegalArgumentException for others. */
    public List<PlatformOption> pair() {
        String[] each = platform == null ? new String[0] : platform.split(",", -1);
        if (each.length != 2) {
            platform(); // one, or none that was asked for
            return List.of(this, this);
        }
        List<PlatformOption> pair = List.of(new PlatformOption(each[0]), new PlatformOption(each[1]));
        pair.forEach(PlatformOption::platform);
        return pair;
    }

    /** Returns the platform, or throws IllegalArgumentException. */
    public Platform platform() {
        if (!isOne()) {
            throw new IllegalArgumentException("--platform " + platform + ": one platform is needed here");
        }
        return platforms().get(0);
    }

    /** Returns the platforms: none for all, or throws IllegalArgumentException. */
    public List<Platform> platforms() {
        if (platform == null) {
            return List.of(Platform.ofThisMachine());
        }
        return isAll() ? List.of() : Stream.of(platform.split(",", -1)).map(Platform::parse).distinct().toList();
    }

    /** Returns whether somebody asked for a platform. */
    public boolean isGiven() {
        return platform != null;
    }

    /** Returns whether one platform is wanted, so that no index is needed. */
    public boolean isOne() {
        return platforms().size() == 1;
    }

    /** Returns whether the index itself is wanted, with all its platforms. */
    public boolean isAll() {
        return ALL.equals(platform);
    }
}
