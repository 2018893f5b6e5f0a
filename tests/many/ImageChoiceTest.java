package tests.many;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import lib.cli.options.ImageOption;
import lib.failure.NotFoundException;
import lib.failure.SeveralImagesException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.Origin;
import lib.image.Platform;
import lib.image.Reference;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.text.Json;
import lib.verb.ImageChoice;
import lib.verb.ImageSource;
import lib.verb.check.StoreCheck;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tests.store.TarMaker;
import tests.support.Dray;
import tests.support.LayoutWriter;
import tests.support.Program;

//SOURCES ../store/TarMaker.java
//SOURCES ../support/Dray.java
//SOURCES ../support/LayoutWriter.java
//SOURCES ../support/Program.java

/** One image of a layout that holds several: by its name, its digest or its ID. */
class ImageChoiceTest {
    private static final Platform AMD64 = Platform.parse("linux/amd64");

    @TempDir
    Path folder;

    private Path layout;
    private LayoutWriter writer;
    private ObjectNode nginx;
    private ObjectNode redis;
    private ObjectNode arm;
    private ObjectNode both;

    /** Two images, one of them under two names, and an index of two platforms. */
    @BeforeEach
    void write() {
        layout = folder.resolve("all.oci");
        writer = new LayoutWriter(layout);
        nginx = image("amd64", "nginx");
        redis = image("amd64", "redis");
        arm = image("arm64", "app for arm");
        both = writer.index(List.of(image("amd64", "app"), arm));
        writer.tag("docker.io/library/nginx:alpine", nginx);
        writer.tag("docker.io/library/nginx:1.27-alpine", nginx);
        writer.tag("docker.io/library/redis:latest", redis);
        writer.tag("ghcr.io/org/app:1.2", both);
    }

    private ObjectNode image(String architecture, String content) {
        return writer.image(LayoutWriter.linux(architecture, ""), List.of(writer.layer(new TarMaker().file("file", content).end(), "")));
    }

    private static Digest digest(ObjectNode descriptor) {
        return Digest.parse(descriptor.path("digest").asText());
    }

    private Manifest manifest(ObjectNode descriptor) throws IOException {
        ImageStore store = ImageStore.open(layout);
        return store.manifest(store.find(digest(descriptor)));
    }

    private NamedImage chosen(ImageChoice choice) throws IOException {
        return ImageSource.stored(layout, choice, AMD64, false, null, line -> { }, null).image();
    }

