package lib.registry.mirrors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.image.Reference;
import lib.registry.hosts.Endpoint;
import lib.registry.settings.WebAddress;
import lib.text.Json;
import org.jspecify.annotations.Nullable;

/**
 * Mirrors as the settings of the tools name them. What a form cannot say of a mirror keeps it out: the tool would ask another address, or without the
 * header that the mirror needs.
 *
 * @param text    the settings, "" without a mirror: those would take away what there is
 * @param leftOut the mirrors that are not in it, and why, a line each
 */
public record MirrorSettings(String text, List<String> leftOut) {
    /** Lists of mirrors come from anywhere, and what is printed is pasted into shells. */
    private static final String SAFE = "[A-Za-z0-9.:/%_~+\\[\\]-]+";

    private static final Pattern API = Pattern.compile("(.*?)/v2(/.*)?");

    /**
     * A mirror's address in parts.
     *
     * @param host   scheme, host and port
     * @param before what stands before {@code /v2}, or null if there is no such part
     * @param behind what stands between that and the repository's name
     */
    private record Address(Endpoint mirror, String host, @Nullable String before, String behind) {
        static Address of(Endpoint mirror, Reference image) {
            String more = mirror.repository().substring(0, Math.max(0, mirror.repository().length() - image.repository().length())).replaceFirst("/$", "");
            Matcher path = API.matcher(mirror.root().getRawPath());
            boolean isUsual = path.matches();
            String behind = isUsual && path.group(2) != null ? path.group(2) : "";
            return new Address(mirror, mirror.root().getScheme() + "://" + mirror.root().getRawAuthority(), isUsual ? path.group(1) : null, behind + (more.isEmpty() ? "" : "/" + more));
        }

        /** Returns whether nothing but {@code /v2} has to be added. */
        boolean isBase() {
            return before != null && behind.isEmpty();
        }
    }

    private interface Form {
        /** Returns whether this form can name a mirror. */
        boolean takes(Address mirror);
    }

    /** Returns the mirrors as HOST=URL, one a line. */
    public static MirrorSettings addresses(Reference image, List<Endpoint> mirrors) {
        List<String> leftOut = new ArrayList<>();
        List<Address> named = named(image, mirrors, leftOut, mirror -> mirror.isBase() && (mirror.host() + mirror.before()).matches(SAFE));
        return new MirrorSettings(String.join("\n", named.stream().map(mirror -> image.registry() + "=" + mirror.host() + mirror.before()).toList()), leftOut);
    }

    /**
     * Returns podman's registries.conf.
     *
     * @see <a href="https://github.com/containers/image/blob/v5.30.0/docs/containers-registries.conf.5.md">containers-registries.conf(5)</a>
     */
    public static MirrorSettings registriesConf(Reference image, List<Endpoint> mirrors) {
        List<String> leftOut = new ArrayList<>();
        StringBuilder text = new StringBuilder("[[registry]]\nprefix = %1$s\nlocation = %1$s\n".formatted(quoted(image.registry())));
        for (Address mirror : named(image, mirrors, leftOut, mirror -> "".equals(mirror.before()))) {
            text.append("\n[[registry.mirror]]\nlocation = ").append(quoted(mirror.host().replaceFirst("^https?://", "") + mirror.behind())).append('\n')
                    .append(mirror.mirror().insecure() || mirror.host().startsWith("http:") ? "insecure = true\n" : "");
        }
        return new MirrorSettings(text.indexOf("[[registry.mirror]]") < 0 ? "" : text.toString(), leftOut);
    }

    /**
     * Returns containerd's hosts.toml.
     *
     * @param registry the registry itself
     * @see <a href="https://github.com/containerd/containerd/blob/v1.7.0/docs/hosts.md">containerd, Registry Configuration</a>
     */
    public static MirrorSettings hostsToml(Reference image, List<Endpoint> mirrors, Endpoint registry) {
        List<String> leftOut = new ArrayList<>();
        StringBuilder text = new StringBuilder("# certs.d/" + image.registry() + "/hosts.toml\nserver = " + quoted(registry.base().toString()) + "\n");
        for (Address mirror : named(image, mirrors, leftOut, mirror -> true)) {
            String address = mirror.host() + (mirror.before() == null ? mirror.mirror().root().getRawPath() : mirror.before() + (mirror.isBase() ? "" : "/v2")) + mirror.behind();
            text.append("\n[host.").append(quoted(address)).append("]\n  capabilities = [\"pull\", \"resolve\"]\n")
                    .append(mirror.isBase() ? "" : "  override_path = true\n").append(mirror.mirror().insecure() ? "  skip_verify = true\n" : "");
        }
        return new MirrorSettings(text.indexOf("[host.") < 0 ? "" : text.toString(), leftOut);
    }

    /**
     * Returns docker's daemon.json, in which only Docker Hub has mirrors. Many versions do not start with a path in an address.
     *
     * @see <a href="https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file">dockerd, Daemon configuration file</a>
     */
    public static MirrorSettings daemonJson(Reference image, List<Endpoint> mirrors) {
        List<String> leftOut = new ArrayList<>();
        ObjectNode json = Json.newObject();
        json.putArray("registry-mirrors");
        for (Address mirror : named(image, mirrors, leftOut, mirror -> mirror.isBase() && mirror.before().isEmpty())) {
            json.withArray("registry-mirrors").add(mirror.host());
            if (mirror.mirror().insecure()) {
                json.withArray("insecure-registries").add(WebAddress.host(mirror.mirror().root()));
            }
        }
        return new MirrorSettings(json.path("registry-mirrors").isEmpty() ? "" : Json.text(json, true) + "\n", leftOut);
    }

    /** The values of headers may be secrets. */
    private static List<Address> named(Reference image, List<Endpoint> mirrors, List<String> leftOut, Form form) {
        List<Address> named = new ArrayList<>();
        for (Endpoint mirror : mirrors) {
            Address address = Address.of(mirror, image);
            boolean sameName = mirror.repository().equals(image.repository()) || mirror.repository().endsWith("/" + image.repository());
            if (!mirror.headers().isEmpty()) {
                leftOut.add(mirror.root() + " is left out: it is asked with headers of its own, which are not copied");
            } else if (!sameName || !form.takes(address)) {
                leftOut.add(mirror.root() + "/" + mirror.repository() + " is left out: an address like that cannot be named there");
            } else {
                named.add(address);
            }
        }
        return named;
    }

    /** TOML's basic strings have the escapes of JSON (TOML 1.0, String). */
    private static String quoted(String text) {
        return Json.text(TextNode.valueOf(text), false);
    }
}
