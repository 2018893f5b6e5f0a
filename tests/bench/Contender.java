package tests.bench;

import java.nio.file.Path;
import java.util.List;

//SOURCES Peers.java

/**
 * What takes part in a race.
 *
 * @param name   as the table shows it
 * @param needs  the programs it needs; it does not start where one is missing
 * @param script of bash, with {@code $OUT} for the folder it writes to and {@code $IMAGE} for what it pulls
 * @param output a file or folder in {@code $OUT} that is there at the end, or "" if it leaves none
 */
record Contender(String name, List<String> needs, String script, String output) {

    /** Returns the programs that are missing here. */
    List<String> missing() {
        return needs.stream().filter(program -> !isInstalled(program)).toList();
    }

    static boolean isInstalled(String program) {
        return List.of(Peers.path().split(":")).stream().anyMatch(folder -> Path.of(folder, program).toFile().canExecute());
    }
}
