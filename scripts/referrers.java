///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.ReferrerCount;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.options.ImageOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PagesOption;
import lib.cli.options.TableOption;
import lib.cli.terminal.Table;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Manifest;
import lib.image.MediaType;
import lib.image.Origin;
import lib.image.Reference;
import lib.image.Referrer;
import lib.registry.Referrers;
import lib.registry.Registry;
import lib.store.ImageStore;
import lib.store.NamedImage;
import lib.text.Json;
import lib.text.Sizes;
import lib.transfer.Settings;
import lib.verb.ImageChoice;
import lib.verb.ImageSource;
import lib.verb.referrers.ImageReferrers;
import lib.verb.referrers.RegistryReferrers;
import lib.verb.referrers.StatedSigner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Lists what refers to an image, such as signatures and SBOMs
//DOCS ../docs/commands/referrers.md
//SOURCES ../lib/sources/referrers.java

/** Signatures and other artifacts are manifests of their own, which name the manifest they belong to as their subject; cosign's older ones have a tag made of its digest. */
@Command(name = "referrers", description = {"Lists what refers to an image, such as signatures and SBOMs.", "A tree on a terminal, an index in a pipe."},
        footer = {"", "Nothing of it is verified: see verify.", "", "Examples:", "  dray referrers ghcr.io/org/app:1 | jq -r '.manifests[].artifactType'",
                "  dray referrers --type application/spdx+json ghcr.io/org/app:1", "  dray referrers app.tar",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers"})
public final class referrers implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE|ARCHIVE|LAYOUT",
            description = "The image, or the index that its tag points to.")
    private String image;

    @Option(names = "--type", paramLabel = "TYPE",
            description = "List only artifacts of this type.")
    private String type;

    @Mixin
    private ImageOption chosen;

    @Mixin
    private PagesOption pages;

    @Mixin
    private TableOption form;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Override
    public Integer call() throws Exception {
        return ImageSource.isStore(image) ? ofStore() : ofRegistry();
    }

    private int ofStore() throws Exception {
        ImageStore store = ImageStore.open(Path.of(image), null, CommonOptions::warn);
        List<NamedImage> roots = ImageChoice.only(chosen.choice().of(store)).get(0).roots();
        Set<Digest> subjects = new LinkedHashSet<>();
        for (NamedImage root : roots) {
            root.above().forEach(index -> subjects.add(index.digest()));
            subjects.add(root.manifest().digest());
        }
        Origin origin = ImageSource.origin(roots.get(0), image);
        ImageReferrers source = ImageReferrers.of(store);
        ImageReferrers.Found found = source.all(subjects);
        found.left().forEach(CommonOptions::warn);
        if (form.isTable()) {
            Stage.print(new Tree(found.referrers(), source, new HashSet<>()).of(origin.reference(), subjects, type).getBytes(StandardCharsets.UTF_8));
            return 0;
        }
        ObjectNode index = Json.newObject().put("schemaVersion", 2).put("mediaType", MediaType.OCI_INDEX);
        ArrayNode entries = index.putArray("manifests");
        found.referrers().stream().filter(one -> subjects.contains(one.subject()) && (type == null || type.equals(one.artifactType()))).forEach(one -> entries.add(entry(one)));
        addBelow(entries, source);
        new Stage(origin, index).print();
        return 0;
    }

    private int ofRegistry() throws Exception {
        chosen.refuse(image);
        boolean isTree = form.isTable();
        Reference reference = RemoteNames.of(image);
        Registry registry = new Registry(reference, network.network());
        ImageReferrers source = RegistryReferrers.of(registry, new Settings(network.retries(), CommonOptions::warn));
        Digest digest = reference.digest() != null ? reference.digest() : registry.describe().digest();
        if (isTree) {
            ImageReferrers.Found found = source.all(List.of(digest));
            found.left().forEach(CommonOptions::warn);
            Stage.print(new Tree(found.referrers(), source, new HashSet<>()).of(reference, Set.of(digest), type).getBytes(StandardCharsets.UTF_8));
            return 0;
        }
        Referrers.Found found = Referrers.of(registry, digest, type, pages.bounds());
        ArrayNode entries = found.index().withArray("manifests");
        for (String ending : ImageReferrers.ENDINGS) {
            Optional<Manifest> tagged = Referrers.underTag(registry, digest, ending, true);
            ObjectNode entry = tagged.isEmpty() ? null : entry(new Referrer(digest, tagged.get(), digest.referrersTag() + ending));
            if (entry != null && (type == null || type.equals(entry.path("artifactType").asText()))) {
                entries.add(entry);
            }
        }
        addBelow(entries, source);
        new Stage(registry.origin(digest, null), found.index()).print();
        return pages.report("referrers", entries.size(), found.missing());
    }

    private static ObjectNode entry(Referrer referrer) {
        ObjectNode entry = referrer.manifest().descriptor().put("artifactType", referrer.artifactType());
        return referrer.tag().isEmpty() ? entry : entry.put("tag", referrer.tag());
    }

    /** What refers to one of these stands in it, in a list of its own. */
    private static void addBelow(ArrayNode entries, ImageReferrers source) throws IOException {
        Map<Digest, ObjectNode> byDigest = new LinkedHashMap<>();
        for (JsonNode entry : entries) {
            if (entry.has("digest")) {
                byDigest.put(Descriptor.of(entry, "an entry of the list of referrers").digest(), (ObjectNode) entry);
            }
        }
        ImageReferrers.Found found = source.all(byDigest.keySet());
        found.left().forEach(CommonOptions::warn);
        for (Referrer referrer : found.referrers()) {
            ObjectNode entry = entry(referrer);
            byDigest.get(referrer.subject()).withArray("referrers").add(entry);
            byDigest.putIfAbsent(referrer.manifest().digest(), entry);
        }
    }

    /** A line for each, below what it refers to. */
    private record Tree(List<Referrer> referrers, ImageReferrers source, Set<Digest> shown) {
        String of(Reference image, Set<Digest> subjects, String type) throws IOException {
            Table table = new Table("WHAT", "DIGEST", "TYPE", "SIZE", "CREATED", "SAYS IT IS BY");
            for (Digest digest : subjects) {
                table.row(image.familiarName(), digest.algorithm() + ":" + digest.shortHex(), "", "", "", "");
                add(digest, "", type, table);
            }
            return table.toString();
        }

        private void add(Digest subject, String indent, String type, Table table) throws IOException {
            List<Referrer> here = referrers.stream().filter(one -> one.subject().equals(subject) && (type == null || type.equals(one.artifactType()))).toList();
            for (Referrer referrer : here) {
                boolean isLast = referrer == here.get(here.size() - 1);
                Digest digest = referrer.manifest().digest();
                String created = referrer.manifest().json().path("annotations").path("org.opencontainers.image.created").asText();
                table.row(indent + (isLast ? "└─ " : "├─ ") + ReferrerCount.of(List.of(referrer)).replaceFirst("^1 ", ""), digest.algorithm() + ":" + digest.shortHex(),
                        referrer.artifactType(), size(referrer), created, StatedSigner.of(referrer, source));
                if (shown.add(digest)) { // what refers to itself, by whatever way, is shown once
                    add(digest, indent + (isLast ? "   " : "│  "), null, table);
                }
            }
        }

        private static String size(Referrer referrer) {
            try {
                return Sizes.of(referrer.manifest().bytes().length + Descriptor.total(referrer.blobs()));
            } catch (WrongContentException e) {
                return "?"; // it contradicts itself
            }
        }
    }

    public static void main(String... args) {
        Cli.run(new referrers(), args);
    }
}
