///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Failure;
import lib.cli.RemoteNames;
import lib.cli.Stage;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.TableOption;
import lib.cli.survey.SurveyJson;
import lib.cli.survey.SurveyTable;
import lib.file.SmallFile;
import lib.image.Origin;
import lib.image.Reference;
import lib.registry.hosts.Endpoint;
import lib.registry.mirrors.MirrorSettings;
import lib.registry.mirrors.MirrorSurvey;
import lib.registry.mirrors.State;
import lib.registry.mirrors.Survey;
import lib.registry.mirrors.SurveyedEndpoint;
import lib.registry.settings.WebAddress;
import lib.text.Sizes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:CompileThresholdScaling=3
//DESCRIPTION Finds the mirrors of a registry that are alive, current and fast
//DOCS ../docs/commands/mirrors.md
//SOURCES ../lib/sources/mirrors.java

/** A mirror that does not answer, lags behind or crawls makes each pull slower: here all of them are tried before. */
@Command(name = "mirrors", description = {"Finds the mirrors of a registry that are alive, current and fast.", "A table on a terminal, JSON in a pipe."},
        footer = {"", "Examples:", "  dray mirrors nginx:alpine", "  dray mirrors nginx:alpine | jq -r '.places[] | select(.ok).address'",
                "  env $(dray mirrors nginx:alpine --from list.txt --write env) dray pull nginx:alpine",
                "  dray mirrors ghcr.io/org/app:1 --from list.txt --write registries.conf",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull"})
public final class mirrors implements Callable<Integer> {
    private static final List<String> FORMS = List.of("options", "env", "registries.conf", "hosts.toml", "daemon.json");
    /** The size that a list may have, in MiB. */
    private static final int LARGEST = 1;
    private static final int MOST_WARNINGS = 5;

    @Parameters(paramLabel = "IMAGE", description = "The image that is asked for, such as nginx:alpine.")
    private String image;

    @Option(names = "--from", paramLabel = "FILE", description = {"Try the mirrors in this list, too; - for stdin.", "One URL per line; # begins a comment."})
    private String from;

    @Option(names = "--write", paramLabel = "FORM",
            description = {"Print settings with the usable mirrors, instead.",
                "The best first: options (--mirror), env (DRAY_MIRRORS), registries.conf (podman), hosts.toml (containerd) or daemon.json (docker)."})
    private String form;

    @Option(names = "--bytes", paramLabel = "SIZE", defaultValue = "4M", description = {"Measure the speed with up to SIZE (default: ${DEFAULT-VALUE}).", "Of a layer of the image."})
    private String bytes;

    @Option(names = "--timeout", paramLabel = "SECONDS", defaultValue = "5",
            description = {"Wait up to SECONDS for an answer (default: ${DEFAULT-VALUE}).", "The speed of a mirror is measured for as long."})
    private int seconds;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private TableOption table;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Override
    public Integer call() throws Exception {
        boolean isTable = table.isTable();
        long most = Sizes.parse("--bytes", bytes);
        if (seconds < 1 || seconds > 600 || most < 1 || most > 1L << 30) {
            throw new IllegalArgumentException("--timeout must be a number of seconds from 1 to 600, and --bytes at least 1 and at most 1G");
        }
        Reference reference = RemoteNames.of(image);
        if (form != null) {
            check(reference);
        }
        MirrorSurvey.Bounds bounds = new MirrorSurvey.Bounds(most, seconds * 1000);
        MirrorSurvey survey = MirrorSurvey.of(reference, platform.platform(), listed(), "-".equals(from) ? "stdin" : String.valueOf(from), network.network(), bounds);
        if (survey.mirrors() == 0) {
            CommonOptions.warn("warning: no mirror of " + reference.registry() + " is named: only the registry itself is tried");
        } else {
            common.say("trying " + survey.mirrors() + (survey.mirrors() == 1 ? " mirror of " : " mirrors of ") + reference.registry() + " and the registry itself");
        }
        Survey found = survey.run();
        if (found.isByMost()) {
            CommonOptions.warn("warning: " + reference.registry() + " itself does not say what " + reference.familiarName() + " is: mirrors are compared with what most of them have");
        }
        if (form != null) {
            MirrorSettings settings = settings(reference, found.usableMirrors(), found.registry().endpoint());
            settings.leftOut().forEach(line -> CommonOptions.warn("warning: " + line));
            Stage.print(settings.text().getBytes(StandardCharsets.UTF_8));
        } else if (isTable) {
            Stage.print(SurveyTable.of(found).getBytes(StandardCharsets.UTF_8));
        } else {
            new Stage(new Origin(reference, null, found.digest(), null, null), SurveyJson.of(found)).print();
        }
        return exitCode(found, survey.mirrors() > 0);
    }

    /** Returns the addresses of the list. One that is none is skipped: such lists come from anywhere. */
    private List<URI> listed() throws IOException {
        if (from == null) {
            return List.of();
        }
        if (from.equals("-") && network.readsStdin()) {
            throw new IllegalArgumentException("--from - and --password-stdin cannot both read stdin");
        }
        if (!from.equals("-") && Files.isDirectory(Path.of(from))) {
            throw new IllegalArgumentException("--from " + from + " is a folder: name a file");
        }
        byte[] content = from.equals("-") ? SmallFile.upTo(System.in, "the list on stdin", LARGEST) : SmallFile.read(Path.of(from), LARGEST);
        List<URI> addresses = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        int number = 0;
        for (String line : new String(content, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            String address = line.replaceFirst("#.*", "").strip();
            try {
                if (!address.isEmpty()) {
                    addresses.add(WebAddress.parse(address.contains("://") ? address : "https://" + address));
                }
            } catch (IllegalArgumentException e) {
                skipped.add("warning: line " + number + " of the list is skipped: " + e.getMessage());
            }
        }
        skipped.stream().limit(MOST_WARNINGS).forEach(CommonOptions::warn);
        if (skipped.size() > MOST_WARNINGS) {
            CommonOptions.warn("warning: " + (skipped.size() - MOST_WARNINGS) + " more lines of the list are skipped");
        }
        return addresses;
    }

    private void check(Reference reference) {
        if (!FORMS.contains(form)) {
            throw new IllegalArgumentException("--write " + form + ": write one of " + String.join(", ", FORMS));
        }
        if (form.equals("daemon.json") && !reference.registry().equals(Reference.DOCKER_HUB)) {
            throw new IllegalArgumentException("--write daemon.json: docker has mirrors for Docker Hub only, not for " + reference.registry());
        }
    }

    private MirrorSettings settings(Reference reference, List<Endpoint> usable, Endpoint registry) {
        return switch (form) {
            case "options" -> onOneLine(MirrorSettings.addresses(reference, usable), "--mirror ", " --mirror ");
            case "env" -> onOneLine(MirrorSettings.addresses(reference, usable), "DRAY_MIRRORS=", ",");
            case "registries.conf" -> MirrorSettings.registriesConf(reference, usable);
            case "hosts.toml" -> MirrorSettings.hostsToml(reference, usable, registry);
            default -> MirrorSettings.daemonJson(reference, usable);
        };
    }

    private static MirrorSettings onOneLine(MirrorSettings addresses, String before, String between) {
        return new MirrorSettings(addresses.text().isEmpty() ? "" : before + addresses.text().replace("\n", between) + "\n", addresses.leftOut());
    }

    /** Returns 0 where a mirror is usable; else, with a line that says it, the code of what all of them failed with, or that of the network. Without mirrors, the registry counts. */
    private static int exitCode(Survey found, boolean hasMirrors) {
        if (hasMirrors ? !found.usableMirrors().isEmpty() : found.registry().isOk()) {
            return 0;
        }
        String none = hasMirrors ? "mirrors: no mirror of " + found.reference().registry() + " is usable" : "mirrors: the registry is not usable";
        CommonOptions.warn(none);
        if (found.registry().state() == State.NO_SUCH_IMAGE) {
            return code(found.registry());
        }
        List<Integer> codes = found.places().stream().filter(place -> place.isRegistry() != hasMirrors).map(mirrors::code).distinct().toList();
        return codes.size() == 1 ? codes.get(0) : Failure.FAR_SIDE;
    }

    private static int code(SurveyedEndpoint place) {
        return place.failure() == null ? Failure.WRONG_CONTENT : Failure.of(place.failure()).code();
    }

    public static void main(String... args) {
        Cli.run(new mirrors(), args);
    }
}
