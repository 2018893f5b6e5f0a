package lib.registry;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list that a registry gives in pages, or the beginning of one.
 *
 * @param items   what came
 * @param missing why the rest did not come, or null if the list is complete
 */
public record Listed<T>(List<T> items, @Nullable IOException missing) { }
