package lib.registry.tls;

import java.nio.file.Path;
import java.util.function.Consumer;
import lib.registry.settings.SettingsFolders;

/**
 * Whose certificates are trusted.
 *
 * @param cacert       certificates in PEM that are trusted beside those that Java and this machine trust, or null
 * @param folders where this machine keeps its settings
 * @param notice       is told what a person may want to know, a line each
 */
public record TlsSettings(Path cacert, SettingsFolders folders, Consumer<String> notice) { }
