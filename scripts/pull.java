///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failures;
import lib.cli.Names;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.Target;
import lib.cli.options.FormatOption;
import lib.cli.options.LeaveOutOptions;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.TransferOptions;
import lib.cli.options.VerifyKeyOption;
import lib.crypto.boringssl.NativeProvider;
import lib.image.Origin;
import lib.image.Reference;
import lib.record.CurlScript;
import lib.registry.Network;
import lib.registry.Registry;
import lib.store.NamedImage;
import lib.store.format.Format;
import lib.store.format.Recompression;
import lib.text.Json;
import lib.transfer.RemoteImage;
import lib.verb.ImagePull;
import lib.verb.Selection;
import lib.verb.Written;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmn16m -Xlog:disable -Xlog:all=warning:stderr -XX:CompileThresholdScaling=3
//DESCRIPTION Pulls images into archives that docker load and others read
//DOCS ../docs/commands/pull.md
//SOURCES ../lib/sources/pull.java

/** Shorthand for {@code token}, {@code manifest}, {@code blob} and {@code assemble}, in one process and without a layout in between. */
@Command(name = "pull", description = "Pulls images into archives that docker load and others read.",
        footer = {"", "Examples:", "  dray pull nginx:alpine", "  dray pull --platform linux/arm64 -o app.tar ghcr.io/org/app:1.2",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull"})
public final class pull implements Callable<Integer> {
    @Parameters(paramLabel = "IMAGE", arity = "1..*",
            description = {"Names, such as nginx:alpine; - reads them from stdin.", "Or ghcr.io/org/app:1.2; one per line on stdin."})
    private List<String> images;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE",
            description = {"One archive for all images, - for stdout.",
                "Without it, one archive per image, such as nginx_alpine.tar for nginx:alpine. FILE.tar.gz and FILE.tar.zst are compressed as a whole, "
                + "which gains little: layers are compressed already. Docker loads .tar.zst since version 23; "
                + "containerd and its ctr load both since 2.0."})
    private String output;

    @Option(names = {"-t", "--tag"}, paramLabel = "NAME",
            description = "Name the image gets when loaded; may be repeated.")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--as-curl",
            description = {"Print a bash script that pulls the image, instead.", "A script of curl, jq and tar."})
    private boolean asCurl;

    @Mixin
    private FormatOption form;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private TransferOptions transfer;

    @Mixin
    private LeaveOutOptions leaveOut;

    @Mixin
    private VerifyKeyOption verifyKey;

    private Network how;
    private Format format;
    private Selection selection;
    private ImagePull pull;

    @Override
    public Integer call() throws Exception {
        NativeProvider.offer(common::debug);
        List<Reference> references = RemoteNames.all(images);
        List<Reference> names = Names.toLoadUnder(tags);
        if (!names.isEmpty() && references.size() > 1) {
            throw new IllegalArgumentException("-t names one image, but there are " + references.size() + ": pull them one at a time");
        }
        format = form.format(platform);
        pull = new ImagePull(format, form.compression(), form.maxSize(), verifyKey.policy(), form.volumes(), transfer.settings(common, network));
        if (form.compression() != null) {
            leaveOut.refuse("recompressed layers");
        }
        how = network.network(references);
        selection = leaveOut.selection(platform);
        if (asCurl) {
            return printScript(references);
        }
        return output == null ? pullEach(references, names) : pullAll(references, names);
    }

    private int printScript(List<Reference> references) throws Exception {
        if (references.size() > 1 || !tags.isEmpty() || "-".equals(output) || format != Format.DOCKER || form.compression() != null || form.volumes() != null
                || !leaveOut.ending().isEmpty() || output != null && Recompression.Form.ofFile(Path.of(output)) != Recompression.Form.NONE) {
            throw new IllegalArgumentException("--as-curl writes a script for one image, under its own name, into one archive that docker load takes");
        }
        if (pull.policy().signed() != null) {
            throw new IllegalArgumentException("--as-curl writes a script that verifies no signature: --verify-key is for the pull itself");
        }
        String archive = output != null ? output : references.get(0).fileName() + format.ending();
        RemoteImage image = pull.find(new Registry(references.get(0), how), selection.alone(), null);
        NamedImage named = image.named();
        Stage.print(CurlScript.of(image.origin(), named.manifest(), named.storedIndexes(), named.indexEntries(), archive, network.resolve()).getBytes(StandardCharsets.UTF_8));
        return 0;
    }

    /** An archive an image. */
    private int pullEach(List<Reference> references, List<Reference> names) throws Exception {
        Map<String, Reference> archives = new LinkedHashMap<>();
        for (Reference reference : references) {
            String archive = (names.isEmpty() ? reference : names.get(0)).fileName() + leaveOut.ending() + format.ending();
            Reference other = archives.put(archive, reference);
            if (other != null) {
                throw new IllegalArgumentException(other + " and " + reference + " would both be written to " + archive + ": use -o FILE for one archive of all");
            }
        }
        if (references.size() == 1) {
            pullOne(references.get(0), names, archives.keySet().iterator().next());
            return 0;
        }
        Failures failures = new Failures();
        for (Map.Entry<String, Reference> archive : archives.entrySet()) {
            failures.attempt(archive.getValue().familiarName(), () -> pullOne(archive.getValue(), names, archive.getKey()));
        }
        transfer.endProgress();
        return failures.report("pull", references.size());
    }

    private void pullOne(Reference reference, List<Reference> names, String to) throws Exception {
        Target target = target(to);
        RemoteImage image = wanted(reference, target);
        write(names.isEmpty() ? List.of(image) : names.stream().map(image::as).toList(), List.of(image), target);
        noticeOtherPlatform(image, target);
    }

    /** Returns where to write to, or throws what keeps that from being done, before anything is asked for. */
    private Target target(String to) throws Exception {
        Target target = form.target(to);
        leaveOut.check(to);
        return target;
    }

    /** @param asked the images as they were asked for; they may get other names */
    private void write(List<RemoteImage> images, List<RemoteImage> asked, Target target) throws Exception {
        if (target.isStream()) {
            form.say(pull.into(target.stream(), images), common);
        } else {
            transfer.keepsIn(pull.keptAt(target.path(), images));
            transfer.shows(images.stream().map(RemoteImage::manifest).toList());
            Written written = pull.into(target.path(), images);
            transfer.endProgress();
            print(asked, written);
            form.say(written, common);
        }
    }

    /** Says what was pulled: to a program the image key of a stage, a line for each; to people the name with the digest. The digest is that of the manifest as it was written. */
    private void print(List<RemoteImage> asked, Written written) throws Exception {
        String place = written.path().toString();
        for (int i = 0; i < asked.size(); i++) {
            Origin origin = asked.get(i).origin().withDigest(written.images().get(i).manifest().digest());
            if (Stage.isForPeople()) {
                common.say("pulled " + origin.reference().withDigest(origin.digest()).familiarName());
            } else {
                new Stage(format == Format.OCI_DIR ? origin.withLayout(place) : origin.withArchive(place), Json.newObject()).print();
            }
        }
    }

    /** One archive of all images. If one of them cannot be pulled, no archive is written, but what was fetched for the others is kept beside it. */
    private int pullAll(List<Reference> references, List<Reference> names) throws Exception {
        if (references.size() == 1) {
            pullOne(references.get(0), names, output);
            return 0;
        }
        Target target = target(output);
        List<RemoteImage> all = new ArrayList<>();
        Failures failures = new Failures();
        for (Reference reference : references) {
            failures.attempt(reference.familiarName(), () -> all.add(wanted(reference, target)));
        }
        if (failures.isEmpty()) {
            write(all, all, target);
            for (RemoteImage image : all) {
                noticeOtherPlatform(image, target);
            }
        } else if (!all.isEmpty() && !target.isStream()) {
            failures.attempt("the others", () -> keep(all, target));
        }
        return failures.report("pull", references.size());
    }

    private void keep(List<RemoteImage> images, Target target) throws Exception {
        transfer.keepsIn(pull.keptAt(target.path(), images));
        pull.keep(target.path(), images);
        transfer.endProgress();
        common.say("not written: " + target.path() + "; what was fetched for the other images is kept for the next run");
    }

    /** @param target where the image is to be written, and may be already; null for nowhere */
    private RemoteImage wanted(Reference reference, Target target) throws Exception {
        return pull.find(new Registry(reference, how), selection, target == null ? null : target.path());
    }

    private void noticeOtherPlatform(RemoteImage image, Target target) throws Exception {
        if (target.path() != null) {
            pull.noticeOtherPlatform(image, selection, target.path());
        }
    }

    public static void main(String... args) {
        Cli.run(new pull(), args);
    }
}
