package tests.mirrors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import lib.image.Digest;
import lib.image.Platform;
import lib.image.Reference;
import lib.registry.Network;
import lib.registry.Registry;
import lib.registry.auth.CredentialChain;
import lib.registry.hosts.HostSettings;
import lib.registry.http.HttpSettings;
import lib.registry.proxy.Proxies;
import lib.registry.settings.SettingsFolders;
import lib.registry.tls.TlsSettings;
import lib.transfer.Pull;
import lib.transfer.RemoteImage;
import lib.transfer.Settings;
import lib.transfer.source.Hosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import tests.support.FlakyRegistry;

//SOURCES OpenBodies.java
//SOURCES ../support/FlakyRegistry.java

/** A registry and mirrors of it, each with rates and faults of its own, and pulls from them in this process. */
abstract class Mirrored {
    static final int SEGMENT = 256 * 1024;
    static final int LARGE = 4_000_000;
    static final int SMALL = 300_000;
    /** What may be sent in vain where a connection is given up: it lies in the buffers of both sides. */
    static final int IN_FLIGHT = 1_000_000;
    private static final int STALL_MILLIS = 6_000;

    @TempDir
    Path folder;

    final FlakyRegistry registry = new FlakyRegistry();
    final List<FlakyRegistry> mirrors = new ArrayList<>();
    final List<String> said = new CopyOnWriteArrayList<>();
    String image = put(registry);
    final OpenBodies opened = new OpenBodies();
    int connections = 6;
    int connectionsPerHost = 6;

    /** What an undisturbed pull makes of the image. */
    private static Digest right;

    @BeforeAll
    static void pull_undisturbed(@TempDir Path other) throws IOException {
        Mirrored undisturbed = new Mirrored() { };
        undisturbed.folder = other;
        undisturbed.pull("a.tar");
        right = undisturbed.digest("a.tar");
        undisturbed.close();
    }

    @AfterEach
    void close() {
        registry.close();
        mirrors.forEach(FlakyRegistry::close);
    }

    static String put(FlakyRegistry registry) {
        return registry.image("1", new long[] {1, 2}, LARGE, SMALL);
    }

    /** Adds a mirror that has the image and sends so many bytes a second in all. */
    FlakyRegistry mirror(long bytesPerSecond) {
        FlakyRegistry mirror = new FlakyRegistry();
        put(mirror);
        mirror.limit(bytesPerSecond);
        mirrors.add(mirror);
        return mirror;
    }

    Network network() {
        SettingsFolders folders = new SettingsFolders(Map.of("HOME", folder.toString(), "XDG_CONFIG_HOME", folder.toString(), "DRAY_ETC", folder.resolve("etc").toString()));
        List<URI> addresses = mirrors.stream().map(mirror -> URI.create("http://" + mirror.host())).toList();
        HttpSettings http = new HttpSettings(Proxies.ofVariables(Map.of()), new TlsSettings(null, folders, said::add), STALL_MILLIS, 2, said::add, opened::told);
        return new Network(http, new HostSettings(folders, false, Map.of(registry.host(), addresses), said::add), new CredentialChain(null, false, folders.variables(), said::add));
    }

    /** What is known of hosts by the last pull. */
    Hosts hosts;

    Settings settings() {
        hosts = new Hosts(connectionsPerHost);
        return new Settings(connections, SEGMENT, hosts, 2, List.of(), null, said::add, slots -> { });
    }

    /** Pulls into this archive. The manifest's requests are not counted. */
    Pull.Result pull(String archive) throws IOException {
        Registry reader = new Registry(Reference.parse(image), network());
        return new Pull(List.of(new RemoteImage(reader, reader.manifest(Platform.parse("linux/amd64")))), settings()).into(folder.resolve(archive));
    }

    /** The archive has the bytes that it always has, but for the port of the registry, which is in its name; and nothing is left beside it. */
    void assertRight(String archive) throws IOException {
        assertEquals(right, digest(archive), "the archive's bytes");
        assertFalse(Files.exists(folder.resolve(archive + ".part.journal")), "the journal was left");
    }

    private Digest digest(String archive) throws IOException {
        String bytes = Files.readString(folder.resolve(archive), StandardCharsets.ISO_8859_1).replace(registry.host(), "127.0.0.1:00000");
        return Digest.of(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Returns what was said that has these words. */
    List<String> said(String words) {
        return said.stream().filter(line -> line.contains(words)).toList();
    }
}
