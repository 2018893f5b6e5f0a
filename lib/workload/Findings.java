package lib.workload;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import lib.image.Reference;

/**
 * What was found in files.
 *
 * @param images    the images, each once, as written there, and the file that has each
 * @param mentioned images that a program is told of in an argument or a variable, or that values of a chart look like, and where: they may be run, or not
 * @param notes     sentences on what was left out
 * @param templates images that are yet to be filled in
 * @param followed  the files that others led to
 * @param failures  why files of a folder could not be read, or not as a whole
 */
public record Findings(Map<String, String> images, Map<String, String> mentioned, Set<String> notes, Set<String> templates, Set<Path> followed, List<Exception> failures) {
    private static final Pattern FULL_NAME = Pattern.compile("([a-z0-9-]+(\\.[a-z0-9-]+)+(:[0-9]+)?|localhost(:[0-9]+)?|[a-z0-9-]+:[0-9]+)/.+(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})");

    /** Nothing, yet. */
    public Findings() {
        this(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashSet<>(), new LinkedHashSet<>(), new HashSet<>(), new ArrayList<>());
    }

    /** Adds an image, if it is the name of one; what is not, such as the variable of a pipeline, is noted. */
    public void add(String file, String image) {
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
            images.putIfAbsent(image.strip(), file);
        } catch (IllegalArgumentException e) {
            notes.add(file + ": left out: " + e.getMessage());
        }
    }

    /** Adds an image that may be needed; what is not the name of one is not an error, for a path or an address may look like one. */
    public void mention(String image, String where) {
        try {
            Reference.parse(image);
            mentioned.putIfAbsent(image, where);
        } catch (IllegalArgumentException e) {
            // something else
        }
    }

    /** Returns whether a text can only be an image, whatever it is called: it has a registry, and a tag or a digest. */
    public static boolean isFullName(String text) {
        return FULL_NAME.matcher(text).matches();
    }

    /** Adds a sentence on what was left out. */
    public void note(String sentence) {
        notes.add(sentence);
    }

    /** Returns whether nothing was found, and nothing is to be said. */
    public boolean isEmpty() {
        return images.isEmpty() && mentioned.isEmpty() && notes.isEmpty() && failures.isEmpty();
    }

    /** Adds all that others found. */
    public void addAll(Findings others) {
        others.images.forEach(images::putIfAbsent);
        others.mentioned.forEach(mentioned::putIfAbsent);
        notes.addAll(others.notes);
        templates.addAll(others.templates);
        followed.addAll(others.followed);
        failures.addAll(others.failures);
    }
}
