package lib.registry.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import lib.failure.WrongContentException;
import lib.file.AtomicFile;
import lib.file.SmallFile;
import lib.image.Reference;
import lib.registry.settings.UsernamePassword;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * Docker's {@code config.json}, changed as docker itself changes it: a login goes to the helper that the file names for the registry,
 * or else into {@code auths}, in Base64, which anybody can read. Everything else in the file stays.
 *
 * @param file where it is, or is to be
 * @see <a href="https://docs.docker.com/reference/cli/docker/login/#credential-stores">docker login, Credential stores</a>
 */
public record CredentialStore(Path file) {
    /** What an entry may hold a login in; docker also keeps an e-mail address there. */
    private static final List<String> LOGIN = List.of("auth", "username", "password", "identitytoken", "registrytoken");

    /**
     * Returns the registry's host as names of images have it: {@code docker.io} for Docker Hub, whatever docker calls it.
     *
     * @throws IllegalArgumentException if no name of an image could begin with it
     */
    public static String host(String text) {
        String host = text.replaceFirst("^https?://", "").replaceFirst("(/v[12])?/*$", "");
        if (host.contains("/") || !Reference.hasHost(host + "/")) {
            throw new IllegalArgumentException("'" + text + "' is not a registry's host, such as ghcr.io or localhost:5000");
        }
        return Reference.parse(host.toLowerCase(Locale.ROOT) + "/any").registry();
    }

    /**
     * Stores a login in place of what was there for the registry.
     *
     * @param registry its host, {@code docker.io} for Docker Hub
     * @return the helper that has it, or null if the file has it itself
     * @throws IOException if that fails: then the file is as before
     */
    public @Nullable String store(String registry, UsernamePassword login) throws IOException {
        ObjectNode config = read();
        ChosenHelper helper = ChosenHelper.of(config, registry);
        if (helper != null) {
            with(helper, () -> CredentialHelper.store(helper.program(), helper.servers().get(0), login));
        }
        ObjectNode auths = config.path("auths").isObject() ? (ObjectNode) config.path("auths") : config.putObject("auths");
        String key = AuthKeys.servers(registry).get(0);
        ObjectNode entry = auths.path(key).isObject() ? (ObjectNode) auths.path(key) : Json.newObject();
        entry.remove(LOGIN);
        if (helper == null) {
            entry.put("auth", Base64.getEncoder().encodeToString((login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8)));
        }
        auths.remove(AuthKeys.fitting(auths, registry)); // an older way to write the same host would come first
        auths.set(key, entry); // also with a helper, and empty, as docker has it
        write(config);
        return helper == null ? null : helper.program();
    }

    /**
     * Removes the login that is stored for a registry.
     *
     * @return the helper and the file that had it, as far as they did
     * @throws IOException if that fails
     */
    public List<String> remove(String registry) throws IOException {
        ObjectNode config = read();
        List<String> had = new ArrayList<>();
        ChosenHelper helper = ChosenHelper.of(config, registry);
        for (String server : helper == null ? List.<String>of() : helper.servers()) {
            with(helper, () -> {
                if (CredentialHelper.get(helper.program(), server) != null) {
                    CredentialHelper.erase(helper.program(), server);
                    had.add(helper.program());
                }
            });
        }
        if (config.path("auths") instanceof ObjectNode auths) {
            List<String> keys = AuthKeys.fitting(auths, registry);
            if (keys.stream().anyMatch(key -> LOGIN.stream().anyMatch(auths.path(key)::has))) {
                had.add(file.toString());
            }
            auths.remove(keys);
            if (!keys.isEmpty()) {
                write(config);
            }
        }
        return had;
    }

    private ObjectNode read() throws IOException {
        if (Files.notExists(file)) {
            return Json.newObject();
        }
        try {
            byte[] bytes = SmallFile.read(file, AuthFile.LARGEST);
            return new String(bytes, StandardCharsets.UTF_8).isBlank() ? Json.newObject() : Json.object(bytes, "the file");
        } catch (WrongContentException e) {
            throw new FileSystemException(file.toString(), null, "is not a JSON object, and is left as it is"); // the exception's message repeats a part of it
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new FileSystemException(file.toString(), null, e.getMessage());
        }
    }

    /** Where the name is a link, as to a folder of somebody's settings, the file behind it is replaced. */
    private void write(ObjectNode config) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        boolean hasRights = target.getFileSystem().supportedFileAttributeViews().contains("posix");
        Files.createDirectories(target.getParent(), hasRights
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))} : new FileAttribute<?>[0]);
        AtomicFile.writeForOwner(target, out -> out.write((Json.text(config, true) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private interface Step {
        void take() throws IOException;
    }

    /** Says which helper it is that fails. */
    private void with(ChosenHelper helper, Step step) throws IOException {
        try {
            step.take();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new FileSystemException(helper.program() + ", named in " + file, null, e.getMessage());
        }
    }
}
