///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.Target;
import lib.cli.copy.FarSideOption;
import lib.cli.copy.FromOptions;
import lib.cli.haul.HaulReport;
import lib.cli.haul.VolumeOptions;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.ReferrersOption;
import lib.cli.options.TableOption;
import lib.cli.options.TransferOptions;
import lib.cli.options.VerifyKeyOption;
import lib.crypto.boringssl.NativeProvider;
import lib.file.SmallFile;
import lib.haul.Earlier;
import lib.haul.Found;
import lib.haul.FoundImage;
import lib.haul.Haul;
import lib.haul.HaulCopy;
import lib.haul.HaulPlan;
import lib.haul.HaulPull;
import lib.haul.LastRate;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.settings.SettingsFolders;
import lib.store.format.Format;
import lib.store.volume.VolumeChoice;
import lib.transfer.Settings;
import lib.verb.ImagePull;
import lib.verb.ImagePush;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmn16m -Xlog:disable -Xlog:all=warning:stderr -XX:CompileThresholdScaling=3
//DESCRIPTION Carries a list of images, by version, to a file or a registry
//DOCS ../docs/commands/sync.md
//SOURCES ../lib/sources/sync.java

/** What has to cross an air gap every week: a list of images, those that it leads to now, and a lock file that says which these were. */
@Command(name = "sync", description = {"Carries a list of images, by version, to a file or a registry.", "JSON in a pipe."},
        footer = {"", "Examples:", "  dray sync --dry-run images.yaml -o week1.tar",
                "  dray sync images.yaml -o week2.tar --since week1.lock.json", "  dray sync images.yaml --to registry.example.com/mirror",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull"})
public final class sync implements Callable<Integer> {
    /** The size that a list may have, in MiB. */
    private static final int LARGEST = 16;

    @Parameters(paramLabel = "FILE", description = {"The list: names, one per line, or YAML; - for stdin.", "docs/reference.md shows all that YAML may say."})
    private String file;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = {"The archive to write; FOLDER/ for a layout.", "Images that are not for one platform make it an OCI archive, which docker load may not read."})
    private String output;

    @Option(names = "--to", paramLabel = "HOST[/PREFIX]",
            description = {"Push them to this registry, instead.", "Under their own names, with this instead of their registries, and without a file here; by default for all platforms."})
    private String to;

    @Option(names = "--replace-index",
            description = "Let one platform replace an index under the tag.")
    private boolean replaceIndex;

    @Option(names = "--since", paramLabel = "OLD",
            description = {"Skip the blobs that OLD has; may be repeated.",
                "OLD is an archive, a layout, or the lock file of an earlier run: what the other side has already. There, assemble OLD DELTA -o FULL makes a complete archive."})
    private List<Path> since = new ArrayList<>();

    @Option(names = "--lock", paramLabel = "FILE",
            description = {"Where to record the digests.", "The default is named after the archive, or with --to after the list: all.lock.json for all.tar."})
    private Path lock;

    @Option(names = "--locked",
            description = {"Take exactly the images of the lock file.", "It fails if the list does not fit the lock file, or one of the images is gone."})
    private boolean locked;

    @Option(names = "--dry-run", description = {"Show what would be fetched, and write nothing.", "Only manifests are requested."})
    private boolean dryRun;

    @Mixin
    private VolumeOptions volumes;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private ReferrersOption referrers;

    @Mixin
    private TableOption table;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private TransferOptions transfer;

    @Mixin
    private VerifyKeyOption verifyKey;

    @Mixin
    private FromOptions from;

    @Mixin
    private FarSideOption farSide;

    private final Failures failures = new Failures();
    private int asked;
    private Settings settings;
    private LastRate rate;
    private HaulReport report;
    private VolumeChoice cut;

    @Override
    public Integer call() throws Exception {
        NativeProvider.offer(common::debug);
        boolean isTable = table.isTable();
        boolean printsSettings = farSide.isGiven(to != null);
        if ((output == null) == (to == null)) {
            throw new IllegalArgumentException("where to? Use -o FILE, -o FOLDER/, or --to HOST[/PREFIX]");
        }
        rate = new LastRate(new SettingsFolders(System.getenv()));
        boolean isLayout = output != null && output.endsWith("/");
        cut = volumes.choice(locked, to == null && !isLayout);
        report = new HaulReport(isTable, rate.bytesPerSecond(), dryRun, cut, common);
        settings = transfer.settings(common, network);
        if (to != null) {
            return intoRegistry(printsSettings);
        }
        Target target = isLayout ? new Target(Path.of(output), false) : Target.of(output);
        if (target.isStream()) {
            throw new IllegalArgumentException("-o must name a file, or a folder with / at its end: a run that was interrupted goes on there");
        }
        return intoFiles(target.path(), isLayout);
    }

    private int intoFiles(Path target, boolean isLayout) throws Exception {
        Path lockFile = lock != null ? lock : Haul.lockFile(target);
        for (Path old : since) {
            if (Stream.of(target, lockFile).anyMatch(written -> written.toAbsolutePath().normalize().equals(old.toAbsolutePath().normalize()))) {
                throw new IllegalArgumentException("--since " + old + " would be overwritten by this run: use another name for -o or --lock");
            }
        }
        Haul haul = read().since(Earlier.open(since));
        Found found = find(haul, lockFile, network.network(haul.names()), target);
        Format format = isLayout ? Format.OCI_DIR : HaulPull.formatFor(found.images());
        HaulPlan plan = HaulPlan.of(found.images(), format, target, settings);
        if (dryRun) {
            report.forecastDisk(plan, target);
            return ended(plan);
        }
        HaulPull pull = new HaulPull(target, format, verifyKey.policy(), cut, settings);
        transfer.keepsIn(pull.keptAt(found.images()));
        long begin = System.nanoTime();
        HaulPull.Result result = pull.into(found.images(), failures.isEmpty());
        transfer.endProgress();
        failures.add(result.failures());
        report.say(result, format);
        if (result.written() != null) {
            rate.note(result.fetched(), System.nanoTime() - begin);
            lock(haul, result.images(), lockFile);
        }
        return ended(plan.only(result.images()));
    }

    private int intoRegistry(boolean printsSettings) throws Exception {
        if (!since.isEmpty()) {
            throw new IllegalArgumentException("--since is for files: a registry is asked what it has");
        }
        Path lockFile = lock != null ? lock : Haul.lockFile(Path.of(file.equals("-") ? "sync" : file));
        Network far = network.network();
        Haul haul = read();
        Found found = find(haul, lockFile, from.network(haul.names(), ImagePush.target(haul.names().get(0), to), far, network), null);
        HaulCopy copy = new HaulCopy(to, replaceIndex, far, settings);
        HaulPlan plan = HaulPlan.of(found.images(), copy.here());
        if (dryRun) {
            return ended(plan);
        }
        long begin = System.nanoTime();
        HaulCopy.Result result = copy.run(found.images());
        transfer.endProgress();
        failures.add(result.failures());
        report.say(result, to);
        List<FoundImage> brought = found.images().stream().filter(image -> result.brought().containsKey(image.name())).toList();
        rate.note(result.sent(), System.nanoTime() - begin);
        lock(haul, brought, lockFile);
        if (printsSettings) {
            Stage.print(farSide.settings(result.brought(), far).getBytes(StandardCharsets.UTF_8));
            return report.end(plan.only(brought), failures, asked);
        }
        return ended(plan.only(brought));
    }

    /** Says what there is, and then what failed. */
    private int ended(HaulPlan plan) throws IOException {
        if (dryRun) {
            report.forecast(plan);
        }
        report.print(plan, failures);
        return report.end(plan, failures, asked);
    }

    private Found find(Haul haul, Path lockFile, Network how, Path place) throws IOException {
        ImagePull pull = new ImagePull(Format.OCI, null, null, verifyKey.policy(), settings);
        Found found = locked ? haul.findLocked(lockFile, pull, how, place) : haul.find(pull, how, place, lockFile);
        failures.add(found.failures());
        asked = found.images().size() + found.failures().size();
        return found;
    }

    private void lock(Haul haul, List<FoundImage> images, Path lockFile) throws IOException {
        if (!locked) {
            haul.lock(images, lockFile);
            report.sayLock(lockFile, images);
        }
    }

    private Haul read() throws IOException {
        boolean isStdin = file.equals("-");
        if (isStdin && network.readsStdin()) {
            throw new IllegalArgumentException("stdin has either the list or the password");
        }
        byte[] bytes = isStdin ? SmallFile.upTo(System.in, "the list on stdin", LARGEST) : SmallFile.named(Path.of(file), LARGEST);
        return Haul.read(bytes, isStdin ? "stdin" : file, RemoteNames::of,
                to != null && !platform.isGiven() ? List.of() : platform.platforms(), platform.isGiven(), referrers.selection());
    }

    public static void main(String... args) {
        Cli.run(new sync(), args);
    }
}
