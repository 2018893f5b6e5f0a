package lib.cli.options;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import lib.text.VersionOrder;
import picocli.CommandLine.Option;

/** Which names of a list are wanted, and in which order. */
public final class ListOptions {
    private enum Order { registry, name, version }

    @Option(names = "--filter", paramLabel = "REGEX",
            description = "List only names that match, wholly or in part.")
    private String filter;

    @Option(names = "--sort", paramLabel = "ORDER",
            description = {"One of ${COMPLETION-CANDIDATES}.", "By version, 1.9 comes before 1.10 (default: ${DEFAULT-VALUE})."})
    private Order order = Order.registry;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "0",
            description = {"Print at most N names (default: 0, all).", "The first N, or with --sort the last N."})
    private int limit;

    /** Throws IllegalArgumentException for values that cannot be, before anything is asked for. */
    public void check() {
        if (limit < 0) {
            throw new IllegalArgumentException("--limit must be 0 or more");
        }
        pattern();
    }

    /** Returns how many names are enough to choose from, 0 for all. */
    public int enough() {
        return order == Order.registry && filter == null ? limit : 0;
    }

    /** Returns the names that are wanted, in the order that is wanted. */
    public List<String> chosen(List<String> all) {
        Pattern wanted = pattern();
        List<String> list = all.stream().filter(name -> wanted.matcher(name).find()).toList();
        int few = limit == 0 ? list.size() : Math.min(limit, list.size());
        if (order == Order.registry) {
            return list.subList(0, few);
        }
        return list.stream().sorted(order == Order.version ? VersionOrder.OF_TAGS : Comparator.<String>naturalOrder())
                .skip(list.size() - few).toList();
    }

    private Pattern pattern() {
        try {
            return Pattern.compile(filter == null ? "" : filter);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("--filter '" + filter + "' is not a regular expression: " + e.getDescription());
        }
    }
}
