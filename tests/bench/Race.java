package tests.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

//SOURCES Contender.java
//SOURCES Measured.java
//SOURCES Stopwatch.java

/**
 * Programs that do the same, side by side: each round runs all of them, one after the other, so that what
 * disturbs the machine for a while disturbs all alike. Each round begins with another one, as who comes after whom matters, too: what one has left
 * in caches and in free memory. The first contender is the one that the others are compared with.
 *
 * @param title      for people
 * @param variables  what the scripts of the contenders refer to
 */
record Race(String title, List<Contender> contenders, Map<String, String> variables) {

    /** Those who did not take part and why, and what was measured of the others. */
    record Results(String title, Map<String, List<Measured>> runs, List<String> absent) { }

    /** Returns the race of those alone that this holds for. */
    Race only(Predicate<Contender> some) {
        return new Race(title, contenders.stream().filter(some).toList(), variables);
    }

    /** Runs one round that does not count, as files and programs come from the disk in it, and then so many rounds. */
    Results run(Stopwatch stopwatch, int rounds) throws InterruptedException {
        Map<String, List<Measured>> runs = new LinkedHashMap<>();
        List<String> absent = new ArrayList<>();
        List<Contender> racing = new ArrayList<>();
        for (Contender contender : contenders) {
            if (contender.missing().isEmpty()) {
                racing.add(contender);
                runs.put(contender.name(), new ArrayList<>());
            } else {
                absent.add(contender.name() + ": not installed: " + String.join(", ", contender.missing()));
            }
        }
        for (int round = 0; round <= rounds; round++) {
            System.err.println(title + ": " + (round == 0 ? "warming up" : "round " + round + " of " + rounds));
            List<Contender> order = new ArrayList<>(racing);
            Collections.rotate(order, -round);
            for (Contender contender : order) {
                try {
                    Measured measured = stopwatch.run(contender, variables);
                    if (round > 0) {
                        runs.get(contender.name()).add(measured);
                    }
                } catch (IOException e) {
                    racing.remove(contender);
                    runs.remove(contender.name());
                    absent.add(String.valueOf(e.getMessage()));
                    System.err.println(e.getMessage());
                }
            }
        }
        return new Results(title, runs, absent);
    }
}
