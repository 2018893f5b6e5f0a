package lib.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an image runs on, such as {@code linux/arm64} or {@code linux/arm/v7}. The variant is "" if there is none.
 * Names are normalised as containerd does, so that {@code linux/x86_64} and {@code linux/amd64} are equal.
 * Images for Windows run on one version of it only, which is written as containerd does: {@code windows(10.0.20348)/amd64}.
 *
 * @param osVersion "" where none is given, as for all but Windows
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-index.md">image-spec, platform</a>
 */
public record Platform(String os, String architecture, String variant, String osVersion) {
    private static final String PART = "[A-Za-z0-9_.-]+";
    private static final Pattern UNUSUAL = Pattern.compile("[^a-z0-9_.-]");
    private static final Pattern FORM = Pattern.compile("(%s)(?:\\((%s)\\))?/(%s)(?:/(%s))?".replace("%s", PART));

    public Platform {
        os = plain(os).replace("macos", "darwin");
        architecture = plain(architecture);
        variant = variant == null ? "" : plain(variant);
        osVersion = plain(osVersion);
        switch (architecture) {
            case "x86_64", "x86-64" -> architecture = "amd64";
            case "aarch64" -> architecture = "arm64";
            case "i386", "i486", "i586", "i686", "x86" -> architecture = "386";
            case "armhf" -> { architecture = "arm"; variant = "v7"; }
            case "armel" -> { architecture = "arm"; variant = "v6"; }
            default -> { }
        }
        switch (architecture + "/" + variant) {
            case "arm/" -> variant = "v7";
            case "arm/5", "arm/6", "arm/7" -> variant = "v" + variant;
            case "arm64/8", "arm64/v8", "amd64/v1" -> variant = "";
            default -> { }
        }
    }

    /** Registries say what they like: what comes from them is shown on terminals, and stands in scripts. */
    private static String plain(String part) {
        return UNUSUAL.matcher(part.toLowerCase(Locale.ROOT)).replaceAll("_");
    }

    /** A platform of any version of its system. */
    public Platform(String os, String architecture, String variant) {
        this(os, architecture, variant, "");
    }

    /** Returns the platform written as {@code os[(version)]/arch[/variant]}; throws IllegalArgumentException for anything else. */
    public static Platform parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a platform: write os/architecture or os/architecture/variant, such as linux/arm64");
        }
        return new Platform(parts.group(1), parts.group(3), parts.group(4), parts.group(2) == null ? "" : parts.group(2));
    }

    /** Returns whether somebody who asked for this takes an image for that: the version of the system may go on where this one ends. */
    public boolean takes(Platform other) {
        boolean sameVersion = osVersion.isEmpty() || (other.osVersion + ".").startsWith(osVersion + ".");
        return sameVersion && os.equals(other.os) && architecture.equals(other.architecture) && variant.equals(other.variant);
    }

    /**
     * Returns whether, for somebody who asked for this, one image is better than another that fits as well: where a version
     * was given, with the later build of it, as containerd has it. Without one, the order of the index decides.
     */
    boolean prefers(Platform one, Platform other) {
        return !osVersion.isEmpty() && Arrays.compare(numbers(one.osVersion), numbers(other.osVersion)) > 0;
    }

    private static long[] numbers(String version) {
        return Stream.of(version.split("[^0-9]+")).filter(number -> !number.isEmpty() && number.length() < 19).mapToLong(Long::parseLong).toArray();
    }

    /** Returns Linux on this machine's processor: containers are Linux ones wherever the tool runs. */
    public static Platform ofThisMachine() {
        return new Platform("linux", System.getProperty("os.arch"), "");
    }

    /**
     * Returns the platforms that run here, best first: this one, then older variants of its processor.
     * 32-bit platforms are never fallen back to: they must be asked for.
     */
    public List<Platform> fallbacks() {
        List<String> variants = switch (architecture + "/" + variant) {
            case "arm/v8" -> List.of("v8", "v7", "v6", "v5");
            case "arm/v7" -> List.of("v7", "v6", "v5");
            case "arm/v6" -> List.of("v6", "v5");
            case "amd64/v4" -> List.of("v4", "v3", "v2", "");
            case "amd64/v3" -> List.of("v3", "v2", "");
            case "amd64/v2" -> List.of("v2", "");
            default -> variant.isEmpty() || architecture.equals("arm") ? List.of(variant) : List.of(variant, "");
        };
        return variants.stream().map(v -> new Platform(os, architecture, v, osVersion)).toList();
    }

    @Override
    public String toString() {
        return os + (osVersion.isEmpty() ? "" : "(" + osVersion + ")") + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
