package lib.haul;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * What a list leads to.
 *
 * @param images   in the order of the list
 * @param failures what was not found, by the name of the image or of the entry, and why
 */
public record Found(List<FoundImage> images, Map<String, IOException> failures) { }
