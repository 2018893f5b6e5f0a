package tests.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tests.support.Checkout;

//SOURCES ../support/Checkout.java

/**
 * A file of the repository, read as text.
 *
 * @param path its path from the root of the repository, with slashes
 * @param code the text without comments and what stands in quotes
 */
record JavaFile(String path, String text, String code) {
    private static final Pattern COMMENT_OR_QUOTED = Pattern.compile(
            "\"\"\"(?s:.*?)\"\"\"|\"(?:[^\"\\\\\n]|\\\\.)*+\"|'(?:[^'\\\\\n]|\\\\.)++'|//[^\n]*|/\\*(?s:.*?)\\*/");
    private static final Pattern NAME = Pattern.compile("(new )?[A-Za-z_]\\w*+(\\.[A-Za-z_]\\w*+)*+");
    private static final Pattern ROOM = Pattern.compile("\\blib\\.([a-z.]+)\\.(?![a-z])");

    /** Returns the Java files in these folders of the repository. */
    static List<JavaFile> in(String... folders) {
        List<JavaFile> files = new ArrayList<>();
        for (String folder : folders) {
            try (Stream<Path> paths = Files.walk(Checkout.root().resolve(folder))) {
                paths.filter(path -> path.toString().endsWith(".java")).sorted().map(JavaFile::read).forEach(files::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    private static JavaFile read(Path path) {
        try {
            String text = Files.readString(path);
            String relative = Checkout.root().relativize(path).toString().replace('\\', '/');
            return new JavaFile(relative, text, COMMENT_OR_QUOTED.matcher(text).replaceAll(" "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path file() {
        return Checkout.root().resolve(path);
    }

    private String folder() {
        return path.substring(0, path.lastIndexOf('/'));
    }

    String packageName() {
        return folder().replace('/', '.');
    }

    private String className() {
        return path.substring(path.lastIndexOf('/') + 1).replace(".java", "");
    }

    /** Returns the room of lib it is in, such as {@code registry.auth}, which is "" for the front door. */
    String room() {
        return folder().replaceFirst("^lib/?", "").replace('/', '.');
    }

    boolean isFrontDoor() {
        return folder().equals("lib");
    }

    /** Returns whether it describes a room. */
    boolean isDescription() {
        return path.endsWith("/package-info.java");
    }

    /** Returns what stands in quotes. */
    String quoted() {
        return COMMENT_OR_QUOTED.matcher(text).results().map(MatchResult::group).filter(found -> found.startsWith("\"")).collect(Collectors.joining("\n"));
    }

    long length() {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Returns the full names of the rooms whose classes it names. */
    Set<String> roomsItNames() {
        Set<String> rooms = new TreeSet<>();
        ROOM.matcher(code.replaceFirst("package [^;]*;", "")).results().forEach(match -> rooms.add(match.group(1)));
        return rooms;
    }

    /** Returns what stands behind each directive of this name. */
    List<String> directives(String name) {
        return Checkout.directives(file(), name);
    }

    /** Returns the paths, from the root of the repository, of the files that its SOURCES lines name. */
    List<String> sources() {
        return directives("SOURCES").stream()
                .map(source -> Path.of(folder(), source).normalize().toString().replace('\\', '/')).toList();
    }

    /** Returns the paths of those files whose class it imports, or names and shares the package with, itself aside. */
    Set<String> filesItUses(List<JavaFile> files) {
        Set<String> used = new TreeSet<>();
        Set<String> names = names();
        for (JavaFile file : files) {
            boolean imported = names.contains(file.packageName() + "." + file.className());
            boolean beside = file.folder().equals(folder()) && (file.isScript() ? names.contains("new " + file.className()) || names.contains(file.className() + ".class")
                    : names.contains(file.className()));
            if ((imported || beside) && !file.path.equals(path)) {
                used.add(file.path);
            }
        }
        return used;
    }

    /** Returns all names in the code, those with dots also up to each of their dots. A script's class begins with a small letter, as variables do: "new" stands before what is made. */
    private Set<String> names() {
        Set<String> names = new HashSet<>();
        NAME.matcher(code).results().map(MatchResult::group).forEach(name -> {
            for (int end = name.indexOf('.'); end >= 0; end = name.indexOf('.', end + 1)) {
                names.add(name.substring(0, end));
            }
            names.add(name);
            names.add(name.replaceFirst("^new ", ""));
        });
        return names;
    }

    private boolean isScript() {
        return Character.isLowerCase(className().charAt(0));
    }
}
