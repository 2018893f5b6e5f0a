package lib.store.artifact;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.store.layer.BlobSource;
import lib.store.layer.Whiteouts;
import lib.store.tar.EntryPath;
import lib.store.tar.TarEntry;
import lib.store.tar.TarHeader;
import lib.store.tar.TarWriter;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * The files of an artifact. Each layer is a file, whose path is the layer's title, or a folder, which oras packs into a tar. Every layer is given as a tar,
 * as an image's would be: so its files are listed, printed and extracted by the same code, which lets nothing out of the folder.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md#pre-defined-annotation-keys">image-spec, Pre-Defined Annotation Keys</a>
 * @see <a href="https://oras.land/docs/how_to_guides/pushing_and_pulling/">oras, Pushing and Pulling</a>
 */
public final class TitledFiles implements BlobSource {
    private static final String TITLE = "org.opencontainers.image.title";
    private static final String CREATED = "org.opencontainers.image.created";
    /** Of a folder: the layer is a tar of it, mostly compressed, to be unpacked where the folder is to be. */
    private static final String UNPACK = "io.deis.oras.content.unpack";
    /** The digest of that tar before it was compressed. */
    private static final String CONTENT_DIGEST = "io.deis.oras.content.digest";

    private static final String CHART_CONFIG = "application/vnd.cncf.helm.config.v1+json";
    private static final String CHART_PROVENANCE = "application/vnd.cncf.helm.chart.provenance.v1.prov";
    private static final Set<String> CHARTS = Set.of("application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip");

    private final List<Descriptor> layers;
    /** The parts of a layer's path. What has none is not here. */
    private final Map<Descriptor, List<String>> paths = new LinkedHashMap<>();
    private final BlobSource blobs;
    private final FileTime created;

    private TitledFiles(Manifest manifest, BlobSource blobs) throws WrongContentException {
        this.layers = manifest.layers();
        this.blobs = blobs;
        this.created = created(manifest);
    }

    /**
     * Returns the files of an artifact.
     *
     * @param config the bytes of its config: a chart's says how the chart is called
     * @param blobs  gives its layers
     * @return null if this is an image, or an artifact whose layers have no titles
     * @throws WrongContentException if a title leads out of the folder that the files are for, or two layers have the same
     */
    public static @Nullable TitledFiles of(Manifest manifest, byte[] config, BlobSource blobs) throws WrongContentException {
        if (manifest.isIndex() || manifest.isSchema1() || manifest.isImage() && !isWithoutRootFs(manifest, config)) {
            return null;
        }
        TitledFiles files = new TitledFiles(manifest, blobs);
        String chart = manifest.config().mediaType().equals(CHART_CONFIG) ? chart(config) : "";
        Set<List<String>> seen = new HashSet<>();
        for (Descriptor layer : files.layers) {
            List<String> path = EntryPath.parts(title(layer, chart));
            if (path.stream().anyMatch(Whiteouts::is)) {
                throw EntryPath.refused(String.join("/", path), "has the name of a whiteout");
            }
            if (!path.isEmpty() && !seen.add(path)) {
                throw new WrongContentException("two layers have the title '" + String.join("/", path) + "': which is meant?");
            }
            if (!path.isEmpty()) {
                files.paths.put(layer, path);
            }
        }
        return files.paths.isEmpty() ? null : files;
    }

    /** What oras pushes may have the config of an image, but that lists no layers. */
    private static boolean isWithoutRootFs(Manifest manifest, byte[] config) throws WrongContentException {
        boolean hasTitles = manifest.layers().stream().anyMatch(layer -> !annotation(layer, TITLE).isEmpty());
        return hasTitles && !Json.object(config, "the config").has("rootfs");
    }

    private static String title(Descriptor layer, String chart) {
        String title = annotation(layer, TITLE);
        if (!title.isEmpty() || chart.isEmpty()) {
            return title;
        }
        return CHARTS.contains(layer.mediaType()) ? chart : layer.mediaType().equals(CHART_PROVENANCE) ? chart + ".prov" : "";
    }

    /** Returns the name that {@code helm pull} gives to a chart; "" if its config does not say how it is called. */
    private static String chart(byte[] config) throws WrongContentException {
        JsonNode json = Json.object(config, "the config of the chart");
        String name = json.path("name").asText();
        String version = json.path("version").asText();
        return name.isEmpty() || version.isEmpty() ? "" : (name + "-" + version + ".tgz").replace('/', '_');
    }

    private static String annotation(Descriptor layer, String key) {
        return layer.json() == null ? "" : layer.json().path("annotations").path(key).asText();
    }

    /** Returns when the artifact says that it was made, so that its files have the same time wherever they are extracted; else 1970. */
    private static FileTime created(Manifest manifest) {
        try {
            return FileTime.from(Instant.parse(manifest.json().path("annotations").path(CREATED).asText()));
        } catch (DateTimeParseException e) {
            return FileTime.fromMillis(0);
        }
    }

    /** Returns how many layers have no title: there is no file for them. */
    public long untitled() {
        return layers.size() - paths.size();
    }

    /** Returns the digests that the tars must have where that is known: the tar of a folder is the layer, that of a file is made here. */
    public List<@Nullable Digest> diffIds() {
        List<@Nullable Digest> all = new ArrayList<>();
        for (Descriptor layer : layers) {
            all.add(isFolder(layer) ? digest(annotation(layer, CONTENT_DIGEST)) : null);
        }
        return all;
    }

    private static @Nullable Digest digest(String text) {
        try {
            return Digest.parse(text);
        } catch (IllegalArgumentException e) {
            return null; // it is not there: the digest of the layer is checked in any case
        }
    }

    private static boolean isFolder(Descriptor layer) {
        return annotation(layer, UNPACK).equals("true");
    }

    /** Opens the tar of a layer; one without a title is an empty tar. */
    @Override
    public InputStream open(Descriptor layer) throws IOException {
        List<String> path = paths.get(layer);
        if (path == null) {
            return new ByteArrayInputStream(new byte[2 * TarHeader.BLOCK]);
        }
        if (isFolder(layer)) {
            return blobs.open(layer);
        }
        // ./ keeps a title from looking like the first bytes of something compressed
        TarEntry entry = new TarEntry("./" + String.join("/", path), TarEntry.FILE, 0644, 0, 0, layer.size(), created, "", 0, 0, Map.of(), null);
        return new SequenceInputStream(Collections.enumeration(List.of(
                new ByteArrayInputStream(TarWriter.header(entry)), blobs.open(layer),
                new ByteArrayInputStream(new byte[TarHeader.padding(layer.size()) + 2 * TarHeader.BLOCK]))));
    }
}