    private NamedImage chosen(String name) throws IOException {
        return chosen(ImageChoice.of(List.of(name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx:alpine", "docker.io/library/nginx:alpine", "library/nginx:alpine", "index.docker.io/nginx:alpine", "nginx:1.27-alpine"})
    void should_know_an_image_by_what_docker_knows_it_by(String name) throws IOException {
        assertEquals(digest(nginx), chosen(name).manifest().digest());
    }

    @Test
    void should_take_a_name_without_a_tag_for_latest() throws IOException {
        assertEquals(digest(redis), chosen("redis").manifest().digest());
        assertThrows(NotFoundException.class, () -> chosen("nginx"));
    }

    @Test
    void should_know_an_image_by_its_digest_and_by_its_ID_and_by_how_these_begin() throws IOException {
        Digest id = manifest(redis).config().digest();
        for (Digest digest : List.of(digest(redis), id)) {
            for (String text : List.of(digest.toString(), digest.hex(), digest.shortHex(), digest.shortHex().toUpperCase(), "sha256:" + digest.shortHex(), "redis@" + digest)) {
                assertEquals(digest(redis), chosen(text).manifest().digest(), text);
            }
        }
    }

    @Test
    void should_take_one_platform_of_an_index_by_its_digest() throws IOException {
        assertEquals(1, chosen(digest(both).toString()).above().size()); // the index itself leads to the image for this platform
        NamedImage image = chosen(digest(arm).toString());
        assertEquals(digest(arm), image.manifest().digest());
        assertEquals("ghcr.io/org/app:1.2", image.reference().familiarName());
        assertEquals(digest(arm), chosen(manifest(arm).config().digest().shortHex()).manifest().digest());
    }

    @Test
    void should_say_what_there_is_nearest_first_where_a_name_is_not_there() {
        String message = assertThrows(NotFoundException.class, () -> chosen("redis:lates")).getMessage();
        assertTrue(message.startsWith(layout + " has no image 'redis:lates'; there is redis:latest, "), message);
        assertTrue(message.contains("nginx:alpine") && message.contains("ghcr.io/org/app:1.2"), message);
        for (String digits : List.of("abc", "sha256:" + "0".repeat(64), "not a name", "")) {
            assertThrows(NotFoundException.class, () -> chosen(digits), digits);
        }
    }

    @Test
    void should_say_which_there_are_instead_of_taking_the_first() {
        String message = assertThrows(SeveralImagesException.class, () -> chosen(ImageChoice.ALL)).getMessage();
        assertEquals(layout + " holds 4 images: nginx:alpine, nginx:1.27-alpine, redis:latest, ghcr.io/org/app:1.2", message);
    }

    @Test
    void should_take_the_one_image_that_is_there_by_however_many_names() throws IOException {
        layout = folder.resolve("one.oci");
        writer = new LayoutWriter(layout);
        nginx = image("amd64", "nginx");
        writer.tag("docker.io/library/nginx:alpine", nginx);
        writer.tag("docker.io/library/nginx:latest", nginx);
        assertEquals(digest(nginx), chosen(ImageChoice.ALL).manifest().digest());
    }

    @Test
    void should_not_guess_which_of_two_digests_is_meant() throws IOException {
        String seen = "";
        for (int i = 0; seen.isEmpty(); i++) { // until two of them begin with the same four digits
            ObjectNode more = image("amd64", "content " + i);
            String digits = digest(more).hex().substring(0, 4);
            writer.tag("docker.io/library/many:" + i, more);
            long same = Stream.of(Json.object(Files.readAllBytes(layout.resolve("index.json")), "it").path("manifests")).flatMap(list -> list.findValuesAsText("digest").stream())
                    .filter(digest -> digest.startsWith("sha256:" + digits)).distinct().count();
            seen = same > 1 ? digits : "";
        }
        String digits = seen;
        assertThrows(SeveralImagesException.class, () -> chosen(digits));
    }

    @Test
    void should_say_what_is_wrong_with_the_image_that_is_meant_and_nothing_of_others() throws IOException {
        Files.delete(layout.resolve("blobs/sha256/" + digest(redis).hex()));
        assertThrows(WrongContentException.class, () -> chosen("redis"));
        assertEquals(digest(nginx), chosen("nginx:alpine").manifest().digest());
        ImageSource.stored(layout, ImageChoice.of(List.of("nginx:alpine")), AMD64, false, null, line -> {
            throw new AssertionError(line);
        }, null);
    }

    @Test
    void should_take_the_image_that_a_stage_is_about() throws IOException {
        Origin origin = new Origin(Reference.parse("redis"), null, digest(redis), null, null, layout.toString());
        assertEquals(digest(redis), chosen(ImageChoice.of(origin)).manifest().digest());
        assertEquals(digest(redis), chosen(ImageChoice.of(origin.withDigest(Digest.of(new byte[1])))).manifest().digest()); // an older form of archive has other digests
    }

    @Test
    void should_check_one_image_only() throws IOException {
        Files.delete(layout.resolve("blobs/sha256/" + manifest(redis).config().digest().hex()));
        assertEquals(List.of(), StoreCheck.of(layout, ImageChoice.of(List.of("nginx:alpine")), line -> { }).wrong());
        assertEquals(1, StoreCheck.of(layout, ImageChoice.of(List.of("redis")), line -> { }).wrong().size());
    }

    @Test
    void should_read_one_image_of_several_by_name_and_exit_with_2_where_none_is_named() throws IOException {
        for (String script : List.of("ls", "inspect")) {
            Program.Result several = Dray.script(script, "all.oci").in(folder).run();
            assertEquals(2, several.exitCode(), several.toString());
            assertTrue(several.stderr().contains("all.oci holds 4 images: nginx:alpine, ") && several.stderr().contains("; --image NAME takes one"), several.stderr());
        }
        assertEquals("redis", Dray.script("cat", "--image", "redis", "all.oci", "file").in(folder).run().orFail().text());
        Program.Result diff = Dray.script("diff", "--image", "nginx:alpine", "--image", "redis", "all.oci", "all.oci").in(folder).run().orFail();
        assertTrue(diff.text().contains("\"path\":\"file\",\"change\":\"changed\""), diff.text());
        assertEquals(3, Dray.script("extract", "all.oci", "-C", "x", "--image", "ngin").in(folder).run().exitCode());
        assertEquals(2, Dray.script("ls", "localhost:1/a", "--image", "a").in(folder).run().exitCode());
    }

    @Test
    void should_mean_by_one_name_the_side_of_a_diff_that_may_hold_several() {
        ImageOption one = CommandLine.populateCommand(new ImageOption(), "--image", "redis");
        assertEquals(List.of(true, false), one.pair(layout.toString(), "redis:7").stream().map(ImageOption::isGiven).toList());
        assertEquals(List.of(true, true), one.pair(layout.toString(), layout.toString()).stream().map(ImageOption::isGiven).toList());
    }

    @Test
    void should_take_some_images_out_of_an_archive() throws IOException {
        Dray.script("assemble", "-q", "-o", "two.tar", "all.oci", "--image", "redis", "--image", "nginx:alpine").in(folder).run().orFail();
        List<String> names = ImageStore.open(folder.resolve("two.tar")).images().images().stream().map(image -> image.name()).toList();
        assertEquals(List.of("redis:latest", "nginx:alpine"), names);
    }
}
