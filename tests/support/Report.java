package tests.support;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Tells how a test run goes: each failure when it happens, each class with its tests when it ends,
 * and at the end what was skipped and why, what failed, and the counts in one line.
 */
public final class Report implements TestExecutionListener {
    /** How the reason begins for which a test may be skipped even where no skips are wanted: not every machine lets an engine start. */
    public static final String NO_ENGINE = "no Docker engine can start here";
    private static final int SLOWEST = 5;
    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, Long> started = new ConcurrentHashMap<>();
    private final Map<String, Long> millisOfClass = new ConcurrentHashMap<>();
    private final Map<String, List<String>> skippedByReason = new TreeMap<>();
    private final List<String> failed = new ArrayList<>();
    private TestPlan plan;
    private int passed;

    public Report(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public synchronized void executionSkipped(TestIdentifier test, String reason) {
        skip(test, reason);
    }

    @Override
    public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
        switch (result.getStatus()) {
            case FAILED -> fail(test, result.getThrowable().orElseThrow());
            case ABORTED -> skip(test, result.getThrowable().map(Throwable::getMessage).orElse("no reason given"));
            case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
        }
        if (test.getSource().orElse(null) instanceof ClassSource source) {
            long millis = (System.nanoTime() - started.get(test.getUniqueId())) / 1_000_000;
            millisOfClass.put(source.getClassName(), millis);
            out.printf("%-40s %3d tests %7.1f s%n", source.getClassName(), tests(test).size(), millis / 1000.0);
        }
    }

    private void fail(TestIdentifier test, Throwable thrown) {
        failed.add(name(test));
        out.println();
        out.println("FAILED " + name(test));
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            out.println("    " + cause.toString().replace("\n", "\n    "));
            for (StackTraceElement frame : cause.getStackTrace()) {
                if (frame.getClassName().matches("(tests|lib|scripts)\\..*")) {
                    out.println("        at " + frame);
                }
            }
        }
        out.println();
    }

    /** A class that is skipped skips all its tests; one that finds no test in itself counts as one. */
    private void skip(TestIdentifier test, String reason) {
        List<String> names = tests(test);
        skippedByReason.computeIfAbsent(reason.replaceFirst("^Assumption failed: ", ""), r -> new ArrayList<>())
                .addAll(names.isEmpty() ? List.of(name(test)) : names);
    }

    private List<String> tests(TestIdentifier test) {
        return test.isTest()
                ? List.of(name(test))
                : plan.getDescendants(test).stream().filter(TestIdentifier::isTest).map(Report::name).toList();
    }

    private static String name(TestIdentifier test) {
        if (!(test.getSource().orElse(null) instanceof MethodSource method)) {
            return test.getSource().map(source -> ((ClassSource) source).getClassName()).orElse(test.getDisplayName());
        }
        String name = method.getClassName() + "." + method.getMethodName();
        return test.getDisplayName().startsWith(method.getMethodName()) ? name : name + " " + test.getDisplayName();
    }

    /**
     * Prints the end of the report, the counts last, and returns whether the run is good: tests ran, and none failed.
     *
     * @param noSkips also call it bad when a test was skipped, unless because no Docker engine can start here
     */
    public synchronized boolean finish(boolean noSkips) {
        millisOfClass.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed()).limit(SLOWEST)
                .forEach(slow -> err.printf("%7.1f s in %s%n", slow.getValue() / 1000.0, slow.getKey()));
        skippedByReason.forEach((reason, names) -> {
            out.println("skipped, because " + reason + ":");
            names.forEach(name -> out.println("    " + name));
        });
        failed.forEach(name -> out.println("FAILED " + name));
        boolean avoidable = noSkips && skippedByReason.keySet().stream().anyMatch(reason -> !reason.startsWith(NO_ENGINE));
        if (avoidable) {
            out.println("tests were skipped although --no-skips was given");
        }
        if (passed + failed.size() == 0) {
            out.println("no test ran");
        }
        int skipped = skippedByReason.values().stream().mapToInt(List::size).sum();
        out.println(passed + " passed, " + failed.size() + " failed" + (skipped > 0 ? ", " + skipped + " skipped" : ""));
        return passed > 0 && failed.isEmpty() && !avoidable;
    }
}
