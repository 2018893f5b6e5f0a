package tests.release;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Many jars as one. Signatures of single jars do not hold for it and would keep Java from loading anything, so they are left out;
 * lists of services are joined, licences stay apart. The same jars give the same bytes.
 */
final class ReleaseJar {
    /** A jar's own lists and signatures, descriptions of modules, variants for newer Javas, which cost each start time to look for, and this program itself. */
    private static final String LEFT_OUT = "META-INF/(MANIFEST\\.MF|INDEX\\.LIST|[^/]*\\.(SF|RSA|DSA|EC)|maven/.*|versions/.*)|module-info\\.class|tests/.*";
    private static final String OF_SEVERAL = "META-INF/[^/]*(LICENSE|NOTICE|DEPENDENCIES)[^/]*";

    private ReleaseJar() { }

    /** Writes a jar of all that the jars of a class path hold; what is in several, as the first of them has it. */
    static void write(Path jar, String mainClass, List<Path> classPath) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        for (Path path : classPath) {
            try (ZipFile file = new ZipFile(path.toFile())) {
                for (ZipEntry entry : file.stream().filter(each -> !each.isDirectory() && !each.getName().matches(LEFT_OUT)).toList()) {
                    try (InputStream in = file.getInputStream(entry)) {
                        add(entries, entry.getName(), path.getFileName().toString(), in.readAllBytes());
                    }
                }
            }
        }
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            put(out, JarFile.MANIFEST_NAME, manifest(mainClass));
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                put(out, entry.getKey(), entry.getValue());
            }
        }
    }

    private static void add(Map<String, byte[]> entries, String name, String jar, byte[] bytes) {
        if (name.matches(OF_SEVERAL)) {
            entries.put("META-INF/licenses/" + jar.replaceFirst("\\.jar$", "") + name.replaceFirst("^META-INF", ""), bytes);
        } else if (name.startsWith("META-INF/services/")) {
            entries.merge(name, bytes, ReleaseJar::joined);
        } else {
            entries.putIfAbsent(name, bytes);
        }
    }

    private static byte[] joined(byte[] one, byte[] other) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        lines.writeBytes(one);
        lines.write('\n');
        lines.writeBytes(other);
        return lines.toByteArray();
    }

    private static byte[] manifest(String mainClass) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.MAIN_CLASS, mainClass);
        attributes.putValue("Enable-Native-Access", "ALL-UNNAMED");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        manifest.write(bytes);
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }
}
