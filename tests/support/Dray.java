package tests.support;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

//SOURCES Checkout.java
//SOURCES Program.java
//SOURCES Scratch.java
//SOURCES Tools.java

/** The toolkit's scripts, each run as a process of its own, as JBang would, but for the time that JBang itself takes. */
public final class Dray {
    private static final Set<String> ENVIRONMENT = Set.of("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TEMP", "TMP", "SystemRoot");
    private static final Path EMPTY_HOME = Scratch.folder("home");

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

    /** Returns the same, to be run by this Java. */
    public static Program script(Path java, Path home, String name, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(runtimeOptions(Checkout.root().resolve("scripts/" + name + ".java")));
        command.addAll(List.of("-Duser.home=" + home, "-cp", System.getProperty("java.class.path"), "scripts." + name));
        command.addAll(Arrays.asList(arguments));
        return new Program(command).keepEnv(ENVIRONMENT).env("HOME", home.toString()).env("DRAY_ETC", home.resolve("etc").toString());
    }

    /** What JBang hands to Java for this script. */
    private static List<String> runtimeOptions(Path script) {
        return Checkout.filesOf(script).stream()
                .flatMap(file -> Checkout.directives(file, "RUNTIME_OPTIONS").stream())
                .flatMap(options -> Stream.of(options.split(" +"))).toList();
    }
}
