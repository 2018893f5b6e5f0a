package lib.cli.arguments;

import java.util.List;

/**
 * What the annotations of commands say of their fields. Written by tests/docs/pages.java, not to be edited; a test holds it.
 * The first row has the number of fields: where it is another, the table is out of date. Each other row has the kind of a field, its name,
 * the names of its option, or that it is a parameter, whether it has to be given, and what it holds if not.
 */
final class KnownArguments {
    private KnownArguments() { }

    /** Returns the rows of a class by its name; none where nothing is known of it. Options that are missing are for picocli. */
    static List<String> of(String type) {
        return switch (type) {
            case "lib.cli.CommonOptions" -> List.of(
                    "5", "flag quiet -q,--quiet", "flag debug --debug");
            case "lib.cli.copy.DestinationOptions" -> List.of(
                    "4", "text to --to", "flag ownNames --own-names", "texts arguments parameter");
            case "lib.cli.copy.FarSideOption" -> List.of(
                    "1", "text form --settings");
            case "lib.cli.copy.FromOptions" -> List.of(
                    "3", "text user --from-user", "flag insecure --from-insecure");
            case "lib.cli.copy.MediaTypesOption" -> List.of(
                    "1", "text wanted --media-types");
            case "lib.cli.haul.VolumeOptions" -> List.of(
                    "2", "text size --volume-size");
            case "lib.cli.options.CredentialOptions" -> List.of(
                    "3", "mixin user", "text token --token", "flag anonymous --anonymous");
            case "lib.cli.options.FormatOption" -> List.of(
                    "6", "choice format --format", "flag uncompressed --uncompressed", "choice compression --recompress",
                    "text volumeSize --volume-size", "mixin maxSize");
            case "lib.cli.options.HostOptions" -> List.of(
                    "8", "text proxy --proxy", "texts resolve --resolve", "path cacert --cacert", "flag insecure --insecure",
                    "number retries --retries 5", "number stallSeconds --stall-timeout 30", "mixin record");
            case "lib.cli.options.ImageOption" -> List.of(
                    "1", "texts images --image");
            case "lib.cli.options.LeaveOutOptions" -> List.of(
                    "3", "paths since --since", "flag skipForeign --skip-foreign", "mixin referrers");
            case "lib.cli.options.ListOptions" -> List.of(
                    "3", "text filter --filter", "choice order --sort", "number limit --limit 0");
            case "lib.cli.options.MaxSizeOption" -> List.of(
                    "1", "text size --max-size");
            case "lib.cli.options.NetworkOptions" -> List.of(
                    "3", "mixin credentials", "mixin hosts", "texts mirrors --mirror");
            case "lib.cli.options.PagesOption" -> List.of(
                    "1", "number pages --max-pages");
            case "lib.cli.options.PlatformOption" -> List.of(
                    "2", "text platform --platform");
            case "lib.cli.options.RecordOptions" -> List.of(
                    "4", "flag explain --explain", "text har --har", "text report --report");
            case "lib.cli.options.ReferrersOption" -> List.of(
                    "1", "text wanted --referrers");
            case "lib.cli.options.TableOption" -> List.of(
                    "2", "flag json --json", "flag table --table");
            case "lib.cli.options.TransferOptions" -> List.of(
                    "7", "number connections --connections 6", "number connectionsPerHost --connections-per-host 6", "text segment --segment 8M",
                    "text limitRate --limit-rate", "paths reuse --reuse");
            case "lib.cli.options.UploadOptions" -> List.of(
                    "5", "number connections --connections 6", "text chunk --chunk", "text limitRate --limit-rate");
            case "lib.cli.options.UserOptions" -> List.of(
                    "2", "text user -u,--user", "flag passwordFromStdin --password-stdin");
            case "lib.cli.options.VerifyKeyOption" -> List.of(
                    "1", "path key --verify-key");
            case "scripts.assemble" -> List.of(
                    "8", "text output -o,--output", "texts tags -t,--tag", "mixin form", "mixin image", "mixin platform", "mixin common",
                    "mixin leaveOut", "paths sources parameter");
            case "scripts.attestations" -> List.of(
                    "6", "mixin form", "mixin image", "mixin platform", "mixin common", "mixin network", "text source parameter,required");
            case "scripts.blob" -> List.of(
                    "10", "path layout --to", "flag skipForeign --skip-foreign", "text output -o,--output", "mixin common", "mixin network",
                    "mixin transfer", "mixin verifyKey", "mixin referrers", "text name parameter");
            case "scripts.cat" -> List.of(
                    "9", "flag isFast --fast", "mixin maxSize", "mixin image", "mixin platform", "mixin common", "mixin network", "mixin verifyKey",
                    "text from parameter,required", "texts paths parameter,required");
            case "scripts.check" -> List.of(
                    "7", "path receipt --receipt", "path key --key", "flag json --json", "mixin image", "mixin common",
                    "path place parameter,required");
            case "scripts.complete" -> List.of(
                    "2", "mixin common", "text shell parameter");
            case "scripts.demo" -> List.of(
                    "5", "path keep --keep", "flag stepwise --step", "mixin common");
            case "scripts.diff" -> List.of(
                    "12", "flag isFull --full", "flag tellsByExitCode --exit-code", "mixin maxSize", "mixin form", "mixin image", "mixin platform",
                    "mixin common", "mixin network", "mixin verifyKey", "text nameOfA parameter,required", "text nameOfB parameter,required");
            case "scripts.doctor" -> List.of(
                    "4", "flag json --json", "mixin common", "mixin network", "text name parameter,required");
            case "scripts.extract" -> List.of(
                    "13", "path folder -C,--directory", "text output -o,--output", "path keep --keep", "mixin maxSize", "mixin image",
                    "mixin platform", "mixin common", "mixin network", "mixin transfer", "mixin verifyKey", "text from parameter",
                    "texts paths parameter");
            case "scripts.images" -> List.of(
                    "10", "paths values -f,--values", "texts sets --set", "flag withMentioned --with-mentioned", "flag json --json", "mixin common",
                    "mixin network", "texts sources parameter");
            case "scripts.inspect" -> List.of(
                    "9", "flag json --json", "flag summary --summary", "mixin image", "mixin platform", "mixin maxSize", "mixin common",
                    "mixin network", "mixin verifyKey", "text source parameter,required");
            case "scripts.login" -> List.of(
                    "4", "mixin common", "mixin user", "mixin hosts", "text name parameter docker.io");
            case "scripts.logout" -> List.of(
                    "2", "mixin common", "text name parameter docker.io");
            case "scripts.ls" -> List.of(
                    "13", "flag isLong -l", "flag isDeep -R,--recursive", "number only --layer", "mixin maxSize", "mixin form", "mixin image",
                    "mixin platform", "mixin common", "mixin network", "mixin verifyKey", "text from parameter,required", "text path parameter ");
            case "scripts.manifest" -> List.of(
                    "6", "flag raw --raw", "flag head --head", "mixin platform", "mixin common", "mixin network", "text image parameter");
            case "scripts.mirrors" -> List.of(
                    "12", "text from --from", "text form --write", "text bytes --bytes 4M", "number seconds --timeout 5", "mixin platform",
                    "mixin table", "mixin common", "mixin network", "text image parameter,required");
            case "scripts.pull" -> List.of(
                    "15", "text output -o,--output", "texts tags -t,--tag", "flag asCurl --as-curl", "mixin form", "mixin platform", "mixin common",
                    "mixin network", "mixin transfer", "mixin leaveOut", "mixin verifyKey", "texts images parameter,required");
            case "scripts.push" -> List.of(
                    "20", "mixin destination", "mixin farSide", "flag replaceIndex --replace-index", "text platform --platform", "mixin mediaTypes",
                    "mixin chosen", "mixin maxSize", "mixin common", "mixin network", "mixin from", "mixin upload", "mixin referrers");
            case "scripts.referrers" -> List.of(
                    "7", "text type --type", "mixin chosen", "mixin pages", "mixin form", "mixin common", "mixin network",
                    "text image parameter,required");
            case "scripts.repos" -> List.of(
                    "6", "mixin list", "mixin pages", "mixin form", "mixin common", "mixin network", "text host parameter,required");
            case "scripts.sbom" -> List.of(
                    "8", "text type --type", "text digest --digest", "path key --verify-key", "mixin image", "mixin platform", "mixin common",
                    "mixin network", "text source parameter,required");
            case "scripts.search" -> List.of(
                    "7", "number limit --limit 25", "text hub --hub https://hub.docker.com", "mixin pages", "mixin form", "mixin common",
                    "mixin network", "texts words parameter,required");
            case "scripts.serve" -> List.of(
                    "12", "flag writable --writable", "flag allowDelete --allow-delete", "number port --port 5000", "text listen --listen",
                    "path cert --cert", "path key --key", "path logins --logins", "flag insecure --insecure", "texts hosts --allow-host",
                    "mixin maxSize", "mixin common", "paths sources parameter");
            case "scripts.shell" -> List.of(
                    "5", "mixin common", "paths files parameter");
            case "scripts.sync" -> List.of(
                    "25", "text output -o,--output", "text to --to", "flag replaceIndex --replace-index", "paths since --since", "path lock --lock",
                    "flag locked --locked", "flag dryRun --dry-run", "mixin volumes", "mixin platform", "mixin referrers", "mixin table",
                    "mixin common", "mixin network", "mixin transfer", "mixin verifyKey", "mixin from", "mixin farSide",
                    "text file parameter,required");
            case "scripts.tags" -> List.of(
                    "11", "flag platforms --platforms", "text platform --platform", "text hub --hub https://hub.docker.com",
                    "text versions --versions", "mixin list", "mixin pages", "mixin form", "mixin common", "mixin network",
                    "text image parameter,required");
            case "scripts.token" -> List.of(
                    "4", "flag raw -r,--raw", "mixin common", "mixin network", "text image parameter,required");
            case "scripts.verify" -> List.of(
                    "12", "path key --key", "path ca --ca", "path timestampCa --timestamp-ca", "text identity --identity", "text issuer --issuer",
                    "texts annotations -a,--annotation", "flag json --json", "mixin image", "mixin platform", "mixin common", "mixin network",
                    "text source parameter,required");
            default -> List.of();
        };
    }
}
