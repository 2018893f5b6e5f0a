package tests.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import lib.text.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Checkout;
import tests.support.Program;
import tests.support.Tools;

//SOURCES bench.java
//SOURCES ../support/Checkout.java
//SOURCES ../support/Program.java
//SOURCES ../support/Tools.java

/** The benchmark itself works. What it measures is not looked at, because that depends on the machine. */
class BenchTest {
    @TempDir
    Path folder;

    @Test
    @Tag("slow")
    @Timeout(value = 16, unit = TimeUnit.MINUTES) // a hundred starts of programs, and none of them is in a hurry
    void should_measure_every_case() throws IOException {
        Tools.assumeInstalled("docker-registry", "curl", "time", "openssl", "skopeo", "umoci", "tar", "gzip");
        Path json = folder.resolve("bench.json");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Program.Result result = new Program(java, "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), "tests.bench.bench", "--quick", "--at", folder.toString(),
                "--json", json.toString(), "--dray", launcher(java).toString()).in(Checkout.root()).env("JAVA_HOME", System.getProperty("java.home")).limit(900).run().orFail();
        JsonNode cases = Json.object(Files.readAllBytes(json), "the report").path("cases");
        assertEquals(9, cases.size(), result.toString());
        for (JsonNode one : cases) {
            assertTrue(result.text().contains("### " + one.path("title").asText()), result.toString());
            List<String> names = new ArrayList<>();
            one.path("contenders").fieldNames().forEachRemaining(names::add);
            assertTrue(names.size() >= 2 && names.stream().anyMatch(name -> name.startsWith("./jbang")), result.toString());
            for (JsonNode absent : one.path("absent")) {
                assertTrue(absent.asText().contains("not installed: crane") || absent.asText().contains("not installed: regctl") || absent.asText().contains("not installed: oras")
                        || absent.asText().contains("docker-drag"), absent.asText());
            }
            one.path("contenders").forEach(runs -> {
                assertEquals(1, runs.size());
                assertTrue(runs.get(0).path("wallSeconds").asDouble() > 0 && runs.get(0).path("memoryMegabytes").asDouble() > 0, runs.toString());
            });
            JsonNode pull = one.path("contenders").path("./jbang pull");
            assertTrue(pull.isMissingNode() || pull.get(0).path("fromFirstRequestSeconds").asDouble() > 0, pull.toString());
        }
    }

    /** What ./jbang does once it has its start kept, without the time that takes. */
    private Path launcher(String java) throws IOException {
        Path launcher = folder.resolve("jbang");
        Files.writeString(launcher, """
                #!/usr/bin/env bash
                if [ "$1" = info ]; then echo "%2$s"; exit; fi
                exec "%1$s" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "%2$s" "scripts.$1" "${@:2}"
                """.formatted(java, System.getProperty("java.class.path")));
        assertTrue(launcher.toFile().setExecutable(true));
        return launcher;
    }
}
