package tests.bench;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one run of a program took.
 *
 * @param wall   seconds from its start to its end
 * @param cpu    seconds of processor time, its children's included
 * @param memory the most that one process of it had resident, in megabytes
 * @param inside seconds from its first request to the registry until its output was last changed or renamed, or NaN
 * @param load   of the machine before it ran: how many processes wanted a processor in the last minute
 */
record Measured(double wall, double cpu, double memory, double inside, double load) {

    static double median(List<Measured> runs, ToDoubleFunction<Measured> figure) {
        List<Double> sorted = runs.stream().mapToDouble(figure).boxed().sorted(Comparator.naturalOrder()).toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
