package tests.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import tests.support.Program;
import tests.support.Scratch;

//SOURCES Catalog.java
//SOURCES ReleaseJar.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java

/** What a release page holds: a jar that Java starts though parts of it were signed, and a catalog that finds each command in it. */
class ReleaseTest {
    private final Path folder = Scratch.folder("release");

    @Test
    void should_join_jars_into_one_that_java_starts() throws IOException {
        String main = "lib/text/Version.class";
        Path own = jar("own.jar", Map.of(main, resource(main), "META-INF/services/a.B", "one".getBytes(), "META-INF/LICENSE", "Apache".getBytes()));
        Path signed = jar("signed.jar", Map.of("META-INF/SIGNER.SF", "Signature-Version: 1.0".getBytes(), "META-INF/SIGNER.RSA", new byte[9],
                "META-INF/services/a.B", "two".getBytes(), "META-INF/LICENSE", "MIT".getBytes(), "module-info.class", new byte[9]));
        Path jar = folder.resolve("dray.jar");
        ReleaseJar.write(jar, "lib.text.Version", List.of(own, signed));
        try (JarFile file = new JarFile(jar.toFile())) {
            assertEquals(List.of("META-INF/MANIFEST.MF", "META-INF/licenses/own/LICENSE", "META-INF/licenses/signed/LICENSE", "META-INF/services/a.B", main),
                    file.stream().map(ZipEntry::getName).toList());
            assertEquals("one\ntwo", new String(file.getInputStream(file.getEntry("META-INF/services/a.B")).readAllBytes()));
        }
        // it has no main method, which Java knows only after it has loaded the class
        String said = new Program(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString()).run().stderr();
        assertTrue(said.contains("Main method not found in class lib.text.Version"), said);
        Path again = folder.resolve("again.jar");
        ReleaseJar.write(again, "lib.text.Version", List.of(own, signed));
        assertArrayEquals(Files.readAllBytes(jar), Files.readAllBytes(again));
    }

    @Test
    void should_find_each_command_in_the_jar_with_its_own_options() throws Exception {
        JsonNode aliases = Catalog.pointingTo("https://example.com/dray.jar").path("aliases");
        assertTrue(aliases.size() > 20, aliases.toString());
        for (Map.Entry<String, JsonNode> alias : aliases.properties()) {
            assertEquals("https://example.com/dray.jar", alias.getValue().path("script-ref").asText());
            Class.forName(alias.getValue().path("main").asText()).getMethod("main", String[].class);
        }
        assertEquals("-XX:+UseSerialGC", aliases.at("/token/runtime-options/0").asText());
        assertTrue(aliases.at("/pull/runtime-options").toString().contains("--enable-native-access"), "the options of what the script is made of");
    }

    private Path jar(String name, Map<String, byte[]> entries) throws IOException {
        Path jar = folder.resolve(name);
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                out.putNextEntry(new ZipEntry(entry.getKey()));
                out.write(entry.getValue());
            }
        }
        return jar;
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = ReleaseTest.class.getResourceAsStream("/" + name)) {
            return in.readAllBytes();
        }
    }
}
