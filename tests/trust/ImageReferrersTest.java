package tests.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tests.trust.SignedImage.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Reference;
import lib.image.Referrer;
import lib.registry.Network;
import lib.registry.Registry;
import lib.store.ImageStore;
import lib.text.Json;
import lib.transfer.Settings;
import lib.verb.referrers.ImageReferrers;
import lib.verb.referrers.RegistryReferrers;
import org.junit.jupiter.api.Test;
import tests.support.Dray;

//SOURCES SignedImage.java
//SOURCES ../support/Dray.java

/** What refers to an image is found in a registry with and without the API, and in layouts of whatever form. */
class ImageReferrersTest {
    private static final String SPDX = "application/spdx+json";

    private static ImageReferrers in(String image) throws IOException {
        return RegistryReferrers.of(new Registry(Reference.parse(image), Network.plain(line -> { })), new Settings(1, 1 << 20, 0, line -> { }, slots -> { }));
    }

    private static ImageReferrers in(Path layout) throws IOException {
        return ImageReferrers.of(ImageStore.open(layout));
    }

    /** A signature of each form, an attestation, and a list of contents that is signed itself. */
    private static SignedImage image() {
        SignedImage image = new SignedImage();
        image.classic(data("classic/sha256-f41821a958da68e7bfbbf0a5bee3cb1f89f1d877842ff6994311d467ac21d57b"), "sig")
                .under(".att", "application/vnd.dsse.envelope.v1+json", data("classic/att.dsse.json"), Map.of("predicateType", "https://slsa.dev/provenance/v1"))
                .bundle(data("bundle/bundle-50b821db.json"))
                .notation("application/jose+json", data("notation/signature.jws"));
        String sbom = image.refer(SPDX, SPDX, "{}".getBytes(), Map.of());
        image.refer(sbom, SignedImage.BUNDLE, SignedImage.BUNDLE, "{\"of\":\"the list\"}".getBytes(), Map.of());
        return image;
    }

    private static String kinds(ImageReferrers.Found found) {
        TreeSet<String> kinds = new TreeSet<>();
        found.referrers().forEach(one -> kinds.add(one.depth() + " " + one.kind() + " " + one.manifest().artifactType().replaceFirst("application/(vnd[.])?", "")));
        return found.referrers().size() + " " + String.join(", ", kinds);
    }

    private static final String ALL = "6 1 ATTESTATION dsse.envelope.v1+json, 1 SBOM spdx+json, 1 SIGNATURE cncf.notary.signature, 1 SIGNATURE dev.cosign.simplesigning.v1+json, "
            + "1 SIGNATURE dev.sigstore.bundle.v0.3+json, 2 SIGNATURE dev.sigstore.bundle.v0.3+json";

    @Test
    void should_find_the_same_in_registries_with_and_without_the_api_and_in_layouts() throws IOException {
        try (SignedImage image = image()) {
            String name = image.serve();
            assertEquals(ALL, kinds(in(name).all(List.of(image.digest))));
            image.hasApi = true;
            assertEquals(ALL, kinds(in(name).all(List.of(image.digest))));
            assertEquals(ALL, kinds(in(image.layout(false)).all(List.of(image.digest))));
            assertEquals(ALL, kinds(in(image.layout(true)).all(List.of(image.digest))));
        }
    }

    @Test
    void should_list_those_of_an_image_in_a_layout_as_those_in_a_registry() throws IOException {
        try (SignedImage image = image()) {
            image.hasApi = true;
            String layout = image.layout(true).toString();
            List<List<String>> listed = new ArrayList<>();
            for (String place : List.of(image.serve(), layout)) {
                JsonNode json = Json.object(Dray.run("referrers", "--json", place).orFail().stdout(), "it");
                listed.add(json.findValuesAsText("artifactType").stream().sorted().toList());
            }
            assertEquals(listed.get(0), listed.get(1));
            assertTrue(Dray.run("referrers", "--table", layout, "--type", SPDX).orFail().text().contains("└─ SBOM"));
        }
    }

