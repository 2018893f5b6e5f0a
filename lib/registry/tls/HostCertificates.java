package lib.registry.tls;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import lib.registry.settings.SettingsFolders;
import org.jspecify.annotations.Nullable;

/**
 * What docker, podman and containerd are told of a registry's certificates: in {@code certs.d/HOST[:PORT]}, any {@code .crt} file
 * holds authorities to trust, and a {@code .cert} file a certificate to show, whose {@code .key} file is beside it.
 *
 * @param authorities files with certificates
 * @param own         files with certificates to show to the registry, and their private keys
 * @see <a href="https://docs.docker.com/engine/security/certificates/">Docker, Verify repository client with certificates</a>
 */
public record HostCertificates(List<Path> authorities, List<Own> own) {

    /** A certificate to show, and its private key. Both may be one file. */
    public record Own(Path certificate, Path key) { }

    /** Returns what there is for a host, such as {@code registry.example.com:5000}. */
    static HostCertificates of(String host, SettingsFolders folders) {
        HostCertificates found = new HostCertificates(new ArrayList<>(), new ArrayList<>());
        for (Path folder : folders(host, folders)) {
            for (Path file : files(folder)) {
                String name = file.getFileName().toString();
                if (name.endsWith(".crt")) {
                    found.authorities.add(file);
                } else if (name.endsWith(".cert")) {
                    found.own.add(new Own(file, file.resolveSibling(name.replaceFirst("cert$", "key"))));
                }
            }
        }
        return found;
    }

    /** Adds others, if there are any, and returns these. */
    public HostCertificates and(@Nullable HostCertificates more) {
        if (more != null) {
            authorities.addAll(more.authorities);
            own.addAll(more.own);
        }
        return this;
    }

    /** Returns the folders that there may be for a host. Where a colon cannot be in a name, docker leaves it out and containerd writes {@code _5000_}; the port of HTTPS may be there or not. */
    public static List<Path> folders(String host, SettingsFolders folders) {
        List<Path> all = new ArrayList<>(folders.docker());
        all.addAll(folders.podman());
        all.addAll(folders.containerd());
        List<Path> found = new ArrayList<>();
        for (Path settings : all) {
            for (String name : names(host)) {
                Path folder = folder(settings.resolve("certs.d"), name);
                if (folder != null && !found.contains(folder)) {
                    found.add(folder);
                }
            }
        }
        return found;
    }

    private static List<String> names(String host) {
        List<String> names = new ArrayList<>();
        String without = host.replaceFirst(":443$", "");
        boolean hasPort = without.matches(".*:[0-9]+");
        for (String each : !without.equals(host) ? List.of(host, without) : hasPort ? List.of(host) : List.of(host, host + ":443")) {
            names.add(each);
            names.add(each.equals("registry-1.docker.io") ? "docker.io" : each.replaceFirst(":([0-9]+)$", "_$1_"));
            names.add(each.replace(":", ""));
        }
        return names;
    }

    private static @Nullable Path folder(Path parent, String name) {
        boolean mayBeThere = !name.contains(":") || parent.getFileSystem().getSeparator().equals("/");
        return mayBeThere && Files.isDirectory(parent.resolve(name)) ? parent.resolve(name) : null;
    }

    private static List<Path> files(Path folder) {
        String[] found = folder.toFile().list(); // null if this user may not look into it
        List<Path> files = new ArrayList<>();
        for (String name : found == null ? new String[0] : found) {
            files.add(folder.resolve(name));
        }
        Collections.sort(files);
        return files;
    }
}
