///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.FileText;
import lib.cli.Listing;
import lib.cli.Stage;
import lib.cli.options.ImageOption;
import lib.cli.options.MaxSizeOption;
import lib.cli.options.NetworkOptions;
import lib.cli.options.PlatformOption;
import lib.cli.options.SourceOptions;
import lib.cli.options.TableOption;
import lib.cli.options.VerifyKeyOption;
import lib.cli.terminal.Table;
import lib.crypto.boringssl.NativeProvider;
import lib.image.Descriptor;
import lib.store.files.FileList;
import lib.store.files.ListedFile;
import lib.text.Json;
import lib.verb.ImageSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xmn32m -Xlog:disable -Xlog:all=warning:stderr
//RUNTIME_OPTIONS -XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000
//DESCRIPTION Lists the files of an image, and the layer that each comes from
//DOCS ../docs/commands/ls.md
//SOURCES ../lib/sources/ls.java

/** What is in an image is what its layers make together: the names in the tars, one layer over the other, and what whiteouts leave of them. */
@Command(name = "ls", description = {"Lists the files of an image, and the layer that each comes from.", "Lines on a terminal, JSON in a pipe."},
        footer = {"", "A link to a folder is followed. Numbers of layers begin with 1, the lowest; owners are numbers, times UTC.",
                "", "Examples:", "  dray ls -l nginx:alpine etc/nginx", "  dray ls -R nginx_alpine.tar | jq -r '.files[] | select(.layer.number > 1).path'",
                "", "Specification: https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md"})
public final class ls implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

    @Parameters(index = "0", paramLabel = "IMAGE|LAYOUT|ARCHIVE",
            description = {"The image; - reads JSON from stdin.", "The JSON of 'manifest' or 'blob'."})
    private String from;

    @Parameters(index = "1", paramLabel = "PATH", arity = "0..1", defaultValue = "",
            description = "The folder or file to list (default: the root).")
    private String path;

    @Option(names = "-l",
            description = "Show modes, owners, sizes, times, layers and links.")
    private boolean isLong;

    @Option(names = {"-R", "--recursive"},
            description = "List folders recursively, and print whole paths.")
    private boolean isDeep;

    @Option(names = "--layer", paramLabel = "N",
            description = "List only what comes from layer N; 1 is the lowest.")
    private Integer only;

    @Mixin
    private MaxSizeOption maxSize;

    @Mixin
    private TableOption form;

    @Mixin
    private ImageOption image;

    @Mixin
    private PlatformOption platform;

    @Mixin
    private CommonOptions common;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private VerifyKeyOption verifyKey;

    @Override
    public Integer call() throws Exception {
        NativeProvider.offer(common::debug);
        boolean isTable = form.isTable();
        ImageSource source = SourceOptions.open(from, image, platform, network, maxSize, verifyKey);
        List<Descriptor> layers = source.image().manifest().layers();
        if (only != null && (only < 1 || only > layers.size())) {
            throw new IllegalArgumentException("--layer " + only + ": the image has the layers 1 to " + layers.size());
        }
        FileList files = FileList.of(source.layers(maxSize.bytes()));
        if (!isTable) {
            printJson(files, source, layers);
        } else if (isLong) {
            printTable(files, layers);
        } else {
            printNames(files);
        }
        return 0;
    }

    private void visit(FileList files, FileList.Visitor visitor) throws IOException {
        files.visit(path, isDeep, file -> {
            if (only == null || file.layer() == only) {
                visitor.file(file);
            }
        });
    }

    private void printNames(FileList files) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Stage.stdout())) {
            visit(files, file -> out.write((FileText.shown(name(file)) + "\n").getBytes(StandardCharsets.UTF_8)));
        }
    }

    private void printTable(FileList files, List<Descriptor> layers) throws IOException {
        Table table = new Table("MODE", "OWNER", "SIZE", "TIME", "LAYER", "NAME");
        visit(files, file -> table.row(file.modeText(), FileText.owner(file), FileText.size(file), file.modified() == null ? "-" : TIME.format(file.modified().toInstant()),
                file.layer() + " " + layers.get(file.layer() - 1).digest().shortHex(),
                FileText.shown(name(file) + (file.type() == 'l' ? " -> " + file.link() : ""))));
        Stage.print(table.toString().getBytes(StandardCharsets.UTF_8));
    }

    private String name(ListedFile file) {
        return isDeep ? file.path() : file.path().substring(file.path().lastIndexOf('/') + 1);
    }

    private void printJson(FileList files, ImageSource source, List<Descriptor> layers) throws IOException {
        ObjectNode rest = Json.newObject();
        rest.set("image", source.origin().toJson());
        try (Listing list = new Listing("files", rest)) {
            visit(files, file -> list.add(FileText.json(file, layers)));
            list.end();
        }
    }

    public static void main(String... args) {
        Cli.run(new ls(), args);
    }
}
