///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.file.TemporaryPath;
import lib.image.Digest;
import lib.server.DemoImage;
import lib.server.DemoLines;
import lib.server.Server;
import lib.store.ImageStore;
import lib.text.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC
//DESCRIPTION Shows a pull step by step, with its own registry and no network
//DOCS ../docs/commands/demo.md
//FILES demo/README.md=../README.md
//FILES demo/LICENSE=../LICENSE
//FILES demo/manifest.java=manifest.java
//FILES demo/pull.java=pull.java
//SOURCES assemble.java
//SOURCES blob.java
//SOURCES extract.java
//SOURCES manifest.java
//SOURCES pull.java
//SOURCES token.java
//SOURCES ../lib/sources/demo.java

/** Runs the toolkit's own scripts, each as a process of its own, against a registry on this machine. */
@Command(name = "demo", description = "Shows a pull step by step, with its own registry and no network.",
        footer = {"", "Examples:", "  dray demo", "  dray demo --step --keep here",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull"})
public final class demo implements Callable<Integer> {
    private static final String PLATFORM = "linux/arm64";

    @Option(names = "--keep", paramLabel = "FOLDER",
            description = {"Work in this folder and leave the files there.",
                "Without it, in a temporary one, which is removed at the end."})
    private Path keep;

    @Option(names = "--step",
            description = {"Walk through ten steps, each after the Enter key.", "Those of docs/how-a-pull-works.md."})
    private boolean stepwise;

    @Mixin
    private CommonOptions common;

    private Path folder;

    @Override
    public Integer call() throws Exception {
        folder = keep == null ? Files.createTempDirectory("dray-demo") : Files.createDirectories(keep);
        if (folder.toFile().list().length > 0) {
            throw new IllegalArgumentException("--keep " + keep + " is not an empty folder");
        }
        try (TemporaryPath temporary = keep == null ? new TemporaryPath(folder) : null) {
            DemoImage.into(folder.resolve("registry.oci"), ownFiles());
            Server server = new Server(List.of(ImageStore.open(folder.resolve("registry.oci"))), 0);
            server.wantTokens();
            server.start();
            boolean same = walk(server.address() + "/" + DemoImage.NAME);
            server.stop();
            return same ? 0 : 1;
        }
    }

    /** The ten steps of docs/how-a-pull-works.md, under the same headings. */
    private boolean walk(String image) throws Exception {
        say("A registry on this machine serves a small image. Let us pull it by hand.");
        step("1. The name", "Its parts say whom to ask, for what: " + image + " is a registry, a repository and a tag.");
        step("2. The front door", "Every registry answers at /v2/: with 200, or with 401 and who gives access. --explain shows the request, and its curl equivalent.",
                List.of("token", "--explain", image));
        step("3. The token", "Most registries want one, even for public images: it comes from the realm that the challenge names, for this repository only.", List.of("token", image));
        step("4. The index", "The tag leads to a list of manifests, one for each platform.", List.of("manifest", "--platform", "all", image));
        byte[] manifest = step("5. The manifest", "One platform's: a config and three layers, each named by its digest.", manifestOf(image));
        byte[] raw = step("6. The digest", "It is the SHA-256 of the bytes, no more: with it, anybody can check that the bytes are right.", List.of("manifest", "--platform", PLATFORM, "--raw", image));
        say("Of these bytes, that is  " + Digest.of(raw));
        say("and the index said       " + Json.object(manifest, "the manifest").path("image").path("digest").asText());
        String config = Json.object(manifest, "the manifest").path("config").path("digest").asText();
        step("7. The config", "What to run, and the digests of the uncompressed layers. Its own digest is what engines show as the image ID.",
                List.of("blob", image.replaceFirst(":[^:]*$", "@") + config));
        step("8. The layers", "Config and layers are blobs. They go into a folder, each in a file named by its digest.", manifestOf(image), List.of("blob", "--to", "demo.oci"));
        list("demo.oci");
        step("9. The archive", "The same JSON comes out of each script, and the next one packs what it tells. This is the whole pull, in pipes.",
                List.of("token", image), List.of("manifest", "--platform", PLATFORM), List.of("blob", "--to", "demo.oci"), List.of("assemble", "-o", "by-hand.tar"));
        step(null, "And this is the shorthand for all of it.", List.of("pull", "--platform", PLATFORM, "-o", "by-pull.tar", image));
        Digest byHand = Digest.of(Files.readAllBytes(folder.resolve("by-hand.tar")));
        Digest byPull = Digest.of(Files.readAllBytes(folder.resolve("by-pull.tar")));
        say("by-hand.tar  " + byHand);
        say("by-pull.tar  " + byPull);
        say(byHand.equals(byPull) ? "The two archives are the same to the byte." : "The two archives differ: that should not be.");
        step("10. The root file system", "The layers, applied one over the other. The last one hides a file of the first.", List.of("extract", "by-hand.tar", "-C", "rootfs"));
        list("rootfs");
        say("That is what a container starts on: its engine changes the root to such a folder, and runs what the config says.");
        if (keep != null) {
            say("All files are in " + folder + ".");
        }
        return byHand.equals(byPull);
    }

    private static List<String> manifestOf(String image) {
        return List.of("manifest", "--platform", PLATFORM, image);
    }

    /** Shows a pipe of scripts as one would type it, runs it, shows what it prints, and returns that; a step without scripts is told only. */
    @SafeVarargs
    private byte[] step(String heading, String explanation, List<String>... stages) throws Exception {
        say("");
        if (heading != null) {
            say(heading);
        }
        say(explanation);
        if (stages.length == 0) {
            waitForEnter();
            return new byte[0];
        }
        say("  $ " + Stream.of(stages).map(stage -> command(stage.get(0)) + " " + String.join(" ", stage.subList(1, stage.size()))).collect(Collectors.joining(" | ")));
        waitForEnter();
        File chat = folder.resolve("chat.txt").toFile();
        List<Process> processes = ProcessBuilder.startPipeline(Stream.of(stages).map(stage -> process(stage, chat)).toList());
        processes.get(0).getOutputStream().close();
        byte[] printed = processes.get(processes.size() - 1).getInputStream().readAllBytes();
        for (Process process : processes) {
            if (process.waitFor() != 0) {
                throw new IOException("a step failed: " + Files.readString(chat.toPath()).strip());
            }
        }
        look(Files.readString(chat.toPath()) + new String(printed, StandardCharsets.UTF_8));
        Files.delete(chat.toPath());
        return printed;
    }

    /** Returns a command as somebody can type it who typed what started this: by the checkout's ./jbang, which says so, by the jar of all commands, or by JBang and a catalog. */
    private static String command(String name) {
        String launcher = System.getenv("DRAY_STARTED_AS");
        String main = System.getProperty("sun.java.command", "");
        return launcher != null ? launcher + " " + name
                : main.matches("[^ ]+[.]jar .*") ? "java -jar " + main.replaceFirst(" .*", "") + " " + name
                : main.startsWith("scripts.dray ") ? "dray " + name : "jbang " + name + "@dray";
    }

    private ProcessBuilder process(List<String> stage, File chat) {
        List<String> command = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC", "-cp", classPath(), "scripts." + stage.get(0)));
        command.addAll(stage.subList(1, stage.size()));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.appendTo(chat));
        builder.environment().put("no_proxy", "*"); // no proxy leads to this machine
        return builder;
    }

    /** At the end of stdin nobody will press it any more, and the demo goes on. */
    private void waitForEnter() throws IOException {
        if (stepwise) {
            System.err.print("    (press Enter)");
            System.err.flush();
            for (int key = 0; key != '\n' && key >= 0; key = System.in.read()) {
                // other keys do not count
            }
        }
    }

    private void look(String text) throws IOException {
        for (String line : text.lines().flatMap(each -> DemoLines.of(each).stream()).toList()) {
            say("    " + line);
        }
    }

    private void list(String name) throws IOException {
        say("  $ find " + name + " -type f");
        try (Stream<Path> files = Files.walk(folder.resolve(name))) {
            look(String.join("\n", files.filter(Files::isRegularFile).map(file -> folder.relativize(file).toString()).sorted().toList()));
        }
    }

    /** The steps run in another folder, and a path after java -jar may be a relative one. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(path -> Path.of(path).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    private static Map<String, byte[]> ownFiles() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : List.of("README.md", "LICENSE", "manifest.java", "pull.java")) {
            try (InputStream in = demo.class.getResourceAsStream("/demo/" + name)) {
                files.put("doc/" + name, in.readAllBytes());
            }
        }
        files.put("etc/motd", "this file came with the first layer\n".getBytes(StandardCharsets.UTF_8));
        return files;
    }

    private void say(String line) throws IOException {
        if (!common.quiet()) {
            Stage.print((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    public static void main(String... args) {
        Cli.run(new demo(), args);
    }
}
