package lib.shell;

import lib.image.Platform;
import lib.image.Reference;

/** An image by its name, and the platform that is asked for. */
public record Image(Reference reference, Platform platform) {

    /**
     * Returns the same image for another platform, such as {@code linux/arm64}.
     *
     * @throws IllegalArgumentException if this is not a platform
     */
    public Image on(String other) {
        return new Image(reference, WithoutTrace.get(() -> Platform.parse(other)));
    }

    @Override
    public String toString() {
        return reference + " for " + platform;
    }
}
