package lib.registry.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import lib.file.SmallFile;
import lib.image.Reference;
import lib.registry.settings.SettingsFolders;
import lib.registry.settings.Toml;
import org.jspecify.annotations.Nullable;

/**
 * Names without a host, as people write them. Where podman's settings have an alias for one, {@code fedora} is
 * {@code registry.fedoraproject.org/fedora}; all others are Docker Hub's. Only for what people write: a name that comes from
 * elsewhere is not looked up.
 *
 * @see <a href="https://github.com/containers/image/blob/v5.30.0/docs/containers-registries.conf.5.md">containers-registries.conf(5), short-name aliasing</a>
 */
public final class ShortNames {
    private ShortNames() { }

    /**
     * Returns the reference that a person means by this text, with the text's tag and digest.
     *
     * @param notice is told of the alias that was used, and of files that cannot be read, a line each
     * @throws IllegalArgumentException that says which part of the text, or of its alias, is wrong
     */
    public static Reference parse(String text, SettingsFolders folders, Consumer<String> notice) {
        Reference plain = Reference.parse(text);
        if (Reference.hasHost(text)) {
            return plain;
        }
        String name = text.replaceFirst("[:@].*", "");
        for (Path file : files(folders)) {
            String alias = alias(name, file, notice);
            if (alias != null) {
                return alias.isEmpty() ? plain : replaced(plain, name, alias, text.substring(name.length()), file, notice);
            }
        }
        return plain;
    }

    /** Returns the files that may have aliases. The first that has a name decides: podman's own list of what it was told on a terminal, then its settings, the later ones before the earlier. */
    private static List<Path> files(SettingsFolders folders) {
        List<Path> settings = new ArrayList<>(PodmanRegistriesConf.files(folders));
        settings.add(folders.podmanCache().resolve("short-name-aliases.conf"));
        Collections.reverse(settings);
        return settings;
    }

    /** Returns what a file has for a name, which is empty where it switches an earlier alias off; null if it has nothing. */
    private static @Nullable String alias(String name, Path file, Consumer<String> notice) {
        try {
            if (!Files.isReadable(file)) {
                return null;
            }
            String text = new String(SmallFile.read(file, Toml.LARGEST), StandardCharsets.UTF_8);
            if (!text.contains("aliases") || !text.contains(name)) { // most files have no alias for it, and need not be read as TOML
                return null;
            }
            JsonNode alias = Toml.parse(text).path("aliases").get(name);
            return alias == null ? null : alias.isTextual() ? alias.textValue() : alias.toString();
        } catch (IOException e) {
            notice.accept("warning: " + file + " is skipped: " + e.getMessage());
            return null;
        }
    }

    private static Reference replaced(Reference plain, String name, String alias, String tagAndDigest, Path file, Consumer<String> notice) {
        if (!Reference.hasHost(alias) || alias.contains("@") || alias.lastIndexOf(':') > alias.lastIndexOf('/')) {
            throw new IllegalArgumentException("the alias of '" + name + "' in " + file + " is '" + alias + "': it must be HOST/REPOSITORY, without a tag or digest");
        }
        Reference full;
        try {
            full = Reference.parse(alias + tagAndDigest);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the alias of '" + name + "' in " + file + ": " + e.getMessage(), e);
        }
        if (!full.equals(plain)) { // a list of aliases also has the names that mean the same without it
            notice.accept(name + " is short for " + full.registry() + "/" + full.repository() + " (" + file + ")");
        }
        return full;
    }
}
