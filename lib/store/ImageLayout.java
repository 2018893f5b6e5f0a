package lib.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import lib.image.Digest;
import lib.image.MediaType;
import lib.text.Json;

/**
 * What lies where in an OCI image layout, whether that is a folder or an archive.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md">image-spec, Image Layout</a>
 */
public final class ImageLayout {
    /** The file that says that this is a layout. */
    public static final String MARK = "oci-layout";
    public static final String MARK_TEXT = "{\"imageLayoutVersion\":\"1.0.0\"}";
    /** The file that lists the images. */
    public static final String INDEX = "index.json";

    private ImageLayout() { }

    /** Returns the path of a blob, relative to the layout. */
    public static String path(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    /** Returns the index of a layout of these images: an entry for each name, and then what refers to them. */
    public static ObjectNode index(List<NamedImage> images) {
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        ArrayNode manifests = index.putArray("manifests");
        images.forEach(image -> manifests.addAll(image.indexEntries()));
        Set<ObjectNode> referrers = new LinkedHashSet<>();
        images.forEach(image -> referrers.addAll(image.referrerEntries()));
        manifests.addAll(referrers);
        return index;
    }
}
