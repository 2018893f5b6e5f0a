///usr/bin/env jbang "$0" "$@" ; exit $?
package scripts;

import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import lib.cli.Cli;
import lib.cli.CommonOptions;
import lib.cli.Stage;
import lib.cli.options.MaxSizeOption;
import lib.server.Server;
import lib.server.writable.WritableServer;
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
@Command(name = "serve", description = {"Serves archives and layouts as a registry on this machine.", "On loopback, until interrupted; read-only, or with --writable one to push to."},
        footer = {"", "Examples:", "  dray serve nginx_alpine.tar", "  dray serve --port 0 *.oci", "  dray serve --writable registry",
                "", "Specification: https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull"})
public final class serve implements Callable<Integer> {
    @Parameters(paramLabel = "LAYOUT|ARCHIVE", arity = "0..*",
            description = "What to serve; with --writable, a folder for pushes.")
    private List<Path> sources = new ArrayList<>();

    @Option(names = "--writable",
            description = {"Take pushes into this one folder, a layout.", "It is made if there is none; ls, push, check and the others read it, too."})
    private boolean writable;

    @Option(names = "--allow-delete",
            description = "Let clients delete manifests, tags and blobs.")
    private boolean allowDelete;

    @Option(names = "--port", paramLabel = "N", defaultValue = "5000",
            description = "The port, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--listen", paramLabel = "ADDRESS",
            description = {"Listen for other machines, too (--writable only).",
                "On this address of the machine, 0.0.0.0 for all. Needs --cert, --key and --logins, or --insecure."})
    private String listen;

    @Option(names = "--cert", paramLabel = "FILE",
            description = "The certificate chain to show (PEM).")
    private Path cert;

    @Option(names = "--key", paramLabel = "FILE",
            description = "Its key: PEM, PKCS #8, without a password.")
    private Path key;

    @Option(names = "--logins", paramLabel = "FILE",
            description = {"Who may log in: USER:PASSWORD, one per line.", "The passwords are in it as they are: nobody but you should be able to read it."})
    private Path logins;

    @Option(names = "--insecure",
            description = "Let --listen go without TLS or a password.")
    private boolean insecure;

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
        if (writable) {
            return serveWritable();
        }
        if (allowDelete || insecure || Stream.of(listen, cert, key, logins).anyMatch(Objects::nonNull)) {
            throw new IllegalArgumentException("--allow-delete, --listen, --cert, --key, --logins and --insecure go with --writable");
        }
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("what to serve was not named: name layouts or archives, or with --writable a folder for pushes");
        }
        List<ImageStore> stores = new ArrayList<>();
        for (Path source : sources) {
            stores.add(ImageStore.open(source, maxSize.bytes(), CommonOptions::warn));
        }
        Server server;
        try {
            server = new Server(stores, port, names());
        } catch (BindException e) {
            throw taken(e);
        }
        server.start();
        Stage.print((server.address() + "\n").getBytes(StandardCharsets.UTF_8));
        server.names().forEach(name -> common.say("serving " + name));
        server.notes().forEach(image -> CommonOptions.warn("warning: " + image));
        new CountDownLatch(1).await();
        return 0;
    }

    private IllegalArgumentException taken(BindException trouble) {
        if (trouble.getMessage().contains("Permission denied")) {
            return new IllegalArgumentException("port " + port + " needs special rights: use one above 1023 with --port, or 0 for a free one");
        }
        return new IllegalArgumentException(trouble.getMessage().contains("assign") ? "this machine does not have the address " + listen
                : "port " + port + " is in use: choose another with --port, or 0 for a free one");
    }

    private int serveWritable() throws Exception {
        if (sources.size() != 1) {
            throw new IllegalArgumentException("--writable keeps all that is pushed in one folder: name one, such as registry");
        }
        if ((cert == null) != (key == null)) {
            throw new IllegalArgumentException("--cert and --key go together");
        }
        InetAddress address = listen == null ? null : address();
        boolean isElsewhere = address != null && !address.isLoopbackAddress();
        if (isElsewhere && !insecure && (cert == null || logins == null)) {
            throw new IllegalArgumentException("--listen " + listen + " opens this registry to other machines: give --cert, --key and --logins, or --insecure to go without");
        }
        WritableServer server;
        try {
            server = new WritableServer(sources.get(0), new WritableServer.Settings(address, port, cert, key, logins, names(), allowDelete, CommonOptions::warn));
        } catch (BindException e) {
            throw taken(e);
        }
        server.start();
        Stage.print((server.address() + "\n").getBytes(StandardCharsets.UTF_8));
        server.names().forEach(name -> common.say("serving " + name));
        common.say("taking pushes to " + server.url() + (allowDelete ? ", and deletions" : ""));
        new CountDownLatch(1).await();
        return 0;
    }

    private InetAddress address() {
        try {
            return InetAddress.getByName(listen.replaceAll("[\\[\\]]", ""));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("--listen " + listen + ": there is no address of that name");
        }
    }

    private Set<String> names() {
        return hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    public static void main(String... args) {
        Cli.run(new serve(), args);
    }
}
