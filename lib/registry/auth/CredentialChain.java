package lib.registry.auth;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import lib.registry.auth.CredentialSource.Found;
import lib.registry.settings.SettingsFolders;
import org.jspecify.annotations.Nullable;

/**
 * The sources of credentials, in this order: what was given for this command, the variables DRAY_TOKEN,
 * DRAY_USERNAME and DRAY_PASSWORD, docker's files, podman's. The first with credentials for the image is used.
 * None is read until a registry asks.
 */
public final class CredentialChain {
    private final @Nullable Credential given;
    private final boolean anonymous;
    private final Map<String, String> variables;
    private final String prefix;
    private final Consumer<String> notice;
    private final Map<String, List<CredentialSource>> found = new HashMap<>();
    private final Map<String, CredentialSource> helpers = new HashMap<>();
    private final Set<String> warned = new HashSet<>();

    /**
     * @param given     the credentials given for this command, or null
     * @param anonymous whether all sources are ignored
     * @param variables the environment, such as {@code System.getenv()}
     * @param notice    is told of what is damaged, missing or refused: a line each, once
     */
    public CredentialChain(@Nullable Credential given, boolean anonymous, Map<String, String> variables, Consumer<String> notice) {
        this(given, anonymous, "DRAY_", variables, notice);
    }

    private CredentialChain(@Nullable Credential given, boolean anonymous, String prefix, Map<String, String> variables, Consumer<String> notice) {
        this.given = given;
        this.anonymous = anonymous;
        this.prefix = prefix;
        this.variables = variables;
        this.notice = notice;
    }

    /**
     * Returns the sources for the registry that images are copied from, when a login of this command is for the one that they go to:
     * DRAY_FROM_TOKEN, DRAY_FROM_USERNAME and DRAY_FROM_PASSWORD instead of the variables of that one, and the same files.
     */
    public static CredentialChain ofSource(@Nullable Credential given, boolean anonymous, Map<String, String> variables, Consumer<String> notice) {
        return new CredentialChain(given, anonymous, "DRAY_FROM_", variables, notice);
    }

    /**
     * Returns the sources that were asked for {@code HOST/REPOSITORY}, in order, up to the first that has credentials: those are used.
     *
     * @throws InterruptedIOException if the thread is interrupted while a helper is asked
     */
    public synchronized List<CredentialSource> sources(String name) throws InterruptedIOException {
        return sources(name, false);
    }

    /** Returns what to use for {@code HOST/REPOSITORY}, or null. */
    synchronized @Nullable Credential of(String name) throws InterruptedIOException {
        return loginOf(sources(name, false));
    }

    /** Returns what to use at a mirror, or null: what the user gave for a registry does not go there, what the files say of the mirror does. */
    synchronized @Nullable Credential ofMirror(String name) throws InterruptedIOException {
        return loginOf(sources(name, true));
    }

    /** Returns whether all sources are ignored. */
    boolean isAnonymous() {
        return anonymous;
    }

    /** Says something, unless it was said before. */
    synchronized void warn(String line) {
        if (warned.add(line)) {
            notice.accept(line);
        }
    }

    private @Nullable Credential loginOf(List<CredentialSource> sources) {
        Credential login = null;
        for (CredentialSource source : sources) {
            login = source.login();
            if (source.found() == Found.TROUBLE) {
                warn("warning: " + source.name() + ": " + source.says());
            }
        }
        return login;
    }

    private List<CredentialSource> sources(String name, boolean mirror) throws InterruptedIOException {
        String key = mirror + " " + name;
        if (!found.containsKey(key)) {
            found.put(key, List.copyOf(look(name, mirror)));
        }
        return found.get(key);
    }

    private List<CredentialSource> look(String name, boolean mirror) throws InterruptedIOException {
        List<CredentialSource> sources = new ArrayList<>();
        if (anonymous) {
            sources.add(new CredentialSource("an option", "says that no credentials are to be used", Found.NOTHING, null));
            return sources;
        }
        if (!mirror) {
            sources.add(given != null ? new CredentialSource(given.source(), "gives " + given.what(), Found.LOGIN, given) : environment());
        }
        for (Path file : files()) {
            if (!sources.isEmpty() && sources.get(sources.size() - 1).login() != null) {
                break;
            }
            if (file.toString().equals(variables.get("REGISTRY_AUTH_FILE")) && Files.notExists(file)) {
                sources.add(new CredentialSource(file.toString(), "does not exist, though REGISTRY_AUTH_FILE names it", Found.TROUBLE, null));
            } else {
                sources.addAll(AuthFile.look(file, name, helpers));
            }
        }
        return sources;
    }

    private CredentialSource environment() {
        String source = "the environment";
        Credential login = null;
        String token = prefix + "TOKEN";
        String user = prefix + "USERNAME";
        String password = prefix + "PASSWORD";
        if (set(token)) {
            login = Credential.ofToken(variables.get(token).strip(), token, true);
        } else if (set(user) && set(password)) {
            login = Credential.ofPassword(variables.get(user), variables.get(password), user + " and " + password, true);
        } else if (set(user) || set(password)) {
            return new CredentialSource(source, "has only one of " + user + " and " + password + ": both are needed", Found.TROUBLE, null);
        }
        return login == null
                ? new CredentialSource(source, "has neither " + token + " nor " + user, Found.ABSENT, null)
                : new CredentialSource(login.source(), "gives " + login.what(), Found.LOGIN, login);
    }

    /** Docker's file, then podman's: REGISTRY_AUTH_FILE replaces all of podman's others. */
    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        boolean windows = File.separatorChar == '\\';
        Path home = Path.of(set("HOME") && !windows ? variables.get("HOME") : System.getProperty("user.home"));
        files.add(new SettingsFolders(variables).dockerConfig());
        if (set("REGISTRY_AUTH_FILE")) {
            files.add(Path.of(variables.get("REGISTRY_AUTH_FILE")));
            return files;
        }
        Path runtime = set("XDG_RUNTIME_DIR") ? Path.of(variables.get("XDG_RUNTIME_DIR"), "containers") : runtimeFolder();
        if (runtime != null) {
            files.add(runtime.resolve("auth.json"));
        }
        Path config = set("XDG_CONFIG_HOME") ? Path.of(variables.get("XDG_CONFIG_HOME")) : home.resolve(".config");
        files.add(config.resolve("containers/auth.json"));
        return files;
    }

    /** Where podman keeps its file for users without XDG_RUNTIME_DIR, such as root; null if there is no such folder. */
    private static @Nullable Path runtimeFolder() {
        Path all = Path.of("/run/containers");
        try {
            return Files.isDirectory(all) ? all.resolve(Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString()) : null;
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    private boolean set(String variable) {
        return !variables.getOrDefault(variable, "").isEmpty();
    }
}
