package tests.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.Dray;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import tests.support.Checkout;

//SOURCES JavaFile.java
//SOURCES ../support/Checkout.java

/** The rules that keep the code small rooms with few doors. They are read off the files themselves. */
class HouseTest {
    private static final Set<String> DIRECTIVES = Set.of("COMPILE_OPTIONS", "DEPS", "DESCRIPTION", "DOCS", "FILES", "JAVA", "MAIN", "RUNTIME_OPTIONS", "SOURCES");
    private static final Pattern LIBRARY_CLASS = Pattern.compile("\\blib\\.([a-z.]+)\\.([A-Z]\\w*)");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z]");
    /** These give options to other programs: docker run, skopeo copy, tar. */
    private static final Set<String> OTHER_PROGRAMS = Set.of("lib/image/ImageConfig.java", "lib/store/layer/LayerStream.java", "lib/store/rootfs/Extended.java");
    private static final int MOST_FILES = 20;
    private static final int LONGEST = 16 * 1024;
    private static final int MOST_LINES = 250;
    private static final int MOST_FOR_A_TOKEN = 122;
    /** JShell imports the methods of one class: it has one or two for each script, however many there are. */
    private static final Set<String> MAY_BE_LONG = Set.of("lib/Dray.java");
    private static final Pattern DOCUMENTED = Pattern.compile("/\\*\\*((?s:(?!\\*/).)*+)\\*/\\s+((?:@\\w+(?:\\([^)]*\\))?\\s+)*+public [^;{]*)");
    private static final Pattern PUBLIC_METHOD = Pattern.compile("(?:/\\*\\*((?s:(?!\\*/).)*+)\\*/\\s+)?((?:@\\w+(?:\\([^)\n]*\\))?\\s+)*+)"
            + "(?<=\n {4}|\n {8})public ((?!(?:[a-z]+ )*(?:class|record|enum|interface) )[^;{}=\"()]*\\([^;{}]*?\\))(\\s+throws [^;{]+)?\\s*[;{]");
    private static final Pattern TEXT_BLOCK = Pattern.compile("\"\"\"\n((?s:.*?))\"\"\"");
    private static final Pattern FOREIGN_PROGRAM = Pattern.compile("</\\w+>|\\bfunction\\b|=> |^#!|\\$[({\"]|; (then|do)\\b|\\|\\| |^\\s*[\\w-]+\\(\\) \\{", Pattern.MULTILINE);
    private static final Pattern RESOURCE = Pattern.compile("\\bResource\\.text\\(\"([^\"]+)\"\\)");

    private static final List<JavaFile> LIBRARY = JavaFile.in("lib").stream().filter(file -> !file.path().startsWith("lib/sources/")).toList();
    private static final List<JavaFile> SCRIPTS = JavaFile.in("scripts");
    private static final List<JavaFile> TESTS = JavaFile.in("tests");

    private final List<JavaFile> production = Stream.of(LIBRARY, SCRIPTS).flatMap(List::stream).toList();
    private final List<JavaFile> all = Stream.of(LIBRARY, SCRIPTS, TESTS).flatMap(List::stream).toList();
    private final List<String> wrong = new ArrayList<>();

    @Test
    void should_let_a_room_know_only_the_rooms_it_may() {
        for (JavaFile file : LIBRARY) {
            for (String room : file.roomsItNames()) {
                boolean mayKnow = room.equals(file.room()) || file.isFrontDoor() || Rooms.of(file.room()).mayKnow().contains(room);
                expect(mayKnow, file, "must not know lib." + room);
            }
            expect(!file.code().matches("(?s).*\\b(scripts|tests)\\.[a-zA-Z].*"), file, "must not know scripts or tests");
        }
        assertNothingWrong();
    }

    /** With it there is no circle of files across rooms. */
    @Test
    void should_have_rooms_that_know_only_those_below_them() {
        List<String> rooms = Rooms.names();
        for (String room : rooms) {
            List<String> below = rooms.subList(0, rooms.indexOf(room));
            assertTrue(below.containsAll(Rooms.of(room).mayKnow()), room + " may know only what stands above it in the table: " + below);
        }
    }

    @Test
    void should_enter_a_room_by_its_doors() {
        for (JavaFile file : production) {
            for (MatchResult name : LIBRARY_CLASS.matcher(file.code()).results().toList()) {
                Rooms.Room room = Rooms.of(name.group(1));
                boolean outside = !file.path().startsWith("lib/") || !file.room().equals(name.group(1));
                expect(!outside || room != null && room.doors().contains(name.group(2)), file, "enters a room by something that is not a door: " + name.group());
            }
        }
        assertNothingWrong();
    }

    @Test
    void should_have_no_door_that_nobody_uses() {
        Set<String> used = new TreeSet<>();
        for (JavaFile file : production) {
            LIBRARY_CLASS.matcher(file.code()).results().filter(name -> !file.room().equals(name.group(1)) || !file.path().startsWith("lib/")).map(MatchResult::group).forEach(used::add);
        }
        for (String room : Rooms.names()) {
            Rooms.of(room).doors().stream().map(door -> "lib." + room + "." + door).filter(door -> !used.contains(door)).forEach(door -> wrong.add(door + " is a door that nobody uses"));
        }
        assertNothingWrong();
    }

    @Test
    void should_say_of_each_room_what_it_is_and_what_it_is_not() throws IOException {
        Set<String> rooms = new TreeSet<>(Rooms.names());
        for (JavaFile file : LIBRARY) {
            expect(file.isFrontDoor() || rooms.contains(file.room()), file, "is in a room without a rule");
        }
        for (String room : rooms) {
            Path description = Checkout.root().resolve("lib").resolve(room.replace('.', '/')).resolve("package-info.java");
            String text = Files.exists(description) ? Files.readString(description) : "";
            long sentences = Pattern.compile("[.](?=\\s)").matcher(text.replaceFirst("(?s)\\*/.*", "")).results().count();
            assertTrue(sentences == 2, description + " says in two sentences what the room is and what it is not");
        }
        assertNothingWrong();
    }

    /** Without {@code @Nullable} nothing of the library is null: what a method takes and returns, and what a record has. */
    @Test
    void should_mark_what_may_be_null() {
        for (JavaFile file : LIBRARY) {
            expect(!file.isDescription() || file.code().contains("@NullMarked"), file, "is not @NullMarked");
            for (MatchResult member : DOCUMENTED.matcher(file.text()).results().toList()) {
                boolean marked = !member.group(1).matches("(?s).*\\bnull\\b.*") || member.group(2).contains("@Nullable");
                expect(marked, file, "says null without @Nullable: " + member.group(2).strip());
            }
        }
        assertNothingWrong();
    }

    /** A caller learns from the contract what can go wrong, not from the code. lib.Dray says it once for all of its methods. */
    @Test
    void should_say_of_each_public_method_what_it_does_and_what_it_throws() {
        for (JavaFile file : LIBRARY) {
            boolean isPublic = file.text().contains("\npublic ") && !file.isFrontDoor();
            for (MatchResult method : PUBLIC_METHOD.matcher(isPublic ? file.text() : "").results().toList()) {
                String contract = method.group(1) == null ? "" : method.group(1);
                String name = method.group(3).strip().replaceAll("\\s+", " ");
                boolean isInherited = method.group(2).contains("@Override");
                expect(isInherited || !contract.isEmpty(), file, "has no contract: " + name);
                expect(isInherited || method.group(4) == null || contract.matches("(?s).*([Tt]hrow|[a-z]+Exception).*"), file, "does not say when it throws: " + name);
            }
        }
        assertNothingWrong();
    }

    @Test
    void should_have_small_rooms() {
        for (String room : Rooms.names()) {
            long files = LIBRARY.stream().filter(file -> file.room().equals(room) && !file.isDescription()).count();
            assertTrue(files > 0 && files <= MOST_FILES, "lib." + room + " has " + files + " files");
        }
    }

    /** What a person can do about a failure by an option is said by the command: the same library serves those who have no command line. */
    @Test
    void should_name_no_option_in_the_library() {
        for (JavaFile file : LIBRARY) {
            if (file.room().matches("(failure|text|file|image|registry|store|transfer|verb)(\\..*)?") && !OTHER_PROGRAMS.contains(file.path())) {
                expect(!OPTION.matcher(file.quoted()).find(), file, "names an option in a message");
            }
        }
        assertNothingWrong();
    }

    @Test
    void should_compile_for_a_script_what_it_needs() {
        Map<String, String> scripts = Map.of("serve", "registry.*", "assemble", "registry.*");
        scripts.forEach((script, rooms) -> {
            for (String source : closure(script)) {
                assertTrue(!source.replaceFirst("^lib/(.*)/[^/]*$", "$1").replace('/', '.').matches(rooms), script + " compiles " + source);
            }
        });
    }

    /** A token needs the way to a registry by all of its options: mirrors, proxies, certificates, credentials, records. It needs no image. Fewer files would mean fewer options. */
    @Test
    void should_compile_for_token_only_the_way_to_a_registry() {
        List<String> files = closure("token").stream().filter(file -> !file.matches("lib/sources/.*|.*/package-info[.]java")).toList();
        assertTrue(files.size() <= MOST_FOR_A_TOKEN, "token compiles " + files.size() + " files");
        for (String file : files) {
            assertTrue(!file.matches("lib/(store|transfer|verb|server|workload|registry/(upload|doctor|hub))/.*|.*/(Manifest|BlobBody|Blobs|Registry|Uploads)[.]java"), "token compiles " + file);
        }
    }

    @Test
    void should_compile_the_report_only_for_scripts_that_have_the_option() {
        for (JavaFile script : SCRIPTS) {
            List<String> files = closure(script.path().replaceAll(".*/|[.]java", ""));
            boolean hasOption = files.contains("lib/cli/options/RecordOptions.java");
            expect(hasOption || files.stream().noneMatch(file -> file.matches("lib/record/(Report|Recording|Har).*")), script, "compiles the report without an option for it");
        }
        assertNothingWrong();
    }

    /** Returns the paths of the files of lib that are compiled for a script. */
    private static List<String> closure(String script) {
        return Checkout.filesOf(Checkout.root().resolve("scripts/" + script + ".java")).stream()
                .map(file -> Checkout.root().relativize(file).toString().replace('\\', '/')).filter(file -> file.startsWith("lib/")).sorted().toList();
    }

    /** On Windows and macOS they would be one file. */
    @Test
    void should_have_no_two_files_whose_names_differ_in_case_only() {
        Map<String, String> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (JavaFile file : all) {
            String other = seen.put(file.path(), file.path());
            expect(other == null, file, "differs in case only from " + other);
        }
        assertNothingWrong();
    }

    /** ./jbang sums the files of lib four folders down, to see that something changed: deeper ones would be run stale. */
    @Test
    void should_have_rooms_inside_rooms_but_no_deeper() {
        for (JavaFile file : LIBRARY) {
            expect(file.room().chars().filter(c -> c == '.').count() <= 1, file, "lies deeper than a room inside a room");
        }
        assertNothingWrong();
    }

    @Test
    void should_list_what_each_script_compiles() throws IOException {
        for (JavaFile main : SourceLists.mains()) {
            Path list = Checkout.root().resolve(SourceLists.listOf(main));
            assertEquals(SourceLists.text(main), Files.exists(list) ? Files.readString(list) : "", SourceLists.listOf(main) + " is not up to date: run ./jbang tests/house/sources.java");
            expect(main.sources().contains(SourceLists.listOf(main)), main, "does not name its list, " + SourceLists.listOf(main));
        }
        for (JavaFile file : LIBRARY) {
            expect(file.isFrontDoor() || file.path().startsWith("lib/sources/") || file.sources().isEmpty(), file, "names sources: the lists of scripts do");
        }
        assertNothingWrong();
    }

    @Test
    void should_import_classes_one_by_one_and_list_sources_one_by_one() {
        for (JavaFile file : production) {
            for (String directive : file.directives("SOURCES")) {
                expect(!directive.matches(".*[*?\\[{ ].*"), file, "a pattern breaks a run from a URL: " + directive);
            }
            expect(!file.code().matches("(?s).*\\bimport lib\\.[a-z.]*\\*;.*"), file, "imports a whole room");
        }
        assertNothingWrong();
    }

    @Test
    void should_name_the_version_of_a_dependency_in_one_file() {
        Map<String, Set<String>> filesOf = new TreeMap<>();
        for (JavaFile file : all) {
            for (String dependency : file.directives("DEPS")) {
                expect(dependency.matches("[^:\\s]+:[^:\\s]+:[0-9][^:\\s]*"), file, "one dependency with its version a line: " + dependency);
                filesOf.computeIfAbsent(dependency.replaceFirst(":[^:]*$", ""), d -> new TreeSet<>()).add(file.path());
            }
        }
        assertTrue(filesOf.containsKey("com.fasterxml.jackson.core:jackson-databind"), filesOf.toString());
        filesOf.values().removeIf(files -> files.size() == 1);
        assertEquals(Map.of(), filesOf);
        assertNothingWrong();
    }

    /** In a file of its own an editor knows its language, and bash -n reads it. */
    @Test
    void should_have_no_program_of_another_language_in_a_string() {
        for (JavaFile file : production) {
            for (MatchResult block : TEXT_BLOCK.matcher(file.text()).results().toList()) {
                expect(block.group(1).lines().count() <= 4 || !FOREIGN_PROGRAM.matcher(block.group(1)).find(), file, "has HTML, JavaScript or bash in a string: " + block.group(1));
            }
        }
        assertNothingWrong();
    }

    @Test
    void should_have_the_files_built_in_that_are_read_from_the_class_path() {
        for (JavaFile file : production) {
            for (MatchResult name : RESOURCE.matcher(file.text()).results().toList()) {
                boolean builtIn = file.directives("FILES").stream().map(directive -> directive.split("=")).anyMatch(names ->
                        names[0].equals(name.group(1)) && file.file().resolveSibling(names[1]).normalize().equals(Checkout.root().resolve(name.group(1))));
                expect(builtIn, file, "has no line //FILES for " + name.group(1));
            }
        }
        assertNothingWrong();
    }

    @Test
    void should_have_no_bash_that_bash_cannot_read() throws Exception {
        List<String> scripts = new ArrayList<>();
        for (String folder : List.of("record", "cli/completion", "start")) {
            try (Stream<Path> files = Files.list(Checkout.root().resolve("lib").resolve(folder))) {
                files.map(Path::toString).filter(name -> name.matches(".*\\.(sh|bash)")).forEach(scripts::add);
            }
        }
        assertTrue(scripts.size() >= 5, scripts.toString());
        for (String file : scripts) {
            Process bash = new ProcessBuilder("bash", "-n", file).redirectErrorStream(true).start();
            assertEquals("", new String(bash.getInputStream().readAllBytes()));
            assertEquals(0, bash.waitFor(), file);
        }
    }

    @Test
    void should_begin_a_line_with_two_slashes_only_for_prose_or_a_directive_of_jbang() {
        for (JavaFile file : all) {
            file.text().lines().filter(line -> line.startsWith("//")).forEach(line -> {
                boolean prose = line.startsWith("// ");
                boolean directive = DIRECTIVES.contains(line.substring(2).split(" ")[0]);
                boolean start = line.startsWith("///usr/bin/env jbang ") && file.text().startsWith(line);
                expect(prose || directive || start, file, line);
            });
        }
        assertNothingWrong();
    }

    /** complete, dray and shell are about the command line and JShell themselves; demo plays the scripts. */
    @Test
    void should_have_every_script_as_a_method() {
        Set<String> others = Set.of("complete", "dray", "shell", "demo");
        Set<String> methods = Stream.of(Dray.class.getMethods()).map(Method::getName).collect(Collectors.toSet());
        for (JavaFile script : SCRIPTS) {
            String name = script.path().replaceAll(".*/|[.]java", "");
            expect(others.contains(name) || methods.contains(name), script, "is not a method of lib.Dray");
        }
        assertNothingWrong();
    }

    @Test
    void should_have_every_script_known_to_completion_and_to_the_front_door() {
        JavaFile complete = SCRIPTS.stream().filter(file -> file.path().equals("scripts/complete.java")).findFirst().orElseThrow();
        JavaFile dray = SCRIPTS.stream().filter(file -> file.path().equals("scripts/dray.java")).findFirst().orElseThrow();
        for (JavaFile script : SCRIPTS) {
            String name = script.path().replaceAll(".*/|[.]java", "");
            expect(complete.text().contains(name + ".class") || script == dray, script, "is not among the commands of scripts/complete.java");
            expect(dray.text().contains("\"" + name + "\" -> " + name + ".main(args)") && dray.text().matches("(?s).*List.of\\([^)]*\"" + name + "\".*") || script == dray,
                    script, "is not among the commands and groups of scripts/dray.java");
        }
        assertNothingWrong();
    }

    /** What a command does is said in one sentence, the same in the catalog, by JBang and by --help. */
    @Test
    void should_describe_a_script_in_the_same_words_everywhere() throws IOException {
        JsonNode aliases = Json.object(Files.readAllBytes(Checkout.root().resolve("jbang-catalog.json")), "the catalog").path("aliases");
        for (JavaFile script : SCRIPTS) {
            String name = script.path().replaceAll(".*/|[.]java", "");
            String sentence = aliases.path(name).path("description").asText();
            expect(sentence.length() <= 64 && script.text().contains("\n//DESCRIPTION " + sentence + "\n"), script, "has another DESCRIPTION than the catalog, or one of more than 64 characters");
            expect(name.equals("dray") || script.text().contains("\"" + sentence + ".\""), script, "has another description for its help than the catalog");
        }
        assertNothingWrong();
    }

    @Test
    void should_compile_where_the_locale_knows_ascii_only() {
        for (JavaFile script : SCRIPTS) {
            Set<Path> files = Checkout.filesOf(script.file());
            boolean saysUtf8 = files.stream().anyMatch(file -> Checkout.directives(file, "COMPILE_OPTIONS").contains("-encoding UTF-8"));
            expect(saysUtf8, script, "no file of it has //COMPILE_OPTIONS -encoding UTF-8");
        }
        assertNothingWrong();
    }

    @Test
    void should_have_short_files_each_in_the_folder_of_its_package() {
        for (JavaFile file : production) {
            expect(file.length() <= LONGEST, file, "has " + file.length() + " bytes, more than " + LONGEST);
            boolean standsIn = file.path().equals("lib/crypto/boringssl/NativeCryptoJni.java"); // for a class of another package
            expect(standsIn || file.text().contains("package " + file.packageName() + ";"), file, "is not in package " + file.packageName());
        }
        assertNothingWrong();
    }

    /** What is longer has more than one idea in it. */
    @Test
    void should_have_no_long_files() {
        for (JavaFile file : production) {
            long lines = file.text().lines().count();
            expect(lines <= MOST_LINES || MAY_BE_LONG.contains(file.path()), file, "has " + lines + " lines, more than " + MOST_LINES);
        }
        assertNothingWrong();
    }

    @Test
    void should_replace_files_in_one_step() {
        for (JavaFile file : production) {
            boolean isInTwo = Pattern.compile("\\bREPLACE_EXISTING\\b(?!, StandardCopyOption\\.ATOMIC_MOVE\\b)").matcher(file.text()).find();
            expect(!isInTwo, file, "moves over a file without ATOMIC_MOVE: Java deletes what is there first, and a kill in between leaves neither");
        }
        assertNothingWrong();
    }

    @Test
    void should_install_for_ci_every_program_that_a_test_asks_for() throws IOException {
        Set<String> known = new TreeSet<>(List.of("sh", "bash", "tar", "gzip", "apt-get", "dpkg-deb", "sha256sum"));
        Files.readString(Checkout.root().resolve(".ci/run")).lines()
                .filter(line -> line.matches("    [a-z0-9-]+:[a-z0-9.-]+")).forEach(line -> known.add(line.strip().replaceFirst(":.*", "")));
        for (JavaFile file : TESTS) {
            for (MatchResult call : Pattern.compile("\\bassumeInstalled\\(([^)]*)\\)").matcher(file.text()).results().toList()) {
                for (MatchResult program : Pattern.compile("\"([^\"]+)\"").matcher(call.group(1)).results().toList()) {
                    expect(known.contains(program.group(1)), file, "asks for " + program.group(1) + ", which .ci/run does not install");
                }
            }
        }
        assertNothingWrong();
    }

    private void expect(boolean holds, JavaFile file, String what) {
        if (!holds) {
            wrong.add(file.path() + ": " + what);
        }
    }

    private void assertNothingWrong() {
        assertTrue(production.size() > 10, "the files were not found");
        assertEquals("", String.join("\n", wrong));
    }
}