    @Test
    void should_find_what_cosign_saves_beside_an_image() throws IOException {
        SignedImage image = image();
        Path layout = image.layout(true);
        String index = Files.readString(layout.resolve("index.json"));
        Files.writeString(layout.resolve("index.json"), index.replaceAll("\"org.opencontainers.image.ref.name\":\"[^\"]*[.]sig\"", "\"kind\":\"dev.cosignproject.cosign/sigs\""));
        assertEquals(ALL, kinds(in(layout).all(List.of(image.digest))));
    }

    @Test
    void should_find_what_refers_directly_under_the_tags_that_are_wanted_only() throws IOException {
        try (SignedImage image = image()) {
            String name = image.serve();
            List<String> tags = in(name).direct(image.digest, List.of(".sig")).referrers().stream().map(Referrer::tag).filter(tag -> !tag.isEmpty()).toList();
            assertEquals(List.of(image.tag(".sig")), tags);
            assertTrue(image.asked.stream().noneMatch(asked -> asked.endsWith(".att") || asked.endsWith(".sbom")), image.asked.toString());
        }
    }

    @Test
    void should_find_nothing_where_nothing_refers_to_the_image() throws IOException {
        try (SignedImage image = new SignedImage()) {
            String name = image.serve();
            assertEquals(List.of(), in(name).all(List.of(image.digest)).referrers());
            assertEquals(List.of(), in(image.layout(true)).all(List.of(image.digest)).referrers());
        }
    }

    @Test
    void should_go_on_where_one_of_them_is_missing_and_say_so() throws IOException {
        try (SignedImage image = image()) {
            String gone = image.refer("application/x", "application/x", "gone".getBytes(), Map.of());
            image.manifests.remove(gone);
            ImageReferrers.Found found = in(image.serve()).all(List.of(image.digest));
            assertEquals(ALL, kinds(found));
            assertTrue(found.left().size() == 1 && found.left().get(0).contains(gone), found.left().toString());
        }
    }

    @Test
    void should_stop_where_too_much_refers_to_an_image() throws IOException {
        SignedImage image = new SignedImage();
        for (int i = 0; i < ImageReferrers.MOST + 5; i++) {
            image.refer("application/x", "application/x", new byte[] {(byte) i, (byte) (i >> 8)}, Map.of());
        }
        ImageReferrers.Found found = in(image.layout(true)).all(List.of(image.digest));
        assertEquals(ImageReferrers.MOST, found.referrers().size());
        assertTrue(found.left().get(0).contains("more than 200 manifests refer to the image"), found.left().toString());
    }

    @Test
    void should_end_where_a_circle_of_them_is_claimed_and_where_a_chain_is_too_long() throws IOException {
        SignedImage image = new SignedImage();
        String last = image.digest.toString();
        for (int i = 0; i < ImageReferrers.DEEPEST + 3; i++) {
            last = image.refer(last, "application/x", "application/x", new byte[] {(byte) i}, Map.of());
        }
        String tag = SignedImage.tag(last, "");
        image.tags.put(tag, image.tags.get(image.tag(""))); // the last one is said to be referred to by the first
        assertEquals(ImageReferrers.DEEPEST, in(image.layout(false)).all(List.of(image.digest)).referrers().size());
    }

    @Test
    void should_not_read_a_blob_that_is_longer_than_it_may_be_or_another_one() throws IOException {
        SignedImage image = image();
        Path layout = image.layout(true);
        Referrer bundle = in(layout).direct(image.digest, List.of()).referrers().get(0);
        int size = (int) bundle.manifest().layers().get(0).size();
        assertEquals(size, in(layout).bytes(bundle.manifest().layers().get(0), size).length);
        assertThrows(WrongContentException.class, () -> in(layout).bytes(bundle.manifest().layers().get(0), size - 1));
        Digest blob = bundle.manifest().layers().get(0).digest();
        Files.write(layout.resolve("blobs/sha256").resolve(blob.hex()), new byte[size]);
        assertThrows(WrongContentException.class, () -> in(layout).bytes(bundle.manifest().layers().get(0), size));
    }

    @Test
    void should_say_that_a_registry_does_not_say_rather_than_that_there_is_nothing() throws IOException {
        RegistryException e = assertThrows(RegistryException.class, () -> in("localhost:1/hello:1").all(List.of(Digest.of(new byte[0]))));
        assertEquals(RegistryException.Kind.UNREACHABLE, e.kind());
    }
}
