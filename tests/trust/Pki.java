package tests.trust;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tests.support.Program;

//SOURCES OpenSsl.java

/** Certificates, and time stamps, that openssl makes for one test: an authority of a company's own. */
final class Pki {
    private static final String CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
    static final String SIGNER = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\nsubjectAltName=email:bob@example.com\n";
    static final String STAMPER = "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n";

    private Pki() { }

    /** A key and its certificate. */
    record Entity(OpenSsl key, Path certificate) {
        byte[] pem() {
            return OpenSsl.read(certificate);
        }

        byte[] der() {
            return Program.run("openssl", "x509", "-in", certificate.toString(), "-outform", "der").orFail().stdout();
        }
    }

    /** Makes an authority that signs itself. */
    static Entity authority(String extensions) {
        return made("/O=Dray test/CN=authority", OpenSsl.p256(), null, CA + extensions, "-days", "30");
    }

    static Entity authority() {
        return authority("");
    }

    /** Has an authority certify somebody for some days: as options of {@code openssl x509}. */
    static Entity certified(Entity by, OpenSsl key, String extensions, String... options) {
        return made("/O=Dray test/CN=somebody", key, by, extensions, options.length == 0 ? new String[] {"-days", "30"} : options);
    }

    static Entity certified(Entity by, String extensions) {
        return certified(by, OpenSsl.p256(), extensions);
    }

    /** An authority below another one. */
    static Entity between(Entity by, String extensions) {
        return made("/O=Dray test/CN=between", OpenSsl.p256(), by, CA + extensions, "-days", "30");
    }

    private static Entity made(String subject, OpenSsl key, Entity by, String extensions, String... options) {
        Path request = key.file("request");
        Path certificate = key.file("certificate.pem");
        OpenSsl.write(key.file("extensions"), extensions.getBytes(StandardCharsets.US_ASCII));
        Program.run("openssl", "req", "-new", "-key", key.file("key.pem").toString(), "-subj", subject, "-out", request.toString()).orFail();
        List<String> sign = new ArrayList<>(List.of("openssl", "x509", "-req", "-in", request.toString(), "-extfile", key.file("extensions").toString(), "-out", certificate.toString()));
        sign.addAll(by == null ? List.of("-signkey", key.file("key.pem").toString())
                : List.of("-CA", by.certificate.toString(), "-CAkey", by.key.file("key.pem").toString(), "-set_serial", "0x" + Long.toHexString(System.nanoTime())));
        sign.addAll(List.of(options));
        Program.run(sign.toArray(String[]::new)).orFail();
        return new Entity(key, certificate);
    }

    /** Has an authority certify somebody for some seconds only. */
    static Entity shortLived(Entity by, String extensions, int seconds) {
        OpenSsl key = OpenSsl.p256();
        Path folder = key.folder();
        String end = java.time.format.DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(java.time.ZoneOffset.UTC).format(java.time.Instant.now().plusSeconds(seconds));
        OpenSsl.write(folder.resolve("extensions"), extensions.getBytes());
        OpenSsl.write(folder.resolve("index"), new byte[0]);
        OpenSsl.write(folder.resolve("serial"), "77".getBytes());
        OpenSsl.write(folder.resolve("ca.cnf"), ("[ca]\ndefault_ca=c\n[c]\ndatabase=" + folder.resolve("index") + "\nserial=" + folder.resolve("serial") + "\nnew_certs_dir=" + folder
                + "\ndefault_md=sha256\npolicy=p\n[p]\norganizationName=optional\ncommonName=optional\n").getBytes());
        Program.run("openssl", "req", "-new", "-key", key.file("key.pem").toString(), "-subj", "/O=Dray test/CN=short", "-out", folder.resolve("request").toString()).orFail();
        Program.run("openssl", "ca", "-batch", "-config", folder.resolve("ca.cnf").toString(), "-cert", by.certificate.toString(), "-keyfile", by.key.file("key.pem").toString(),
                "-in", folder.resolve("request").toString(), "-out", folder.resolve("certificate.pem").toString(), "-notext", "-extfile", folder.resolve("extensions").toString(),
                "-enddate", end).orFail();
        return new Entity(key, folder.resolve("certificate.pem"));
    }

    /** Has an authority stamp these bytes, at this time by its clock; the answer holds its certificate where that is wanted. */
    static byte[] stamp(Entity by, byte[] bytes, String hash, boolean withCertificate) {
        Path folder = by.key.folder();
        OpenSsl.write(folder.resolve("stamped"), bytes);
        OpenSsl.write(folder.resolve("serial"), "01".getBytes());
        OpenSsl.write(folder.resolve("tsa.cnf"), ("[tsa]\ndefault_tsa=t\n[t]\nserial=" + folder.resolve("serial") + "\ndefault_policy=1.2.3\ndigests=sha256,sha1,sha512\n"
                + "signer_digest=sha256\ness_cert_id_alg=sha256\n").getBytes());
        List<String> query = new ArrayList<>(List.of("openssl", "ts", "-query", "-data", folder.resolve("stamped").toString(), hash, "-out", folder.resolve("query").toString()));
        if (withCertificate) {
            query.add("-cert");
        }
        Program.run(query.toArray(String[]::new)).orFail();
        Program.run("openssl", "ts", "-reply", "-config", folder.resolve("tsa.cnf").toString(), "-queryfile", folder.resolve("query").toString(), "-signer", by.certificate.toString(),
                "-inkey", by.key.file("key.pem").toString(), "-out", folder.resolve("reply").toString()).orFail();
        return OpenSsl.read(folder.resolve("reply"));
    }
}
