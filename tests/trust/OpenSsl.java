package tests.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tests.support.Program;
import tests.support.Scratch;
import tests.support.Tools;

//SOURCES ../support/Program.java
//SOURCES ../support/Scratch.java
//SOURCES ../support/Tools.java

/** A key pair that openssl makes and signs with: somebody else's code than the one under test. */
record OpenSsl(Path folder) {
    private static final byte[] NO_BYTES = {};

    /** Makes a key pair with these arguments of {@code openssl genpkey}. The test is skipped without openssl. */
    static OpenSsl key(String... arguments) {
        Tools.assumeInstalled("openssl");
        OpenSsl pair = new OpenSsl(Scratch.folder("openssl"));
        List<String> generate = new ArrayList<>(List.of("openssl", "genpkey", "-out", pair.file("key.pem").toString()));
        generate.addAll(List.of(arguments));
        Program.run(generate.toArray(String[]::new)).orFail();
        Program.run("openssl", "pkey", "-in", pair.file("key.pem").toString(), "-pubout", "-out", pair.publicKey().toString()).orFail();
        return pair;
    }

    static OpenSsl p256() {
        return key("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    Path publicKey() {
        return file("key.pub");
    }

    byte[] pem() {
        return read(publicKey());
    }

    /** Signs these bytes, with options of {@code openssl dgst} such as {@code -sha256}; by Ed25519 the bytes themselves, with no options. */
    String sign(byte[] bytes, String... options) {
        write(file("signed"), bytes);
        List<String> sign = new ArrayList<>(options.length == 0
                ? List.of("openssl", "pkeyutl", "-sign", "-rawin", "-inkey", file("key.pem").toString(), "-in", file("signed").toString(), "-out", file("sig").toString())
                : List.of("openssl", "dgst", "-sign", file("key.pem").toString(), "-out", file("sig").toString()));
        if (options.length > 0) {
            sign.addAll(List.of(options));
            sign.add(file("signed").toString());
        }
        Program.run(sign.toArray(String[]::new)).orFail();
        return Base64.getEncoder().encodeToString(read(file("sig")));
    }

    static byte[] read(Path file) {
        try {
            return Files.exists(file) ? Files.readAllBytes(file) : NO_BYTES;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
