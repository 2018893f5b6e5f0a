package tests.house;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

//SOURCES JavaFile.java

/**
 * The files of the library that a script compiles, and the file in {@code lib/sources} that lists them for JBang.
 * JBang takes a file that is named by another way, such as {@code a/../b/X.java}, for another file: were each file of the library
 * to list what it uses, there would be as many ways as there are paths through the rooms, and a build would take minutes.
 */
final class SourceLists {
    private static final String FOLDER = "lib/sources/";
    private static final List<JavaFile> TESTS = JavaFile.in("tests");
    private static final List<JavaFile> LIBRARY = JavaFile.in("lib").stream().filter(file -> !file.path().startsWith(FOLDER)).toList();

    /** Where the version of a library stands that others use, too. */
    private static final Map<String, String> OF_DEPENDENCIES = Map.of("picocli", "lib/cli/Cli.java", "com.fasterxml.jackson.databind", "lib/text/Json.java",
            "com.fasterxml.jackson.core", "lib/text/Json.java", "org.apache.commons.compress", "lib/store/layer/LayerStream.java",
            "org.conscrypt", "lib/crypto/boringssl/NativeCryptoJni.java", "org.jspecify", "lib/failure/package-info.java");
    private static final Map<String, Set<String>> NEEDS = LIBRARY.stream().collect(Collectors.toMap(JavaFile::path, SourceLists::needs));

    private SourceLists() { }

    /** Returns the files that are compiled by themselves: scripts, the library's front door, and what the tests have of that kind. */
    static List<JavaFile> mains() {
        List<JavaFile> mains = new ArrayList<>(JavaFile.in("scripts"));
        LIBRARY.stream().filter(JavaFile::isFrontDoor).forEach(mains::add);
        TESTS.stream().filter(file -> file.path().matches("tests/(fuzz/fuzz|bench/bench)\\.java")).forEach(mains::add);
        return mains;
    }

    /** Returns the path of the file that lists what a main file compiles. The library's front door and the script differ in case only. */
    static String listOf(JavaFile main) {
        return FOLDER + (main.isFrontDoor() ? "library.java" : main.path().replaceFirst(".*/", ""));
    }

    /** Returns the text of that file. What the library's front door lists is not listed again. */
    static String text(JavaFile main) {
        Set<String> listed = closure(main);
        LIBRARY.stream().filter(file -> file.isFrontDoor() && listed.contains(file.path())).forEach(door -> listed.removeAll(closure(door)));
        String lines = listed.stream().map(path -> "//SOURCES ../" + path.replaceFirst("^lib/", "")).sorted().collect(Collectors.joining("\n"));
        return lines + "\n\n/* What " + main.path() + " compiles of the library: written by ./jbang tests/house/sources.java */\n";
    }

    /** Returns the paths of the library's files that a main file needs, through those that they need themselves. */
    static Set<String> closure(JavaFile main) {
        Set<String> closure = new TreeSet<>();
        Deque<String> unread = new ArrayDeque<>();
        for (JavaFile file : own(main)) {
            unread.addAll(needs(file));
        }
        while (!unread.isEmpty()) {
            String path = unread.remove();
            if (!path.equals(main.path()) && closure.add(path)) {
                unread.addAll(NEEDS.get(path));
            }
        }
        return closure;
    }

    /** Returns the files whose classes a file uses, the description of its room, and those that name the version of a library that it uses. */
    private static Set<String> needs(JavaFile file) {
        Set<String> needs = file.filesItUses(LIBRARY);
        OF_DEPENDENCIES.forEach((name, path) -> {
            if (file.code().contains("import " + name + ".") && !file.path().equals(path)) {
                needs.add(path);
            }
        });
        LIBRARY.stream().filter(other -> other.isDescription() && other.packageName().equals(file.packageName()) && !other.path().equals(file.path()))
                .forEach(description -> needs.add(description.path()));
        return needs;
    }

    /** Returns the main file and those beside it that it lists, as the targets of fuzzing. */
    private static Set<JavaFile> own(JavaFile main) {
        Set<JavaFile> own = new LinkedHashSet<>();
        Deque<JavaFile> unread = new ArrayDeque<>(List.of(main));
        while (!unread.isEmpty()) {
            JavaFile file = unread.remove();
            if (own.add(file)) {
                TESTS.stream().filter(test -> file.sources().contains(test.path())).forEach(unread::add);
            }
        }
        return own;
    }
}
