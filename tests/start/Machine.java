package tests.start;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tests.support.Builds;
import tests.support.Checkout;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES ../support/Builds.java
//SOURCES ../support/Checkout.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/**
 * A machine on which somebody has just cloned the repository: the home folder is empty,
 * and the PATH has the usual small programs and what the test puts there.
 */
final class Machine {
    private static final List<String> USUAL = List.of("bash", "cat", "chmod", "cksum", "cp", "dirname", "env", "expr", "find", "grep", "ln", "ls",
            "mkdir", "mktemp", "mv", "readlink", "rm", "sed", "sha256sum", "sleep", "sync", "tar", "touch", "tr", "uname");
    private static final String JAR = "jbang-cli-0.132.1-all.jar";
    private static Path pinnedJar;

    private final Path folder = Scratch.folder("machine");
    private final Path programs = mkdir(folder.resolve("programs"));
    private final Path home = mkdir(folder.resolve("home"));
    final Path checkout = mkdir(folder.resolve("a checkout"));
    final Path elsewhere = mkdir(folder.resolve("elsewhere"));
    final Path jbangDir;

    private Machine() {
        jbangDir = folder.resolve("jbang");
        with(USUAL.toArray(String[]::new));
    }

    private Machine(Path jbangDir) {
        this.jbangDir = jbangDir;
        with(USUAL.toArray(String[]::new));
    }

    /** Returns a machine whose checkout has one script, {@code greet}, which is quickly built. */
    static Machine withOneScript() {
        Machine machine = new Machine();
        machine.copyLauncher();
        write(machine.checkout.resolve("lib/Greeting.java"), """
                package lib;
                public class Greeting {
                    public static final String TEXT = "hello";
                }
                """);
        write(machine.checkout.resolve("scripts/greet.java"), """
                //SOURCES ../lib/Greeting.java
                package scripts;
                public class greet {
                    public static void main(String[] args) throws Exception {
                        System.out.println(lib.Greeting.TEXT + " " + String.join(",", args));
                        if (args.length == 1 && args[0].equals("echo")) {
                            System.in.transferTo(System.out);
                        } else if (args.length == 1 && args[0].equals("sleep")) {
                            Thread.sleep(60_000);
                        } else if (args.length == 2 && args[0].equals("exit")) {
                            System.exit(Integer.parseInt(args[1]));
                        }
                    }
                }
                """);
        return machine;
    }

    /** Returns a machine whose checkout has all that the scripts are made of, and whose JBang knows what {@link Builds} has. */
    static Machine withAllScripts() {
        return withAllScripts(Builds.jbangDir());
    }

    /** Returns a machine whose checkout has all that the scripts are made of, and whose JBang knows what this folder has. */
    static Machine withAllScripts(Path jbangDir) {
        Machine machine = new Machine(jbangDir);
        try (Stream<Path> paths = Stream.of("jbang", "jbang-catalog.json", "README.md", "LICENSE", "scripts", "lib").flatMap(Machine::walk)) {
            paths.filter(Files::isRegularFile).forEach(path -> copy(path, machine.checkout.resolve(Checkout.root().relativize(path).toString())));
        }
        return machine;
    }

    private void copyLauncher() {
        for (String file : List.of("jbang", "lib/start/jbang.sh")) {
            copy(Checkout.root().resolve(file), checkout.resolve(file));
        }
    }

    /** Puts these programs on the PATH. Skips the test where one is not installed. */
    Machine with(String... names) {
        for (String name : names) {
            link(name, Arrays.stream(System.getenv("PATH").split(":")).map(place -> Path.of(place, name)).filter(Files::isExecutable).findFirst().orElse(null));
        }
        return this;
    }

    Machine withJava() {
        for (String name : List.of("java", "javac", "jar")) {
            link(name, Path.of(System.getProperty("java.home"), "bin", name));
        }
        return this;
    }

