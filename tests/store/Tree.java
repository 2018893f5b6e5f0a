package tests.store;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import tests.support.Program;
import tests.support.Tools;

//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/**
 * A folder as the system's own programs see it: a line an entry, each under its path. Names may be any bytes, so they are
 * read as ISO-8859-1, which has a character for each.
 */
final class Tree {
    private static final int HASH = 64;

    private Tree() { }

    /** Returns type, mode, owner, group, size, link target, number of links, time of all but links, digest of content, and capabilities. */
    static Map<String, String> of(Path folder) {
        return lines(folder, "%U:%G ", true);
    }

    /** Returns the same but for owners, times of anything but files, and types that only root can make. */
    static Map<String, String> ofUser(Path folder) {
        Map<String, String> lines = lines(folder, "", false);
        lines.values().removeIf(line -> line.startsWith("c") || line.startsWith("b"));
        return lines;
    }

    private static Map<String, String> lines(Path folder, String owner, boolean isRoot) {
        Tools.assumeInstalled("getcap");
        Map<String, String> tree = new TreeMap<>();
        String same = "%y %m " + owner;
        String format = "%P\\0" + same;
        String time = isRoot ? "%T@ " : "";
        put(tree, find(folder, "(", "-type", "f", "-printf", format + "%s %n %T@\\0",
                ")", "-o", "(", "-type", "l", "-printf", "%P\\0%y " + owner + "%n %l\\0",
                ")", "-o", "(", "-type", "d", "-printf", format + time + "\\0", ")", "-o", "-printf", format + time + "%n\\0"));
        hashes(folder).forEach((path, hash) -> tree.merge(path, hash, (line, more) -> line + " " + more));
        if (isRoot) {
            for (String line : latin(Program.run("getcap", "-r", folder.toString()).orFail().stdout()).lines().toList()) {
                int end = line.lastIndexOf(' ');
                tree.merge(line.substring(folder.toString().length() + 1, end), line.substring(end), String::concat);
            }
        }
        return tree;
    }

    private static void put(Map<String, String> tree, String pairs) {
        String[] parts = pairs.split("\0", -1);
        for (int i = 0; i + 1 < parts.length; i += 2) {
            tree.put(parts[i], parts[i + 1]);
        }
    }

    private static Map<String, String> hashes(Path folder) {
        Map<String, String> hashes = new HashMap<>();
        for (String line : find(folder, "-type", "f", "-exec", "sha256sum", "-z", "{}", "+").split("\0")) {
            if (!line.isEmpty()) {
                hashes.put(line.substring(HASH + 2 + folder.toString().length() + 1), line.substring(0, HASH));
            }
        }
        return hashes;
    }

    private static String find(Path folder, String... what) {
        String[] command = new String[what.length + 2];
        command[0] = "find";
        command[1] = folder.toString();
        System.arraycopy(what, 0, command, 2, what.length);
        return latin(new Program(command).env("LC_ALL", "C").run().orFail().stdout());
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
