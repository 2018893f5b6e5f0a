package lib.registry.tls;

import java.nio.file.Path;
import java.util.function.Consumer;
import lib.registry.settings.SettingsFolders;
import org.jspecify.annotations.Nullable;

/**
 * Whose certificates are trusted.
 *
 * @param cacert  certificates in PEM that are trusted beside those that Java and this machine trust; null for none
 * @param folders where this machine keeps its settings
 * @param notice  is told what a person may want to know, a line each
 */
public record TlsSettings(@Nullable Path cacert, SettingsFolders folders, Consumer<String> notice) { }
