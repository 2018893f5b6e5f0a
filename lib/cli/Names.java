package lib.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import lib.image.Reference;
import lib.image.SmallFile;
import lib.registry.ShortNames;
import lib.registry.Surroundings;

//SOURCES CommonOptions.java
//SOURCES ../image/Reference.java
//SOURCES ../image/SmallFile.java
//SOURCES ../registry/ShortNames.java
//SOURCES ../registry/Surroundings.java

/** The images that a command is given: names as arguments and, where one of them is {@code -}, those on stdin. */
public final class Names {
    private static final String STDIN = "-";

    /** The size that a list may have, in MiB. */
    private static final int LARGEST = 16;

    private Names() { }

    /**
     * Returns the references, each once, in the order given. On stdin a line holds a name; what follows a {@code #} does not count.
     *
     * @throws IllegalArgumentException for what is no name, and when there is none
     */
    public static List<Reference> of(List<String> arguments) throws IOException {
        List<String> names = new ArrayList<>();
        for (String argument : arguments) {
            if (argument.equals(STDIN)) {
                names.addAll(onStdin());
            } else {
                names.add(argument);
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("there is no name of an image on stdin");
        }
        return names.stream().map(Names::ofFar).distinct().toList();
    }

    /**
     * Returns the reference to an image in a registry that a person means by a name. It may be short for another, by podman's
     * settings: that is said on stderr.
     *
     * @throws IllegalArgumentException for what is no name
     */
    public static Reference ofFar(String name) {
        return ShortNames.parse(name, new Surroundings(System.getenv()), CommonOptions::warn);
    }

    private static List<String> onStdin() throws IOException {
        String lines = new String(SmallFile.upTo(System.in, "the list on stdin", LARGEST), StandardCharsets.UTF_8);
        return lines.lines().map(line -> line.replaceFirst("#.*", "").strip()).filter(name -> !name.isEmpty()).toList();
    }

    /**
     * Returns the names that one image is to be loaded under instead of its own.
     *
     * @param tags what {@code -t} gave
     * @throws IllegalArgumentException when one is no name, or has a digest: no engine loads an image under that
     */
    public static List<Reference> toLoadUnder(List<String> tags) {
        return tags.stream().map(tag -> {
            Reference name = Reference.parse(tag);
            if (name.digest() != null) {
                throw new IllegalArgumentException("-t " + tag + ": an image is loaded under a name and a tag; leave the digest out");
            }
            return name;
        }).distinct().toList();
    }
}
