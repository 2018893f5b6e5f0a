///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.Target;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.ReferrersOption;
import lib.cli.options.TableOption;
import lib.cli.options.TransferOptions;
import lib.cli.options.VerifyKeyOption;
import lib.cli.terminal.Table;
import lib.crypto.boringssl.NativeProvider;
import lib.file.SmallFile;
import lib.haul.Earlier;
import lib.haul.Found;
import lib.haul.FoundImage;
import lib.haul.Haul;
import lib.haul.HaulPlan;
import lib.haul.HaulPull;
import lib.haul.LastRate;
import lib.registry.Network;
import lib.registry.settings.SettingsFolders;
import lib.store.format.Format;
import lib.text.Sizes;
import lib.transfer.Settings;
import lib.verb.ImagePull;
import lib.verb.Written;
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
@Command(name = "sync", description = {"Carries a list of images, by version, to a file or a registry.", "A table on a terminal, JSON in a pipe."},
        footer = {"", "Examples:", "  dray sync --dry-run images.yaml -o week1.tar", "  dray sync images.yaml -o week1.tar",
                "  dray sync images.yaml -o week2.tar --since week1.lock.json",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull"})
public final class sync implements Callable<Integer> {
    /** The size that a list may have, in MiB. */
    private static final int LARGEST = 16;

    @Parameters(paramLabel = "FILE", description = {"The list: names, one per line, or YAML; - for stdin.", "docs/reference.md shows all that YAML may say."})
    private String file;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", required = true,
            description = {"The archive to write; DIR/ for a layout.", "Images that are not for one platform make it an OCI archive, which docker load may not read."})
    private String output;

    @Option(names = "--since", paramLabel = "OLD",
            description = {"Skip the blobs that OLD has; may be repeated.",
                "OLD is an archive, a layout, or the lock file of an earlier run: what the other side has already. There, assemble OLD DELTA -o FULL makes a complete archive."})
    private List<Path> since = new ArrayList<>();

    @Option(names = "--lock", paramLabel = "FILE",
            description = {"Where the digests are written down.", "The default is named after the output: all.lock.json for all.tar."})
    private Path lock;

    @Option(names = "--locked",
            description = {"Take exactly the images of the lock file.", "It fails if the list does not fit the lock file, or one of the images is gone."})
    private boolean locked;

    @Option(names = "--dry-run", description = {"Show what would be fetched, and write nothing.", "Only manifests are requested."})
    private boolean dryRun;

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

    @Override
    public Integer call() throws Exception {
        NativeProvider.offer(common::debug);
        boolean isTable = table.isTable();
        boolean isLayout = output.endsWith("/");
        Path target = isLayout ? Path.of(output) : Target.of(output).path();
        if (target == null || !isLayout && Target.of(output).isStream()) {
            throw new IllegalArgumentException("-o must name a file, or a folder with / at its end: a run that was interrupted goes on there");
        }
        Path lockFile = lock != null ? lock : Haul.lockFile(target);
        for (Path old : since) {
            if (old.toAbsolutePath().normalize().equals(lockFile.toAbsolutePath().normalize()) || old.toAbsolutePath().normalize().equals(target.toAbsolutePath().normalize())) {
                throw new IllegalArgumentException("--since " + old + " would be overwritten by this run: use another name for -o or --lock");
            }
        }
        Haul haul = read().since(Earlier.open(since));
        Settings settings = transfer.settings(common, network);
        ImagePull pull = new ImagePull(isLayout ? Format.OCI_DIR : Format.OCI, null, null, verifyKey.policy(), settings);
        Network how = network.network();
        Found found = locked ? haul.find(lockFile, pull, how, target) : haul.find(pull, how, target);
        Failures failures = new Failures();
        failures.add(found.failures());
        int all = found.images().size() + found.failures().size();
        Format format = isLayout ? Format.OCI_DIR : HaulPull.formatFor(found.images());
        HaulPlan plan = HaulPlan.of(found.images(), format, target, settings);
        if (dryRun) {
            forecast(plan, target);
            print(plan, failures, isTable);
            return failures.report("sync", all);
        }
        HaulPull write = new HaulPull(target, format, verifyKey.policy(), settings);
        transfer.keepsIn(write.keptAt(found.images()));
        transfer.shows(List.of());
        long begin = System.nanoTime();
        HaulPull.Result result = write.into(found.images(), failures.isEmpty());
        transfer.endProgress();
        failures.add(result.failures());
        if (result.written() != null) {
            new LastRate(new SettingsFolders(System.getenv())).note(fetched(result.written()), System.nanoTime() - begin);
            if (!locked) {
                haul.lock(result.images(), lockFile);
            }
        }
        say(result, format, lockFile);
        print(plan.only(result.images()), failures, isTable);
        return failures.report("sync", all);
    }

    private static long fetched(Written written) {
        return Math.max(written.fetched(), written.sources().values().stream().mapToLong(Long::longValue).sum());
    }

    private Haul read() throws IOException {
        boolean isStdin = file.equals("-");
        if (isStdin && network.readsStdin()) {
            throw new IllegalArgumentException("stdin has either the list or the password");
        }
        byte[] bytes = isStdin ? SmallFile.upTo(System.in, "the list on stdin", LARGEST) : SmallFile.named(Path.of(file), LARGEST);
        return Haul.read(bytes, isStdin ? "stdin" : file, RemoteNames::of, platform.platforms(), platform.isGiven(), referrers.selection());
    }

    /** Says what it takes to fetch all this. */
    private void forecast(HaulPlan plan, Path target) {
        long rate = new LastRate(new SettingsFolders(System.getenv())).bytesPerSecond();
        long free = HaulPlan.free(target);
        common.say(Sizes.of(plan.fetch()) + " to fetch" + (rate == 0 ? "" : ", " + duration(plan.fetch() / rate) + " at the " + Sizes.of(rate) + "/s of the last run")
                + "; " + target + " takes " + Sizes.of(plan.archive()) + (free == 0 ? "" : ", and " + Sizes.of(free) + " are free there"));
        if (free > 0 && free < plan.archive()) {
            CommonOptions.warn("warning: that does not fit");
        }
    }

    private static String duration(long seconds) {
        return seconds < 120 ? seconds + " s" : seconds < 7200 ? (seconds + 59) / 60 + " minutes" : (seconds + 3599) / 3600 + " hours";
    }

    private void say(HaulPull.Result result, Format format, Path lockFile) {
        Written written = result.written();
        if (written == null) {
            CommonOptions.warn("nothing was written: no image came");
            return;
        }
        String images = result.images().size() + (result.images().size() == 1 ? " image" : " images");
        common.say(switch (written.how()) {
            case WAS_COMPLETE -> written.path() + " has " + images + " and is complete already, every byte of it verified: no blob was fetched";
            case FILLED -> "wrote " + images + " to " + written.path() + " (fetched" + Sizes.from(written.sources()) + "), every byte verified";
            default -> "wrote " + images + " to " + written.path() + ", " + Sizes.of(written.size()) + " (" + Sizes.of(written.fetched()) + " fetched), every byte verified";
        });
        boolean isDelta = result.images().stream().anyMatch(FoundImage::isDelta);
        common.say((locked ? "" : "their digests are in " + lockFile + "; ")
                + (isDelta ? "on the other side, make a whole of it with: assemble OLD.tar " + written.path() + " -o FULL.tar, or push both" : format.use(written.images(), written.path())));
    }

    private void print(HaulPlan plan, Failures failures, boolean isTable) throws IOException {
        if (isTable) {
            Table rows = new Table("IMAGE", "PLATFORM", "SIZE", dryRun ? "TO FETCH" : "NEW", "SHARED", "HERE", "LEFT OUT");
            for (HaulPlan.Line line : plan.images()) {
                rows.row(line.image().name().familiarName(), String.join(",", line.image().platformNames()), Sizes.of(line.size()), Sizes.of(line.fetch()),
                        Sizes.of(line.shared()), Sizes.of(line.here()), Sizes.of(line.left()));
            }
            Stage.print(rows.toString().getBytes(StandardCharsets.UTF_8));
            return;
        }
        ObjectNode json = plan.toJson();
        ArrayNode failed = json.putArray("failed");
        failures.sentences().forEach((name, why) -> failed.addObject().put("name", name).put("error", why));
        if (dryRun) {
            long rate = new LastRate(new SettingsFolders(System.getenv())).bytesPerSecond();
            json.put("bytesPerSecond", rate).put("seconds", rate == 0 ? 0 : plan.fetch() / rate);
        }
        Stage.print(json);
    }

    public static void main(String... args) {
        Cli.run(new sync(), args);
    }
}
