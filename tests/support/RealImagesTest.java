package tests.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

//SOURCES Program.java
//SOURCES RealImages.java
//SOURCES Scratch.java
//SOURCES Tools.java

class RealImagesTest {

    @Test
    void should_be_in_the_registry_with_the_digests_of_the_layout() {
        Tools.assumeInstalled("skopeo", "jq");
        String tags = ".manifests[] | select(.annotations[\"org.opencontainers.image.ref.name\"] == $tag).digest";
        for (String name : List.of(RealImages.REAL, RealImages.ZSTD, RealImages.PLAIN, RealImages.SMALL)) {
            String tag = name.substring(name.lastIndexOf('/') + 1).replace(':', '-');
            String digest = Program.run("jq", "-r", "--arg", "tag", tag, tags, RealImages.layout().resolve("index.json").toString()).orFail().text().strip();
            assertEquals(digest, "sha256:" + new Program("sha256sum").stdin(inspectRaw(name)).run().text().substring(0, 64), name);
        }
    }

    @Test
    void should_be_what_umoci_unpacks() throws Exception {
        Tools.assumeRoot();
        Tools.assumeInstalled("umoci");
        Path root = Scratch.folder("umoci").resolve("root");
        Program.run("umoci", "raw", "unpack", "--image", RealImages.layout() + ":real-amd64", root.toString()).orFail();
        assertEquals("from above\n", Files.readString(root.resolve("etc/comes-back")));
        assertEquals("pair, first content\n", Files.readString(root.resolve("etc/pair-b")));
        assertEquals("twin\n", Files.readString(root.resolve("usr/lib/twin-b")));
        assertEquals(List.of("new"), List.of(root.resolve("srv/opaque").toFile().list()));
        assertEquals(List.of(), List.of(root.resolve("opt").toFile().list()));
        assertEquals(Files.getAttribute(root.resolve("bin/busybox"), "unix:ino"), Files.getAttribute(root.resolve("bin/zcat"), "unix:ino"));
        assertEquals(04755, (int) Files.getAttribute(root.resolve("usr/bin/passwd"), "unix:mode") & 07777);
        assertEquals(9_437_184, Files.size(root.resolve("usr/share/large")));
    }

    @Test
    void should_have_an_index_in_an_index_and_dockers_media_types() {
        Tools.assumeInstalled("skopeo");
        String nested = inspectRaw(RealImages.NESTED);
        assertEquals(2, nested.split("vnd.oci.image.index.v1", -1).length - 1, nested);
        assertEquals(0, nested.split("platform", -1).length - 1, nested);
        String docker = inspectRaw(RealImages.DOCKER);
        assertEquals(7, docker.split("vnd.docker.image.rootfs.diff.tar.gzip", -1).length - 1, docker);
    }

    private static String inspectRaw(String name) {
        return Program.run("skopeo", "inspect", "--raw", "--tls-verify=false", "docker://" + RealImages.registry().image(name)).orFail().text();
    }
}
