package tests.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tests.support.Authority;
import tests.support.Certificate;
import tests.support.DebianRegistry;
import tests.support.Dray;
import tests.support.Program;
import tests.support.RealImages;
import tests.support.Tools;

//SOURCES ../support/Authority.java
//SOURCES ../support/Certificate.java
//SOURCES ../support/DebianRegistry.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java
//SOURCES ../support/RealImages.java
//SOURCES ../support/Tools.java

/** Whom TLS connections trust, what they show of themselves, and what is said where the two sides do not come together. */
@Tag("slow")
class TlsTest {
    private static final String NAMES = "DNS:localhost,IP:127.0.0.1";

    private static Path storage;
    private static Authority company;
    private static DebianRegistry registry;
    private static DebianRegistry forHolders;
    /** How many classes of these tests are running: NativeTlsTest may run beside this one, and shares the registries. */
    private static int running;

    @TempDir
    Path home;

    @BeforeAll
    static synchronized void start() {
        Tools.assumeInstalled("openssl");
        if (running++ > 0) {
            return;
        }
        storage = RealImages.registry().storage();
        company = Authority.create("Company", 30);
        registry = DebianRegistry.startWithTls(storage, company.sign(NAMES, 10));
        forHolders = DebianRegistry.startForHoldersOf(storage, company.sign(NAMES, 10), company.file());
    }

    @AfterAll
    static synchronized void stop() {
        if (--running > 0) {
            return;
        }
        registry.close();
        forHolders.close();
    }

    @Test
    void should_trust_the_signer_that_an_option_names() {
        assertIn(manifest(registry, "--cacert", company.file().toString()));
    }

    @Test
    void should_trust_whom_the_machine_trusts() throws IOException {
        assertIn(manifest(registry).env("SSL_CERT_FILE", company.file().toString()));
        for (String list : List.of("ssl/certs/ca-certificates.crt", "pki/tls/certs/ca-bundle.crt", "ssl/ca-bundle.pem", "ssl/cert.pem")) {
            Path file = put("etc/" + list, Authority.create("Somebody else", 30).file());
            Files.writeString(file, "# Company --- and its departments\n" + Files.readString(file) + "\n" + Files.readString(company.file()));
            assertIn(manifest(registry));
            Files.delete(file);
        }
        assertFails(manifest(registry), "whom neither Java nor this machine trusts");
    }

    @Test
    void should_trust_whom_docker_podman_and_containerd_trust_for_that_host() throws IOException {
        String host = registry.host();
        String underscores = host.replace(":", "_") + "_";
        for (String folder : List.of("etc/docker/certs.d/" + host, ".docker/certs.d/" + host, ".config/docker/certs.d/" + host, "etc/containers/certs.d/" + host,
                ".config/containers/certs.d/" + host, "etc/containerd/certs.d/" + host, "etc/containerd/certs.d/" + underscores)) {
            Path file = put(folder + "/any name.crt", company.file());
            assertIn(manifest(registry));
            Files.delete(file);
        }
        put("etc/docker/certs.d/localhost/ca.crt", company.file());
        put("etc/docker/certs.d/" + forHolders.host() + "/ca.crt", company.file());
        assertFails(manifest(registry), "signed by 'CN=Company,O=Tests'");
    }

