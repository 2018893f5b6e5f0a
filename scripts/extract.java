///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.NetworkOptions;
import lib.cli.PlatformOption;
import lib.cli.Sizes;
import lib.cli.Stage;
import lib.cli.TransferOptions;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.Json;
import lib.image.Manifest;
import lib.image.WrongContent;
import lib.registry.Registry;
import lib.store.ArchiveWriter;
import lib.store.ImageStore;
import lib.store.RootFs;
import lib.transfer.BlobStream;
import lib.transfer.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
// HotSpot's second compiler would take a quarter of the whole time for code that is no hot spot; it is left what runs very often, such as hashing.
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmn32m -Dsun.jnu.encoding=UTF-8
//RUNTIME_OPTIONS -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000
//DESCRIPTION Makes a root file system of an image, or takes files out of it
//SOURCES ../lib/cli/Cli.java
//SOURCES ../lib/cli/CommonOptions.java
//SOURCES ../lib/cli/NetworkOptions.java
//SOURCES ../lib/cli/PlatformOption.java
//SOURCES ../lib/cli/Sizes.java
//SOURCES ../lib/cli/Stage.java
//SOURCES ../lib/cli/TransferOptions.java
//SOURCES ../lib/image/Descriptor.java
//SOURCES ../lib/image/Digest.java
//SOURCES ../lib/image/Json.java
//SOURCES ../lib/image/Manifest.java
//SOURCES ../lib/image/WrongContent.java
//SOURCES ../lib/registry/Registry.java
//SOURCES ../lib/store/ArchiveWriter.java
//SOURCES ../lib/store/ImageStore.java
//SOURCES ../lib/store/RootFs.java
//SOURCES ../lib/transfer/BlobStream.java
//SOURCES ../lib/transfer/Settings.java

/**
 * A root file system is the layers of an image applied one over the other, the lowest first.
 * They come from a registry as they are needed, or out of a layout or an archive.
 */
@Command(name = "extract", description = "Applies the layers of an image to an empty folder: all files, or those named.",
        footer = {"", "Examples:", "  jbang extract nginx_alpine.tar -C rootfs", "  jbang extract nginx:alpine etc/nginx/nginx.conf -C conf",
                "", "Specification: https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md"})
public final class extract implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "IMAGE|LAYOUT|ARCHIVE", arity = "0..1",
            description = "Where from; without it, or as -, the JSON of 'manifest' or 'blob' is read from stdin.")
    private String source;

    @Parameters(index = "1..*", paramLabel = "PATH", arity = "0..*", description = "Only these, and what is below them.")
    private List<String> paths = new ArrayList<>();

    @Option(names = {"-C", "--directory"}, paramLabel = "FOLDER", required = true, description = "The folder to fill; it is made where there is none.")
    private Path folder;

    @Option(names = "--max-size", paramLabel = "SIZE",
            description = "Unpack no more than this, such as 20G (default: 100 times the size of the layers, and 1G in any case).")
    private String maxSize;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private TransferOptions transfer;

    /** An image, how to get at its blobs, and whether somebody may have edited its manifest. */
    private record Source(Manifest manifest, ArchiveWriter.Blobs blobs, boolean edited) { }

    @Override
    public Integer call() throws Exception {
        Long allowed = maxSize == null ? null : Sizes.parse("--max-size", maxSize);
        Source image = source();
        List<Descriptor> layers = image.manifest.layers();
        List<Digest> diffIds = diffIds(image);
        long most = allowed == null ? RootFs.usualLimit(layers) : allowed;
        RootFs.Report made = RootFs.into(folder, paths).apply(layers, diffIds, image.blobs, most);
        common.say("wrote " + made.entries() + " entries to " + made.folder());
        made.leftOut().forEach(common::say);
        return 0;
    }

    private Source source() throws Exception {
        if (source != null && !source.equals("-") && isStore(Path.of(source))) {
            ImageStore store = ImageStore.open(Path.of(source));
            return new Source(store.images(platform.platform()).get(0).manifest(), store::blob, false);
        }
        Stage stage = Stage.of(source);
        if (stage.json() == null) {
            Registry registry = new Registry(stage.origin().reference(), network.network());
            return new Source(registry.manifest(platform.platform()).manifest(), blobsOf(registry), false);
        }
        Manifest manifest = Manifest.parse(Json.bytes(stage.json()), null);
        return new Source(manifest, stage.origin().layout() != null
                ? ImageStore.open(Path.of(stage.origin().layout()))::blob
                : blobsOf(new Registry(stage.origin().reference(), network.network())), true);
    }

    private static boolean isStore(Path path) {
        return Files.isRegularFile(path) || Files.exists(path.resolve("index.json"));
    }

    private ArchiveWriter.Blobs blobsOf(Registry registry) {
        Settings settings = transfer.settings(common, network);
        return blob -> new BlobStream(registry, blob, settings);
    }

    /** Returns the digests that the uncompressed layers must have, by the config; nulls where somebody left layers out of the manifest. */
    private static List<Digest> diffIds(Source image) throws Exception {
        try (InputStream in = image.blobs.open(image.manifest.config())) {
            return image.manifest.diffIds(in.readNBytes(Registry.LONGEST_MANIFEST));
        } catch (WrongContent e) {
            if (image.edited) {
                return Collections.nCopies(image.manifest.layers().size(), null);
            }
            throw e;
        }
    }

    public static void main(String... args) {
        Cli.run(new extract(), args);
    }
}
