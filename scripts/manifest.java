///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.image.Choice;
import lib.image.Descriptor;
import lib.image.Manifest;
import lib.image.Reference;
import lib.registry.Registry;
import lib.text.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Prints the manifest of an image: its config and its layers
//DOCS ../docs/commands/manifest.md
//SOURCES ../lib/sources/manifest.java

/**
 * A manifest is a short JSON text that lists the config and the layers of an image by their digests.
 * The request is {@code GET /v2/NAME/manifests/REFERENCE}, with a header Accept that names the types of manifests, and is answered by 200:
 * {@code Registry.manifest} has it from the page of all requests, {@code lib/registry/api/Api.java}.
 * A tag mostly leads to an index first, which lists a manifest for each platform: the one that fits is then asked for by its digest.
 */
@Command(name = "manifest", description = "Prints the manifest of an image: its config and its layers.",
        footer = {"", "Examples:", "  dray manifest nginx:alpine | jq '.layers[].size'", "  dray manifest --platform all nginx | jq '.manifests[].platform'",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-manifests"})
public final class manifest implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE", arity = "0..1",
            description = {"The image's name.", "Without one, the JSON of 'token' is read from stdin."})
    private String image;

    @Option(names = "--raw",
            description = {"Print the registry's bytes untouched.", "sha256sum gives the digest then."})
    private boolean raw;

    @Option(names = "--head",
            description = {"Print only type, digest and size.", "By a request (HEAD) that registries do not count as a pull."})
    private boolean head;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Override
    public Integer call() throws Exception {
        Stage stage = RemoteNames.stage(image);
        Reference reference = stage.origin().reference();
        Registry registry = new Registry(reference, network.network());
        if (stage.json() != null) {
            registry.useToken(stage.json(), stage.origin().endpoint());
        }
        if (head) {
            Descriptor there = registry.describe();
            ObjectNode json = Json.newObject().put("mediaType", there.mediaType()).put("digest", there.digest().toString()).put("size", there.size());
            new Stage(registry.origin(there.digest(), null), json).print();
            return 0;
        }
        Manifest named = registry.manifest(reference.tagOrDigest());      // GET /v2/NAME/manifests/REFERENCE: a manifest, or an index
        Choice chosen = platform.isAll()
                ? new Choice(named, null, null, List.of())
                : registry.choose(named, platform.platform());            // of an index: GET /v2/NAME/manifests/DIGEST, for the platform
        Manifest manifest = chosen.manifest();
        if (raw) {
            Stage.printJson(manifest.bytes());
        } else {
            new Stage(registry.origin(manifest.digest(), chosen.platform()), manifest.json()).print();
        }
        return 0;
    }

    public static void main(String... args) {
        Cli.run(new manifest(), args);
    }
}
