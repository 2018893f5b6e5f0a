///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.release;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import lib.text.Version;
import tests.support.Checkout;

//MAIN tests.release.build
//JAVA 17+
//COMPILE_OPTIONS -encoding UTF-8
//DESCRIPTION Builds what a release page holds: one jar of all commands, and the catalog that points to it
//SOURCES Catalog.java
//SOURCES ReleaseJar.java
//SOURCES ../support/Checkout.java
//SOURCES ../../scripts/dray.java

/**
 * {@code tests/release/build.java [ADDRESS]} writes dray-VERSION.jar, its SHA-256 and a catalog into target/release; the address is where they will lie.
 * The jar is made of what this program itself is built of, for that is every script, the library and all they depend on.
 */
public class build {
    /** Where no address is given, the owner is to be replaced. No account can have that name: it begins with a dash. */
    private static final String ADDRESS = "https://github.com/-OWNER-/dray/releases/download/v" + Version.NUMBER;

    public static void main(String[] args) throws Exception {
        Path folder = Files.createDirectories(Checkout.root().resolve("target/release"));
        Path jar = folder.resolve("dray-" + Version.NUMBER + ".jar");
        List<Path> classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).toList();
        ReleaseJar.write(jar, "scripts.dray", classPath);
        Path sum = folder.resolve(jar.getFileName() + ".sha256");
        Files.writeString(sum, HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar))) + "  " + jar.getFileName() + "\n");
        Path catalog = folder.resolve("jbang-catalog.json");
        Files.writeString(catalog, Catalog.pointingTo((args.length == 0 ? ADDRESS : args[0]) + "/" + jar.getFileName()).toPrettyString() + "\n");
        List.of(jar, sum, catalog).forEach(System.out::println);
    }
}
