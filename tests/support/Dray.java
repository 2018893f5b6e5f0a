package tests.support;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import lib.server.DemoImage;
import lib.server.Server;
import lib.store.ImageStore;

//SOURCES Checkout.java
//SOURCES Natively.java
//SOURCES Once.java
//SOURCES Program.java
//SOURCES Scratch.java
//SOURCES Tools.java

/** The toolkit's scripts, each run as a process of its own, as JBang would, but for the time that JBang itself takes. */
public final class Dray {
    private static final Set<String> ENVIRONMENT = Set.of("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TEMP", "TMP", "SystemRoot");
    private static final Path EMPTY_HOME = Scratch.folder("home");
    private static final Once<List<String>> SHARED_CLASSES = new Once<>(Dray::shareClasses);

    private Dray() { }

    /** Runs a script to its end, in an empty home folder, and returns what came of it, whatever the exit code. */
    public static Program.Result run(String name, String... arguments) {
        return script(name, arguments).run();
    }

    /** Returns a script with its arguments, to be given a stdin, a folder or an environment before it runs. */
    public static Program script(String name, String... arguments) {
        return script(EMPTY_HOME, name, arguments);
    }

    /**
     * Returns a script whose user has this home folder, with whatever configuration is in it.
     * The environment is next to empty, and the system's settings are in the folder {@code etc} there,
     * so that a proxy, a mirror or a login of this machine changes no test.
     */
    public static Program script(Path home, String name, String... arguments) {
        return script(Tools.java(), home, name, arguments);
    }

    /** Returns the same, with TLS and SHA-256 by the native library, also where a script leaves them to Java. */
    public static Program natively(Path home, String name, String... arguments) {
        return program(Tools.java(), home, List.of("tests.support.Natively", name), name, arguments);
    }

    /** Returns the same, to be run by this Java. */
    public static Program script(Path java, Path home, String name, String... arguments) {
        return program(java, home, List.of("scripts." + name), name, arguments);
    }

    private static Program program(Path java, Path home, List<String> main, String name, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(runtimeOptions(Checkout.root().resolve("scripts/" + name + ".java")));
        if (java.equals(Tools.java())) {
            command.addAll(SHARED_CLASSES.get());
        }
        command.addAll(List.of("-Duser.home=" + home, "-cp", System.getProperty("java.class.path")));
        if (main.contains("tests.support.Natively")) {
            command.add("--enable-native-access=ALL-UNNAMED"); // or newer Javas warn
        }
        command.addAll(main);
        command.addAll(Arrays.asList(arguments));
        return new Program(command).keepEnv(ENVIRONMENT).env("HOME", home.toString()).env("DRAY_ETC", home.resolve("etc").toString());
    }

    /**
     * Makes an archive of the classes that most scripts load, as {@code jbang} does for each, and returns the option that has Java use it.
     * Java makes none of a class path with folders in it: then there is no option.
     */
    private static List<String> shareClasses() {
        String classPath = System.getProperty("java.class.path");
        if (Stream.of(classPath.split(File.pathSeparator)).anyMatch(part -> !Files.isRegularFile(Path.of(part)))) {
            return List.of();
        }
        Path folder = Scratch.folder("classes");
        try {
            Files.write(folder.resolve("all"), classesOfRuns(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path archive = folder.resolve("archive.jsa");
        Program.run(Tools.java().toString(), "-Xshare:dump", "-XX:+UseG1GC", "-XX:SharedClassListFile=" + folder.resolve("all"), "-XX:SharedArchiveFile=" + archive, "-cp", classPath);
        return Files.isRegularFile(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of();
    }

    /** Returns the classes that scripts load which pull a small image from here, look at it and send it to where nobody listens. */
    private static Set<String> classesOfRuns(Path folder) throws IOException {
        Path layout = folder.resolve("layout");
        DemoImage.into(layout, Map.of("etc/motd", "hello\n".getBytes(StandardCharsets.UTF_8)));
        Server server = new Server(List.of(ImageStore.open(layout)), 0);
        server.start();
        try {
            String tar = folder.resolve("a.tar").toString();
            Set<String> classes = new LinkedHashSet<>();
            classes.addAll(classesOfRun(folder, "pull", "-q", server.names().get(0), "-o", tar));
            classes.addAll(classesOfRun(folder, "extract", "-q", tar, "-C", folder.resolve("files").toString()));
            classes.addAll(classesOfRun(folder, "ls", tar));
            classes.addAll(classesOfRun(folder, "push", "-q", tar, "127.0.0.1:1/nobody/listens:1"));
            return classes;
        } finally {
            server.stop();
        }
    }

    private static List<String> classesOfRun(Path folder, String script, String... arguments) throws IOException {
        Path loaded = folder.resolve(script);
        List<String> command = new ArrayList<>(List.of(Tools.java().toString(), "-XX:+UseSerialGC", "-XX:DumpLoadedClassList=" + loaded, "-Duser.home=" + EMPTY_HOME,
                "-cp", System.getProperty("java.class.path"), "scripts." + script));
        command.addAll(List.of(arguments));
        new Program(command).keepEnv(ENVIRONMENT).env("DRAY_ETC", EMPTY_HOME.resolve("etc").toString()).run();
        return Files.readAllLines(loaded);
    }

    /** What JBang hands to Java for this script. */
    private static List<String> runtimeOptions(Path script) {
        return Checkout.filesOf(script).stream()
                .flatMap(file -> Checkout.directives(file, "RUNTIME_OPTIONS").stream())
                .flatMap(options -> Stream.of(options.split(" +"))).toList();
    }
}
