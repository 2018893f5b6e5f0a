package lib.workload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.image.Reference;

/**
 * What was found in files.
 *
 * @param images    the images, each once, as written there
 * @param mentioned images that a program is told of in an argument or a variable, and where: it may run them, or not
 * @param notes     sentences on what was left out
 * @param templates images that are yet to be filled in
 * @param followed  the files that others led to
 * @param failures  why files of a folder could not be read, or not as a whole
 */
public record Findings(Set<String> images, Map<String, String> mentioned, Set<String> notes, Set<String> templates, Set<Path> followed, List<Exception> failures) {
    Findings() {
        this(new LinkedHashSet<>(), new LinkedHashMap<>(), new LinkedHashSet<>(), new LinkedHashSet<>(), new HashSet<>(), new ArrayList<>());
    }

    /** Adds an image, if it is the name of one; what is not, such as the variable of a pipeline, is noted. */
    void add(String file, String image) {
        if (image == null || image.isBlank()) {
            return;
        }
        if (image.contains("{{")) {
            templates.add(image.strip());
            notes.add(file + ": left out: '" + image.strip() + "' is still a template");
            return;
        }
        try {
            Reference.parse(image.strip());
            images.add(image.strip());
        } catch (IllegalArgumentException e) {
            notes.add(file + ": left out: " + e.getMessage());
        }
    }

    void note(String sentence) {
        notes.add(sentence);
    }

    void addAll(Findings others) {
        images.addAll(others.images);
        others.mentioned.forEach(mentioned::putIfAbsent);
        notes.addAll(others.notes);
        templates.addAll(others.templates);
        followed.addAll(others.followed);
        failures.addAll(others.failures);
    }
}