    private void link(String name, Path target) {
        assumeTrue(target != null, name + " is not installed");
        try {
            Files.createSymbolicLink(programs.resolve(name), target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path programs() {
        return programs;
    }

    /** Puts a program on the PATH that is this bash script. */
    Machine withProgram(String name, String script) {
        executable(programs.resolve(name), "#!/usr/bin/env bash\n" + script);
        return this;
    }

    /** Puts a Maven on the PATH that takes its time, brings this file as JBang's jar, and counts how often it is called. */
    Machine withMavenThatBrings(Path jar) {
        return withProgram("mvn", """
                echo called >> "%s"
                sleep 0.3
                for word; do
                    case $word in
                        -DoutputDirectory=*) cp "%s" "${word#*=}/%s" ;;
                    esac
                done
                """.formatted(folder.resolve("maven-calls"), jar, JAR));
    }

    /** Puts Java on the PATH, and a Maven that brings the real jar. */
    Machine withJavaAndJar() {
        return withJava().withMavenThatBrings(pinnedJar());
    }

    /** Puts Java on the PATH as a program that notes when it starts JBang. */
    Machine withJavaThatCountsJBang() {
        Path real = Path.of(System.getProperty("java.home"), "bin", "java");
        return withMavenThatBrings(pinnedJar()).withProgram("java", """
                case " $* " in
                    *' dev.jbang.Main '*) echo started >> "%s" ;;
                esac
                exec "%s" "$@"
                """.formatted(folder.resolve("jbang-starts"), real));
    }

    /** Returns how often JBang was started since this was asked last. */
    int jbangStarts() throws IOException {
        Path starts = folder.resolve("jbang-starts");
        int count = Files.exists(starts) ? Files.readAllLines(starts).size() : 0;
        Files.deleteIfExists(starts);
        return count;
    }

    /** Returns the files of kept starts that end like this. */
    List<Path> keptStarts(String end) {
        try (Stream<Path> paths = walk(jbangDir.resolve("cache/dray"))) {
            return paths.filter(path -> path.toString().contains("/starts/") && path.toString().endsWith(end)).toList();
        }
    }

    long mavenCalls() throws IOException {
        Path calls = folder.resolve("maven-calls");
        return Files.exists(calls) ? Files.readAllLines(calls).size() : 0;
    }

    /** Returns the launcher with these arguments, to be run in the folder of the checkout. */
    Program jbang(String... arguments) {
        List<String> command = new ArrayList<>(List.of(checkout.resolve("jbang").toString()));
        command.addAll(List.of(arguments));
        return program(command).in(checkout);
    }

    /** Returns a program that sees this machine only. */
    Program program(List<String> command) {
        return new Program(command).keepEnv(Set.of("LANG", "LC_ALL", "TMPDIR", "MAVEN_OPTS", "MAVEN_ARGS"))
                .env("PATH", programs.toString()).env("HOME", home.toString()).env("JBANG_DIR", jbangDir.toString())
                .env("JBANG_REPO", repository().toString());
    }

    /** Returns the names of the files that the launcher fetched and kept. */
    List<String> kept() {
        try (Stream<Path> paths = walk(jbangDir.resolve("cache/dray"))) {
            return paths.filter(Files::isRegularFile).filter(path -> !path.toString().contains("/starts/")).map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    /** Returns the real jar, fetched once for all tests with the real Maven. */
    static synchronized Path pinnedJar() {
        if (pinnedJar == null) {
            Machine machine = withOneScript().withJava().with("mvn");
            machine.jbang("--version").run().orFail();
            pinnedJar = machine.jbangDir.resolve("cache/dray").resolve(JAR);
        }
        return pinnedJar;
    }

    /** The user's own repository of Maven, so that no test fetches again what is there. */
    private static Path repository() {
        String own = System.getenv("JBANG_REPO");
        return own != null ? Path.of(own) : Path.of(System.getProperty("user.home"), ".m2", "repository");
    }

    static void executable(Path file, String text) {
        write(file, text);
        file.toFile().setExecutable(true);
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path mkdir(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> walk(String name) {
        return walk(Checkout.root().resolve(name));
    }

    /** What is removed meanwhile is left out: a start goes on in the background. */
    private static Stream<Path> walk(Path path) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    found.add(folder);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    found.add(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException trouble) throws IOException {
                    if (trouble instanceof NoSuchFileException && !file.equals(path)) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw trouble;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found.stream();
    }
}
