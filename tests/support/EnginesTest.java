package tests.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

//SOURCES DockerEngine.java
//SOURCES PodmanStore.java
//SOURCES Program.java
//SOURCES RealImages.java
//SOURCES Tools.java

/** What Dray's archives are judged by takes a good archive, made by another program, and refuses a bad one. */
class EnginesTest {
    private static final String NAME = "localhost/test/engines:1";

    @TempDir
    Path folder;

    @Test
    void should_load_an_archive_into_docker() {
        DockerEngine engine = DockerEngine.shared();
        engine.load(archive()).orFail();
        assertTrue(engine.run("image", "inspect", NAME).orFail().text().contains("grüß dich"));
        assertNotEquals(0, engine.load(noArchive()).exitCode());
    }

    @Test
    void should_load_an_archive_into_podman() {
        PodmanStore podman = new PodmanStore();
        podman.load(archive()).orFail();
        assertEquals(0, podman.run("image", "exists", NAME).exitCode());
        assertNotEquals(0, podman.load(noArchive()).exitCode());
    }

    private Path archive() {
        Tools.assumeInstalled("skopeo");
        Path archive = folder.resolve("image.tar");
        Program.run("skopeo", "copy", "--insecure-policy", "oci:" + RealImages.layout() + ":real-amd64", "docker-archive:" + archive + ":" + NAME).orFail();
        return archive;
    }

    private Path noArchive() {
        Program.run("tar", "-cf", folder.resolve("empty.tar").toString(), "-T", "/dev/null").orFail();
        return folder.resolve("empty.tar");
    }
}
