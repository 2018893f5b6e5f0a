package lib.registry.mirrors;

import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import lib.image.Reference;
import lib.registry.hosts.Endpoint;
import lib.registry.settings.DockerHub;
import lib.text.Json;

/** Settings by which images are taken from the registry that they were brought to, under the names that manifests have. */
public final class FarSideSettings {
    /** The forms that there are, as their users call them. */
    public static final List<String> FORMS = List.of("registries.conf", "hosts.toml", "idms", "kustomize");

    private final Map<Reference, Reference> targets;
    /** One image of each registry. */
    private final Map<String, Reference> registries = new LinkedHashMap<>();
    private final URI address;
    private final boolean insecure;

    /**
     * @param targets  where each image was brought to, which has the same path there, behind a prefix that all have
     * @param address  the address of that registry, before {@code /v2}
     * @param insecure whether it may show a certificate that nobody signed
     */
    public FarSideSettings(Map<Reference, Reference> targets, URI address, boolean insecure) {
        this.targets = targets;
        this.address = address;
        this.insecure = insecure;
        targets.keySet().forEach(image -> registries.putIfAbsent(image.registry(), image));
    }

    /** Returns the settings in one of the forms. */
    public String in(String form) {
        return switch (form) {
            case "registries.conf" -> registries.values().stream().map(image -> MirrorSettings.registriesConf(image, List.of(mirror(image))).text()).collect(Collectors.joining("\n"));
            case "hosts.toml" -> hostsToml();
            case "idms" -> mirrorSets();
            default -> kustomization();
        };
    }

    private Endpoint mirror(Reference image) {
        return endpoint(URI.create(address.toString().replaceFirst("/+$", "") + "/v2"), targets.get(image).repository());
    }

    private Endpoint endpoint(URI root, String repository) {
        return new Endpoint(root, repository, null, false, insecure, true, true, true, Map.of(), "");
    }

    /** A file is for one registry. For several there is one that holds for all that have none of their own. */
    private String hostsToml() {
        Reference image = registries.values().iterator().next();
        URI server = URI.create("https://" + (image.registry().equals(Reference.DOCKER_HUB) ? DockerHub.API_HOST : image.registry()) + "/v2");
        String text = MirrorSettings.hostsToml(image, List.of(mirror(image)), endpoint(server, image.repository())).text();
        return registries.size() == 1 ? text : "# certs.d/_default/hosts.toml, for " + String.join(", ", registries.keySet()) + " and all others\n" + text.substring(text.indexOf("\n[host") + 1);
    }

    /** Digests and tags have a kind each (OpenShift, config.openshift.io/v1). */
    private String mirrorSets() {
        StringBuilder text = new StringBuilder();
        for (String what : List.of("Digest", "Tag")) {
            text.append("apiVersion: config.openshift.io/v1\nkind: Image").append(what).append("MirrorSet\nmetadata:\n  name: dray\nspec:\n  image").append(what).append("Mirrors:\n");
            for (Reference image : registries.values()) {
                String target = targets.get(image).registry() + "/" + targets.get(image).repository();
                String mirror = target.substring(0, target.length() - image.repository().length() - 1);
                text.append("  - source: ").append(quoted(image.registry())).append("\n    mirrors:\n    - ").append(quoted(mirror)).append('\n');
            }
            text.append(what.equals("Digest") ? "---\n" : "");
        }
        return text.toString();
    }

    /** kustomize goes by names as they are written, and those of Docker Hub are written in several ways. */
    private String kustomization() {
        Map<String, String> names = new LinkedHashMap<>();
        targets.forEach((image, target) -> spellings(image).forEach(name -> names.putIfAbsent(name, target.registry() + "/" + target.repository())));
        List<String> entries = new ArrayList<>();
        names.forEach((name, target) -> entries.add("- name: " + quoted(name) + "\n  newName: " + quoted(target) + "\n"));
        return "# name the folder of this file kustomization.yaml under components: in your own\napiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nimages:\n" + String.join("", entries);
    }

    private static Set<String> spellings(Reference image) {
        Reference repository = new Reference(image.registry(), image.repository(), null, null);
        Set<String> names = new LinkedHashSet<>(List.of(repository.familiarName()));
        if (image.registry().equals(Reference.DOCKER_HUB)) {
            names.add(image.repository());
            names.add(image.registry() + "/" + repository.familiarName());
        }
        names.add(repository.toString());
        return names;
    }

    /** A text in JSON is one in YAML. */
    private static String quoted(String text) {
        return Json.text(TextNode.valueOf(text), false);
    }
}
