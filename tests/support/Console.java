package tests.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The {@code console} blocks of a Markdown page: commands behind {@code $}, each with the output that the page shows.
 * In the output, {@code …} matches anything, also for nothing or several lines.
 */
public record Console(String command, String output) {

    /** Returns the commands of a page, in order. */
    public static List<Console> of(Path page) {
        List<Console> steps = new ArrayList<>();
        boolean inside = false;
        for (String line : lines(page)) {
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (inside && line.startsWith("$ ")) {
                steps.add(new Console(line.substring(2), ""));
            } else if (inside) {
                Console last = steps.remove(steps.size() - 1);
                steps.add(new Console(last.command, last.output + line + "\n"));
            }
        }
        return steps;
    }

    /** Returns whether a command gave what the page shows. */
    public boolean shows(String actual) {
        StringBuilder pattern = new StringBuilder();
        for (String part : output.stripTrailing().split("…", -1)) {
            pattern.append(pattern.isEmpty() ? "" : "(?s:.*)").append(Pattern.quote(part));
        }
        return actual.replace("\r\n", "\n").stripTrailing().matches(pattern.toString());
    }

    private static List<String> lines(Path page) {
        try {
            return Files.readAllLines(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
