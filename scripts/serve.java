///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.cli.options.MaxSizeOption;
import lib.server.Server;
import lib.store.ImageStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

//JAVA 17+
//RUNTIME_OPTIONS -XX:+UseSerialGC
//DESCRIPTION Serves archives and layouts as a registry on this machine
//DOCS ../docs/commands/serve.md
//SOURCES ../lib/sources/serve.java

/** A registry is little more than a web server over blobs: here is one that docker, podman, skopeo and Dray itself pull from. */
@Command(name = "serve", description = {"Serves archives and layouts as a registry on this machine.", "Read-only, on loopback, until interrupted."},
        footer = {"", "Examples:", "  dray serve nginx_alpine.tar", "  dray serve --port 0 *.oci",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull"})
public final class serve implements Callable<Integer> {
    @Parameters(paramLabel = "LAYOUT|ARCHIVE", arity = "1..*",
            description = "What to serve.")
    private List<Path> sources;

    @Option(names = "--port", paramLabel = "N", defaultValue = "5000",
            description = "The port, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--allow-host", paramLabel = "NAME",
            description = {"Also answer under this host name; may be repeated.",
                "Such as that of a reverse proxy in front. Without it: localhost, 127.0.0.1 and [::1] only, so that no web page can "
                + "read the images through a browser."})
    private List<String> hosts = new ArrayList<>();

    @Mixin
    private MaxSizeOption maxSize;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        List<ImageStore> stores = new ArrayList<>();
        for (Path source : sources) {
            stores.add(ImageStore.open(source, maxSize.bytes()));
        }
        Server server;
        try {
            server = new Server(stores, port, names());
        } catch (BindException e) {
            if (e.getMessage().contains("Permission denied")) {
                throw new IllegalArgumentException("port " + port + " needs special rights: use one above 1023 with --port, or 0 for a free one");
            }
            throw new IllegalArgumentException("port " + port + " is in use: choose another with --port, or 0 for a free one");
        }
        server.start();
        Stage.print((server.address() + "\n").getBytes(StandardCharsets.UTF_8));
        server.names().forEach(name -> common.say("serving " + name));
        server.notes().forEach(image -> CommonOptions.warn("warning: " + image));
        new CountDownLatch(1).await();
        return 0;
    }

    private Set<String> names() {
        return hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    public static void main(String... args) {
        Cli.run(new serve(), args);
    }
}
