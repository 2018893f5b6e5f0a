package lib.registry.hosts;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import lib.registry.settings.SettingsFolders;

/**
 * Which hosts are asked for an image.
 *
 * @param folders where this machine keeps its settings
 * @param insecure     whether the registry may speak plain HTTP, and its certificate is not checked
 * @param mirrors      for a registry's host, the addresses to try before it, in order
 * @param notice       is told what a person may want to know, a line each
 */
public record HostSettings(SettingsFolders folders, boolean insecure, Map<String, List<URI>> mirrors, Consumer<String> notice) { }