    @Test
    void should_pass_over_broken_files_with_a_warning() throws IOException {
        Path broken = Files.writeString(put("etc/docker/certs.d/" + registry.host() + "/a.crt", company.file()), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        put("etc/docker/certs.d/" + registry.host() + "/b.crt", company.file());
        Program.Result result = manifest(registry).run().orFail();
        assertTrue(result.stderr().startsWith("warning: " + broken + " is skipped: " + broken + " has a certificate that cannot be read"), result.stderr());
        assertEquals(1, result.stderr().lines().count(), result.stderr());
    }

    @Test
    void should_refuse_a_file_without_certificates_for_an_option() throws IOException {
        for (String text : List.of("", "no PEM", Files.readString(company.certificate().key()), "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n")) {
            Path file = Files.writeString(home.resolve("wrong.pem"), text);
            Program.Result result = manifest(registry, "--cacert", file.toString()).run();
            assertEquals(2, result.exitCode(), result.toString());
            assertTrue(result.stderr().startsWith("manifest: " + file + " ha") || result.stderr().startsWith("manifest: " + file + " holds no certificate in PEM"), result.stderr());
        }
    }

    @Test
    void should_name_a_list_of_authorities_that_cannot_be_read() {
        assertFails(manifest(registry).env("SSL_CERT_FILE", home.resolve("none.pem").toString()),
                "warning: a list of authorities is skipped: its file cannot be read (" + home.resolve("none.pem") + ")", "whom neither Java nor this machine trusts");
        Program.Result result = manifest(registry, "--cacert", home.toString()).run();
        assertEquals(2, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("--cacert: " + home + " cannot be read"), result.stderr());
    }

    @Test
    void should_show_a_certificate_of_ours_with_every_kind_of_key() throws IOException {
        List<String[]> kinds = List.of(
                new String[] {"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"},
                new String[] {"rsa", "-traditional", "-in", company.sign("DNS:me", 5).key().toString()},
                new String[] {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"},
                new String[] {"ecparam", "-name", "secp384r1", "-genkey"},
                new String[] {"genpkey", "-algorithm", "ED25519"});
        List<String> labels = new ArrayList<>();
        for (String[] kind : kinds) {
            Path key = home.resolve("some.key");
            List<String> command = new ArrayList<>(List.of("openssl"));
            command.addAll(List.of(kind));
            command.addAll(List.of("-out", key.toString()));
            new Program(command).run().orFail();
            labels.add(Files.readString(key).replaceFirst("(?s).*-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*", "$1"));
            put("etc/containers/certs.d/" + forHolders.host() + "/ca.crt", company.file());
            put("etc/containers/certs.d/" + forHolders.host() + "/client.cert", company.sign(key, "extendedKeyUsage=clientAuth", 5).file());
            put("etc/containers/certs.d/" + forHolders.host() + "/client.key", key);
            assertIn(manifest(forHolders));
        }
        assertEquals(List.of("PRIVATE KEY", "RSA PRIVATE KEY", "PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"), labels);
    }

    @Test
    void should_say_that_a_certificate_of_ours_is_wanted() throws IOException {
        assertFails(manifest(forHolders, "--cacert", company.file().toString()), "a client certificate", "certs.d/HOST/client.cert and client.key");
        Path folder = put("etc/docker/certs.d/" + forHolders.host() + "/ca.crt", company.file()).getParent();
        Certificate own = company.sign("DNS:me", 5);
        put("etc/docker/certs.d/" + forHolders.host() + "/client.cert", own.file());
        assertFails(manifest(forHolders), "warning: " + folder.resolve("client.cert") + " is skipped: " + folder.resolve("client.key") + " cannot be read");
        put("etc/docker/certs.d/" + forHolders.host() + "/client.key", company.file());
        assertFails(manifest(forHolders), "client.key holds no private key in PEM");
        Program.run("openssl", "pkcs8", "-topk8", "-in", own.key().toString(), "-passout", "pass:secret", "-out", folder.resolve("client.key").toString()).orFail();
        assertFails(manifest(forHolders), "client.key is locked with a password");
    }

    @Test
    void should_say_what_is_wrong_with_a_certificate_and_go_on_all_the_same_when_told_to() {
        Authority old = company.department("Old department", 0);
        assertWrong(company.sign(NAMES, 0), company.file(), "its certificate expired on 2", "unless this machine's clock is wrong; --insecure skips the check");
        assertWrong(company.sign("DNS:registry.example,DNS:*.other.example", 10), company.file(), "its certificate is not for that name but for registry.example, *.other.example: use such a name");
        assertWrong(company.sign(NAMES, 10), Certificate.create().file(), "its certificate is signed by 'CN=Company,O=Tests', whom neither Java nor this machine trusts", "--cacert");
        assertWrong(Certificate.create(), company.file(), "its certificate is signed by itself, 'CN=localhost', whom neither Java nor this machine trusts", "--cacert");
        Authority department = company.department("Department", 5);
        assertWrong(department.sign(NAMES, 10), company.file(), "signed by 'CN=Department,O=Tests', whom neither Java nor this machine trusts");
        assertWrong(withSigner(old.sign(NAMES, 10), old), company.file(), "the certificate of its signer 'CN=Old department,O=Tests' expired on 2");
    }

    /** A server that sends its signer's certificate too. */
    private Certificate withSigner(Certificate certificate, Authority signer) {
        try {
            return new Certificate(Files.writeString(home.resolve("chain.crt"), Files.readString(certificate.file()) + Files.readString(signer.file())), certificate.key());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void assertWrong(Certificate shown, Path cacert, String... words) {
        try (DebianRegistry wrong = DebianRegistry.startWithTls(storage, shown)) {
            assertFails(manifest(wrong, "--cacert", cacert.toString()), words);
            Program.Result insecure = manifest(wrong, "--insecure").run().orFail();
            assertEquals("warning: --insecure: the registry's identity is not checked\n", insecure.stderr());
        }
    }

    @Test
    void should_trust_whom_a_trusted_signer_made_one() {
        Authority department = company.department("Department", 5);
        try (DebianRegistry chain = DebianRegistry.startWithTls(storage, withSigner(department.sign(NAMES, 10), department))) {
            assertIn(manifest(chain, "--cacert", company.file().toString()));
        }
    }

    /** A kind of key that the native library does not speak of: Java's own TLS is the next to try. */
    @Test
    void should_speak_to_a_registry_with_an_ed25519_key() {
        Path key = home.resolve("ed25519.key");
        Program.run("openssl", "genpkey", "-algorithm", "ED25519", "-out", key.toString()).orFail();
        try (DebianRegistry odd = DebianRegistry.startWithTls(storage, company.sign(key, "subjectAltName=" + NAMES, 10))) {
            assertIn(manifest(odd, "--cacert", company.file().toString()));
        }
    }

    @Test
    void should_be_insecure_for_the_registry_only() {
        DebianRegistry plain = RealImages.registry();
        Program.Result result = Dray.run("manifest", "--insecure", "--mirror", plain.host() + "=https://" + registry.host(), plain.image(RealImages.SMALL)).orFail();
        assertTrue(result.stderr().contains("mirror skipped: https://" + registry.host()) && result.stderr().contains("whom neither Java nor this machine trusts"), result.stderr());
    }

    @Test
    void should_be_insecure_or_log_in_for_one_registry_at_a_time() {
        Program.Result result = Dray.run("pull", "--insecure", "-o", home.resolve("all.tar").toString(), "a.invalid/a", "a.invalid/b", "b.invalid/a");
        assertEquals(2, result.exitCode(), result.toString());
        assertTrue(result.stderr().contains("--insecure is for one registry at a time"), result.stderr());
        result = Dray.run("pull", "-u", "alice:secret", "-o", home.resolve("all.tar").toString(), "a.invalid/a", "b.invalid/a");
        assertEquals(2, result.exitCode(), "a login is not shown to everybody: " + result);
        result = Dray.run("pull", "--insecure", "--retries", "0", "-o", home.resolve("all.tar").toString(), "a.invalid/a", "a.invalid:443/b", "A.invalid/c");
        assertEquals(6, result.exitCode(), "one host in three spellings: " + result);
    }

    @Test
    void should_not_load_tls_where_nobody_speaks_it() throws IOException {
        Path log = home.resolve("classes.log");
        Dray.script("manifest", RealImages.registry().image(RealImages.SMALL)).env("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log).run().orFail();
        List<String> classes = Files.readAllLines(log);
        assertTrue(classes.stream().anyMatch(line -> line.contains(" lib.registry.http.Http ")), "the log is of another program");
        assertEquals(List.of(), classes.stream().filter(line -> line.matches(".* (sun\\.security\\.ssl|lib\\.registry\\.(Tls|Trust|Pem|SystemCertificates))\\b.*")).toList());
    }

    private Path put(String name, Path source) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, Files.readAllBytes(source));
    }

    private Program manifest(DebianRegistry from, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--retries", "0", from.image(RealImages.SMALL)));
        return script(home, "manifest", arguments.toArray(String[]::new));
    }

    /** Returns a script with Java's own TLS. */
    Program script(Path home, String name, String... arguments) {
        return Dray.script(home, name, arguments);
    }

    private static void assertIn(Program program) {
        Program.Result result = program.run().orFail();
        assertTrue(result.text().contains("\"layers\""), result.toString());
        assertEquals("", result.stderr().replaceFirst("^Picked up.*\n", ""));
    }

    private static void assertFails(Program program, String... words) {
        Program.Result result = program.run();
        assertEquals(6, result.exitCode(), result.toString());
        for (String word : words) {
            assertTrue(result.stderr().contains(word), word + " in " + result);
        }
    }
}
