package lib.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import lib.failure.NotFoundException;
import lib.failure.WrongContentException;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.store.layer.LayerStream;
import lib.store.layer.UnpackLimit;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/** The layers of a {@link DockerArchive}, which has no digests of them: each is read once to learn what a registry's manifest would say. */
final class DockerLayers {
    private final Archive archive;
    private final @Nullable Long most;
    private final Map<String, ObjectNode> descriptors = new HashMap<>();
    private final Map<String, Digest> unpacked = new HashMap<>();

    /** @param most how many bytes the layers of an image may unpack to, null for the usual limit */
    DockerLayers(Archive archive, @Nullable Long most) {
        this.archive = archive;
        this.most = most;
    }

    /** The layers are unpacked to know their digests: no further than the archive's own bytes allow. */
    UnpackLimit limit(List<String> files) throws IOException {
        long size = 0;
        for (String file : new HashSet<>(files)) {
            try {
                size += archive.size(file);
            } catch (NotFoundException e) {
                throw archive.incomplete(file);
            }
        }
        return new UnpackLimit(most == null ? UnpackLimit.usual(size) : most);
    }

    /** Returns the descriptor of a layer, which is read for it, and unpacked where it is compressed. */
    ObjectNode descriptor(String file, UnpackLimit limit) throws IOException {
        ObjectNode known = descriptors.get(file);
        if (known != null) {
            return known;
        }
        MessageDigest hash = Digest.newSha256();
        MessageDigest tarHash = Digest.newSha256();
        ObjectNode descriptor = Json.newObject();
        try (BufferedInputStream in = new BufferedInputStream(new DigestInputStream(archive.file(file), hash), 1 << 16)) {
            descriptor.put("mediaType", MediaType.OCI_LAYER + LayerStream.suffix(in));
            new DigestInputStream(limit.on(LayerStream.open(in)), tarHash).transferTo(OutputStream.nullOutputStream());
            in.transferTo(OutputStream.nullOutputStream());
            Digest digest = Digest.of("sha256", hash.digest());
            archive.alias(ImageLayout.path(digest), file);
            descriptor.put("digest", digest.toString()).put("size", archive.find(digest).size());
        } catch (NotFoundException e) {
            throw archive.incomplete(file);
        } catch (WrongContentException e) {
            throw new WrongContentException(archive.path() + ": " + file + ": " + e.getMessage(), e);
        }
        unpacked.put(file, Digest.of("sha256", tarHash.digest()));
        descriptors.put(file, descriptor);
        return descriptor;
    }

    /** There are no other digests in these forms to check layers by than those of the uncompressed tars. */
    void check(Manifest manifest, byte[] config, List<String> files) throws WrongContentException {
        List<Digest> diffIds;
        try {
            diffIds = manifest.diffIds(config);
        } catch (WrongContentException e) {
            throw new WrongContentException(archive.path() + ": " + e.getMessage(), e);
        }
        for (int i = 0; i < files.size(); i++) {
            Digest digest = unpacked.get(files.get(i));
            if (digest.algorithm().equals(diffIds.get(i).algorithm()) && !digest.equals(diffIds.get(i))) {
                throw new WrongContentException(archive.path() + ": " + files.get(i) + " has the digest " + digest + " instead of the diff ID " + diffIds.get(i));
            }
        }
    }
}
