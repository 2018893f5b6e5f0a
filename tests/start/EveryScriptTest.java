package tests.start;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import tests.support.Builds;
import tests.support.Checkout;
import tests.support.Program;

//SOURCES Machine.java
//SOURCES WebServer.java
//SOURCES ../support/Builds.java
//SOURCES ../support/Checkout.java

/** Every script starts in every way that JBang knows. */
@Order(4)
class EveryScriptTest {

    @Test
    void should_have_an_alias_with_a_description_for_each_script_and_none_more() throws IOException {
        JsonNode aliases = new ObjectMapper().readTree(Checkout.root().resolve("jbang-catalog.json").toFile()).path("aliases");
        List<String> names = new ArrayList<>();
        aliases.fieldNames().forEachRemaining(names::add);
        assertEquals(scripts(), names.stream().sorted().toList());
        for (String name : names) {
            assertEquals("scripts/" + name + ".java", aliases.path(name).path("script-ref").asText());
            assertTrue(aliases.path(name).path("description").asText().matches("[A-Z][^'\\n]{10,}"), name + " needs a description, without apostrophes");
        }
    }

    /**
     * Each is fetched from the web, where nothing is found that its SOURCES do not name, and built of what was fetched,
     * unless the README's commands had it built of the same bytes; a folder and an alias name the same files,
     * and are tried with some. One goes after the other, for JBang disturbs itself when it first fetches one file twice at once.
     */
    @Test
    @Tag("slow")
    @ResourceLock(Builds.LOCK)
    @Timeout(value = 25, unit = TimeUnit.MINUTES) // a build a script
    void should_run_each_script_from_the_web_and_some_by_path_and_by_alias_from_another_folder() throws IOException {
        Machine machine = Machine.withAllScripts().withJavaAndJar();
        try (WebServer site = new WebServer(machine.checkout)) {
            assertAll(scripts().stream().map(name -> () ->
                    assertHelps(name, machine.jbang(site.address("scripts/" + name + ".java"), "--help").in(machine.elsewhere))));
            assertHelps("pull", machine.jbang("pull@" + site.address("jbang-catalog.json"), "--help").in(machine.elsewhere));
            assertTrue(site.asked().contains("/lib/image/Digest.java"), site.asked().toString());
        }
        machine.jbang("catalog", "add", "--name", "dray", machine.checkout.resolve("jbang-catalog.json").toString()).in(machine.elsewhere).run().orFail();
        assertAll(Stream.of("manifest", "pull", "shell").map(name -> () -> {
            assertHelps(name, machine.jbang("scripts/" + name + ".java", "--help"));
            assertHelps(name, machine.jbang(name + "@dray", "--help").in(machine.elsewhere));
        }));
        machine.jbang("app", "install", "dray@dray").in(machine.elsewhere).run().orFail();
        Files.createSymbolicLink(machine.programs().resolve("jbang"), machine.checkout.resolve("jbang"));
        assertHelps("pull", machine.program(List.of(machine.jbangDir.resolve("bin/dray").toString(), "pull", "--help")).in(machine.elsewhere));
    }

    private static void assertHelps(String name, Program program) {
        Program.Result result = program.run().orFail();
        assertTrue(result.text().startsWith("Usage: " + name + " "), result.toString());
    }

    private static List<String> scripts() throws IOException {
        try (Stream<Path> files = Files.list(Checkout.root().resolve("scripts"))) {
            return files.map(file -> file.getFileName().toString().replace(".java", "")).sorted().toList();
        }
    }
}
