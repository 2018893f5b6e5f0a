package tests.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lib.failure.WrongContentException;
import lib.text.Json;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

/** Images of a few tars, in a layout or a registry, and what scripts print of them. */
final class Tars {
    private Tars() { }

    /** Returns a layout with an image of these layers under the tag {@code test}, each compressed with gzip. */
    static Path layout(byte[]... tars) {
        LayoutWriter layout = new LayoutWriter(Scratch.folder("layout"));
        List<LayoutWriter.Layer> layers = Stream.of(tars).map(tar -> layout.layer(tar, "gzip")).toList();
        layout.tag("test", layout.image(LayoutWriter.linux("amd64", ""), layers));
        return layout.folder();
    }

    /** Returns the files of a layout's blobs, lowest layer first. */
    static List<Path> blobs(Path layout, JsonNode manifest) {
        Stream<String> digests = Stream.iterate(0, i -> i < manifest.path("layers").size(), i -> i + 1)
                .map(i -> manifest.path("layers").path(i).path("digest").asText());
        return digests.map(digest -> layout.resolve("blobs").resolve(digest.replace(':', '/'))).toList();
    }

    /** Pushes the image of a layout and returns its name in the registry. */
    static String push(Path layout, DebianRegistry registry, String name) {
        Tools.assumeInstalled("skopeo");
        Program.run("skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false", "--preserve-digests",
                "oci:" + layout + ":test", "docker://" + registry.image(name)).orFail();
        return registry.image(name);
    }

    /** Returns the JSON that a script prints. */
    static ObjectNode json(String script, String... arguments) throws WrongContentException {
        return Json.object(Dray.run(script, arguments).orFail().stdout(), script);
    }
}
