package lib.verb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import lib.image.ConfigChange;
import lib.store.diff.FileChange;
import lib.store.diff.FileChanges;
import lib.store.layer.Layers;
import lib.text.Json;
import lib.text.PlainText;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two images.
 *
 * @param configs    how to run them
 * @param files      their files
 * @param common     how many layers both begin with
 * @param isComplete whether it is known of each file if it is new or changed: see {@link FileChanges#above}
 */
public record ImageDiff(List<ConfigChange> configs, List<FileChange> files, int common, boolean isComplete) {

    /**
     * Compares two images.
     *
     * @param isFull whether to read the layers that both begin with, also where they must be fetched for that
     * @param most   how many bytes each may unpack to, null for the usual limit
     * @throws lib.failure.WrongContentException if a config or a layer is not what its digest says
     * @throws lib.failure.RegistryException     if a registry does not give a blob
     * @throws IOException                       if a layer cannot be read
     */
    public static ImageDiff between(ImageSource a, ImageSource b, boolean isFull, @Nullable Long most) throws IOException {
        byte[] configA = a.config();
        byte[] configB = b.config();
        Layers layersA = a.layers(configA, most);
        Layers layersB = b.layers(configB, most);
        List<ConfigChange> configs = ConfigChange.between(json(configA, a), json(configB, b));
        FileChanges images = new FileChanges(layersA, layersB);
        List<FileChange> files = new ArrayList<>();
        if (isFull || !a.isFar() || !b.isFar()) {
            images.all(b.isFar() ? layersA : layersB, files::add);
            return new ImageDiff(configs, files, images.common(), true);
        }
        boolean isComplete = images.above(files::add);
        return new ImageDiff(configs, files, images.common(), isComplete);
    }

    private static ObjectNode json(byte[] config, ImageSource image) throws IOException {
        return Json.object(config, "the config of " + (image.origin().layout() != null ? image.origin().layout() : image.origin().reference().familiarName()));
    }

    /** Returns a line for each difference. */
    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        configs.forEach(config -> lines.add("config: " + PlainText.line(config.change() + " " + config.key() + ": " + config.before() + " -> " + config.after())));
        files.forEach(file -> lines.add(file.toString()));
        return lines.isEmpty() ? "no difference" : String.join("\n", lines);
    }

    /** Returns how many differences there are. */
    public int size() {
        return configs.size() + files.size();
    }
}
