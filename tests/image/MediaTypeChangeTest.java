package tests.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.ManifestTree;
import lib.image.MediaType;
import lib.image.MediaTypeChange;
import lib.text.Json;
import org.junit.jupiter.api.Test;

/** Docker's media types and OCI's, into each other. */
class MediaTypeChangeTest {
    private static final String DOCKER_GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    private static ObjectNode descriptor(String type) {
        return Json.newObject().put("mediaType", type).put("digest", Digest.of(type.getBytes()).toString()).put("size", 1);
    }

    private static Manifest image(String type, String config, String... layers) throws WrongContentException {
        ObjectNode json = Json.newObject().put("schemaVersion", 2);
        if (!type.isEmpty()) {
            json.put("mediaType", type);
        }
        json.set("config", descriptor(config));
        for (String layer : layers) {
            json.withArray("layers").add(descriptor(layer));
        }
        return Manifest.parse(Json.bytes(json), null);
    }

    private static Manifest changed(Manifest image, MediaTypeChange.To to) throws WrongContentException {
        return new MediaTypeChange(new ManifestTree(image), to).changed().root();
    }

    private static List<String> layers(Manifest image) throws WrongContentException {
        return image.layers().stream().map(layer -> layer.mediaType()).toList();
    }

    @Test
    void should_know_a_twin_of_each_type() throws WrongContentException {
        Manifest docker = image(MediaType.DOCKER_MANIFEST, MediaType.DOCKER_CONFIG, DOCKER_GZIP, "application/vnd.docker.image.rootfs.diff.tar",
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "application/octet-stream");
        Manifest oci = changed(docker, MediaTypeChange.To.OCI);
        assertEquals(MediaType.OCI_MANIFEST, oci.mediaType());
        assertEquals(MediaType.OCI_CONFIG, oci.config().mediaType());
        assertEquals(List.of("application/vnd.oci.image.layer.v1.tar+gzip", "application/vnd.oci.image.layer.v1.tar",
                "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "application/octet-stream"), layers(oci));
        assertEquals(docker.json(), changed(oci, MediaTypeChange.To.DOCKER).json());
        assertEquals(docker.digest(), changed(oci, MediaTypeChange.To.DOCKER).digest());
    }

    @Test
    void should_leave_alone_what_has_them_already() throws WrongContentException {
        Manifest oci = image("", MediaType.OCI_CONFIG, "application/vnd.oci.image.layer.v1.tar+zstd");
        ManifestTree tree = new ManifestTree(oci);
        assertSame(tree, new MediaTypeChange(tree, MediaTypeChange.To.OCI).changed());
        Manifest chart = image(MediaType.OCI_MANIFEST, "application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip");
        assertSame(chart, changed(chart, MediaTypeChange.To.OCI));
        assertEquals(MediaType.DOCKER_MANIFEST, changed(image("", MediaType.OCI_CONFIG), MediaTypeChange.To.DOCKER).json().path("mediaType").asText(), "an OCI manifest need not state its type, one of Docker's does");
    }

    @Test
    void should_refuse_what_docker_has_no_type_for() throws WrongContentException {
        Manifest zstd = image(MediaType.OCI_MANIFEST, MediaType.OCI_CONFIG, "application/vnd.oci.image.layer.v1.tar+zstd");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> changed(zstd, MediaTypeChange.To.DOCKER)).getMessage().contains("zstd"));
        Manifest chart = image(MediaType.OCI_MANIFEST, "application/vnd.cncf.helm.config.v1+json", "application/vnd.cncf.helm.chart.content.v1.tar+gzip");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> changed(chart, MediaTypeChange.To.DOCKER)).getMessage().contains("helm"));
    }

    @Test
    void should_have_an_index_point_to_what_it_became() throws WrongContentException {
        Manifest docker = image(MediaType.DOCKER_MANIFEST, MediaType.DOCKER_CONFIG, DOCKER_GZIP);
        Manifest oci = image(MediaType.OCI_MANIFEST, MediaType.OCI_CONFIG, "application/vnd.oci.image.layer.v1.tar+gzip");
        Manifest note = image(MediaType.OCI_MANIFEST, MediaType.OCI_CONFIG, "application/vnd.in-toto+json");
        ObjectNode json = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        for (Manifest one : List.of(docker, note, oci)) {
            ObjectNode entry = one.descriptor();
            if (one == note) {
                entry.putObject("annotations").put("vnd.docker.reference.type", "attestation-manifest").put("vnd.docker.reference.digest", docker.digest().toString());
            }
            json.withArray("manifests").add(entry);
        }
        Manifest index = Manifest.parse(Json.bytes(json), null);
        MediaTypeChange toOci = new MediaTypeChange(new ManifestTree(index, List.of(docker, note, oci)), MediaTypeChange.To.OCI);
        ManifestTree changed = toOci.changed();
        assertEquals(2, changed.root().entries().size());
        assertEquals(changed.below().get(0).digest(), changed.root().entries().get(0).digest());
        assertEquals(changed.below().get(0).bytes().length, changed.root().entries().get(0).size());
        assertEquals(oci.digest(), changed.root().entries().get(1).digest());
        assertEquals(List.of(note.digest()), toOci.left(), "it was about an image that has another digest now");
        assertTrue(toOci.keeps(oci.digest()) && !toOci.keeps(docker.digest()) && !toOci.keeps(index.digest()));
    }
}
