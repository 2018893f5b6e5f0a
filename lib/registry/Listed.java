package lib.registry;

import java.io.IOException;
import java.util.List;

/**
 * A list that a registry gives in pages, or the beginning of one.
 *
 * @param items   what came
 * @param missing what kept the rest from coming, or null where the list is whole
 */
public record Listed<T>(List<T> items, IOException missing) { }
