package lib.cli;

import lib.image.Platform;
import picocli.CommandLine.Option;

//SOURCES ../image/Platform.java
//SOURCES Cli.java

/** For which platform an image is wanted. */
public final class PlatformOption {
    @Option(names = "--platform", paramLabel = "OS/ARCH[/VARIANT]", description = "Choose this platform (default: Linux on the processor of this machine).")
    private String platform;

    /** Returns the platform, or throws IllegalArgumentException. */
    public Platform platform() {
        return platform == null ? Platform.ofThisMachine() : Platform.parse(platform);
    }

    /** Tells whether the index itself is wanted, with all its platforms. */
    public boolean isAll() {
        return "all".equals(platform);
    }
}
