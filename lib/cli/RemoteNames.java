package lib.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import lib.file.SmallFile;
import lib.image.Origin;
import lib.image.Reference;
import lib.registry.hosts.ShortNames;
import lib.registry.settings.SettingsFolders;

/** Images in registries, as a command is given them: names as arguments and, where one of them is {@code -}, those on stdin. */
public final class RemoteNames {
    private static final String STDIN = "-";

    /** The size that a list may have, in MiB. */
    private static final int LARGEST = 16;

    private RemoteNames() { }

    /**
     * Returns the references, each once, in the order given. On stdin a line holds a name; what follows a {@code #} does not count.
     *
     * @throws IllegalArgumentException for an invalid name, and if there is none
     */
    public static List<Reference> all(List<String> arguments) throws IOException {
        List<String> names = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals(STDIN)) {
                names.addAll(onStdin());
            } else {
                names.add(argument);
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("stdin names no image");
        }
        return names.stream().map(RemoteNames::of).distinct().toList();
    }

    /**
     * Returns the reference to an image in a registry that a person means by a name. It may be short for another, by podman's
     * settings: that is said on stderr.
     *
     * @throws IllegalArgumentException for an invalid name, and for that of an archive that is a file here: no image is called like it
     */
    public static Reference of(String name) {
        if (Reference.isOfFile(name) && Files.exists(Path.of(name))) {
            throw new IllegalArgumentException(name + " is a file here, not an image in a registry: ls, extract, assemble and push take it");
        }
        return ShortNames.parse(name, new SettingsFolders(System.getenv()), CommonOptions::warn);
    }

    /**
     * Returns the image that an argument names or, without one, the stage on stdin.
     *
     * @throws IllegalArgumentException          if the name is not one of an image, or nothing was named or piped in
     * @throws lib.failure.WrongContentException if stdin has no JSON object
     */
    public static Stage stage(String argument) throws IOException {
        if (argument != null && !argument.equals(STDIN)) {
            return new Stage(new Origin(of(argument), null, null, null, null), null);
        }
        return Stage.fromStdin();
    }

    private static List<String> onStdin() throws IOException {
        String lines = new String(SmallFile.upTo(System.in, "the list on stdin", LARGEST), StandardCharsets.UTF_8);
        return lines.lines().map(line -> line.replaceFirst("#.*", "").strip()).filter(name -> !name.isEmpty()).toList();
    }
}
