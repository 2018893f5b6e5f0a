package lib.cli;

import lib.store.Format;
import picocli.CommandLine.Option;

//SOURCES ../store/Format.java
//SOURCES Cli.java
//SOURCES PlatformOption.java

/** In which form images are to be written. */
public final class FormatOption {
    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "docker",
            description = "docker: what engines load. oci, oci-dir: an OCI layout, in a tar or a folder. legacy: what Docker loaded before 1.10. "
                    + "rootfs: a tar of the merged file system (default: ${DEFAULT-VALUE}).")
    private Format format;

    /** Returns the format; throws IllegalArgumentException where it cannot hold the platforms that are wanted. */
    public Format format(PlatformOption platform) {
        if (!platform.isOne() && !format.takesAnything()) {
            throw new IllegalArgumentException("--format " + format + " holds one platform of an image: say --format oci or oci-dir for more");
        }
        return format;
    }
}
