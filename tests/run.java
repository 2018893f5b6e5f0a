package tests;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathRoots;
import static org.junit.platform.engine.discovery.PackageNameFilter.includePackageNames;
import static org.junit.platform.launcher.TagFilter.excludeTags;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import tests.support.Report;

//DESCRIPTION Run the tests: all but the slow ones, every one, or those classes whose name holds one of the given words, CLASS#METHOD for one method
//MAIN tests.run
//JAVA 17+
//COMPILE_OPTIONS -encoding UTF-8
//COMPILE_OPTIONS -Xdoclint:all,-missing -Xdoclint/package:lib.*
//DEPS org.junit.jupiter:junit-jupiter:5.14.4
//DEPS org.junit.platform:junit-platform-launcher:1.14.4
//SOURCES */*.java
//SOURCES ../scripts/*.java

/**
 * Runs the tests that were built into this script: {@code tests/run.java [--all] [--no-skips] [WORD…]}.
 * A word may name a part of a method's name, too: {@code DigestTest#upper_case}.
 * Without a word, the tests that are tagged as slow are left out unless there is {@code --all}.
 * {@code --no-skips} also fails when a test was skipped for a reason that the machine can help.
 * The exit code is 0 when tests ran and none failed.
 */
public class run {

    private static final String SLOW = "slow";

    public static void main(String[] args) throws Exception {
        List<String> words = new ArrayList<>(List.of(args));
        boolean noSkips = words.remove("--no-skips");
        boolean slowToo = words.remove("--all") || !words.isEmpty();
        if (words.stream().anyMatch(word -> word.startsWith("-"))) {
            System.err.println("usage: tests/run.java [--all] [--no-skips] [WORD...]    each WORD is a part of a test class's name, or CLASS#METHOD");
            System.exit(2);
        }
        Report report = new Report(System.out, System.err);
        LauncherFactory.create().execute(request(words, slowToo), report);
        if (!slowToo) {
            System.err.println("slow tests were left out: --all runs them too");
        }
        System.exit(report.finish(noSkips) ? 0 : 1);
    }

    /**
     * Two classes run side by side, for much of their time is spent waiting for programs; the tests of one class run in turn.
     * JUnit's first thread begins with the last class and goes up, the other one begins with the first and goes down:
     * those that take longest have an {@code @Order}, which puts them first, so that none is left to run alone at the end.
     */
    private static LauncherDiscoveryRequest request(List<String> words, boolean slowToo) throws Exception {
        Path builtScript = Path.of(run.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        String anyWord = words.isEmpty() ? "" : String.join("|", words.stream().map(word -> Pattern.quote(word.replaceFirst("#.*", ""))).toList());
        LauncherDiscoveryRequestBuilder tests = LauncherDiscoveryRequestBuilder.request();
        if (!slowToo) {
            tests.filters(excludeTags(SLOW));
        }
        return tests
                .selectors(selectClasspathRoots(Set.of(builtScript)))
                .filters(includePackageNames("tests"), includeClassNamePatterns("(?i).*(" + anyWord + ").*"))
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(words.isEmpty() || words.stream().anyMatch(word -> isNamed(word, test))))
                .configurationParameter("junit.jupiter.testclass.order.default", ClassOrderer.OrderAnnotation.class.getName())
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "same_thread")
                .configurationParameter("junit.jupiter.execution.parallel.mode.classes.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "3")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.max-pool-size", "3")
                .configurationParameter("junit.jupiter.execution.timeout.default", "5 m")
                .build();
    }

    /** Returns whether CLASS or CLASS#METHOD means this test. */
    private static boolean isNamed(String word, TestDescriptor test) {
        String name = test.getSource().map(source -> source instanceof MethodSource method ? method.getClassName() + "#" + method.getMethodName() : "").orElse("");
        return Pattern.compile(Pattern.quote(word).replace("#", "\\E.*#.*\\Q"), Pattern.CASE_INSENSITIVE).matcher(name).find();
    }
}
