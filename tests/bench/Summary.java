package tests.bench;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

//SOURCES Case.java
//SOURCES Contender.java
//SOURCES Measured.java
//SOURCES Race.java

/** What a short run measures, and its result in a few lines: how many times what crane or tar takes Dray takes. */
final class Summary {
    static final Set<Case> CASES = Set.of(Case.five_tls, Case.two_tls, Case.five, Case.two, Case.small, Case.extract);
    private static final String CRANE = "crane pull";
    private static final Set<String> OTHERS = Set.of("curl to files, parallel", CRANE, "regctl image export", "oras copy to a layout", "skopeo copy to oci", Extractions.TAR);

    private Summary() { }

    static boolean has(Contender contender) {
        return isDray(contender.name()) || OTHERS.contains(contender.name());
    }

    /** Those of Dray are named by their launcher and the script. */
    private static boolean isDray(String name) {
        return !name.equals(CRANE) && (name.endsWith(" pull") || name.endsWith(" extract"));
    }

    static String markdown(List<Race.Results> all) {
        StringBuilder text = new StringBuilder("\n### Dray, as many times what the other takes\n\n| | | wall | processor | memory MB |\n|---|---|---|---|---|\n");
        for (Race.Results results : all) {
            String other = results.runs().containsKey(CRANE) ? CRANE : Extractions.TAR;
            List<Measured> others = results.runs().get(other);
            results.runs().forEach((name, runs) -> {
                if (isDray(name) && others != null) {
                    text.append(String.format(Locale.ROOT, "| %s | %s : %s | %.2f | %.2f | %.0f |%n", results.title(), name, other.replaceFirst(",.*", ""),
                            ratio(runs, others, Measured::wall), ratio(runs, others, Measured::cpu), Measured.median(runs, Measured::memory)));
                }
            });
        }
        return text.toString();
    }

    private static double ratio(List<Measured> ours, List<Measured> others, ToDoubleFunction<Measured> figure) {
        return Measured.median(ours, figure) / Measured.median(others, figure);
    }
}
