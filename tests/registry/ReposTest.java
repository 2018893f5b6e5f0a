package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import lib.server.Server;
import lib.store.ImageStore;
import lib.text.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.RealImages;

//SOURCES OddRegistry.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java

/** The repositories of registries that tell them, and of those that do not. */
class ReposTest {
    @TempDir
    Path folder;

    @Test
    void should_list_those_of_docker_registry() {
        DebianRegistry registry = RealImages.registry();
        List<String> lines = Dray.run("repos", "--table", registry.host()).orFail().text().lines().toList();
        assertTrue(lines.contains("test/small") && lines.contains("test/real"), lines.toString());
    }

    @Test
    void should_list_those_of_serve_page_by_page() throws IOException {
        LayoutWriter layout = new LayoutWriter(folder.resolve("layout"));
        IntStream.range(0, 3).forEach(i -> layout.tag("localhost/app" + i + ":1", layout.image(LayoutWriter.linux("amd64", ""), List.of())));
        Server server = new Server(List.of(ImageStore.open(folder.resolve("layout"), null)), 0);
        server.start();
        try {
            String json = Dray.run("repos", "--filter", "app[12]", server.address()).orFail().text();
            assertEquals(List.of("app1", "app2"), StreamSupport.stream(Json.object(json.getBytes(), "the list").path("repositories").spliterator(), false).map(each -> each.asText()).toList());
            String page = Program.run("curl", "-s", "-i", "http://" + server.address() + "/v2/_catalog?n=2&last=app0").orFail().text();
            assertTrue(page.contains("app1") && page.contains("app2") && !page.contains("app0\""), page);
            String first = Program.run("curl", "-s", "-i", "http://" + server.address() + "/v2/_catalog?n=2").orFail().text();
            assertTrue(first.contains("</v2/_catalog?n=2&last=app1>; rel=\"next\""), first);
        } finally {
            server.stop();
        }
    }

    @Test
    void should_say_what_to_use_where_a_registry_does_not_tell() {
        try (OddRegistry registry = new OddRegistry().that(asked -> new OddRegistry.Reply(404, "{}"))) {
            Program.Result result = Dray.run("repos", registry.host());
            assertEquals(3, result.exitCode(), result.toString());
            assertTrue(result.stderr().contains("Many registries do not list their repositories"), result.stderr());
        }
        assertEquals(2, Dray.run("repos", "localhost:5000/app").exitCode());
    }
}
