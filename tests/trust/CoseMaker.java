package tests.trust;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

//SOURCES Pki.java

/** Makes a COSE signature as Notation does, independently of what Dray knows of CBOR. */
final class CoseMaker {
    private final Pki.Entity signer;
    private final byte[] payload;
    private final int algorithm;
    private int unsignedFrom;
    private int unsignedTo;

    CoseMaker(Pki.Entity signer, byte[] payload, int algorithm) {
        this.signer = signer;
        this.payload = payload;
        this.algorithm = algorithm;
    }

    private static byte[] head(int type, int length) {
        return length < 24 ? new byte[] {(byte) (type << 5 | length)} : length < 256 ? new byte[] {(byte) (type << 5 | 24), (byte) length}
                : new byte[] {(byte) (type << 5 | 25), (byte) (length >> 8), (byte) length};
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] bytes(byte[] content) {
        return join(head(2, content.length), content);
    }

    private static byte[] text(String content) {
        byte[] utf8 = content.getBytes(StandardCharsets.UTF_8);
        return join(head(3, utf8.length), utf8);
    }

    private static byte[] number(int number) {
        return number < 0 ? head(1, -1 - number) : head(0, number);
    }

    byte[] signed(String hash) {
        byte[] header = join(head(5, 5), number(1), number(algorithm), number(2), head(4, 1), text("io.cncf.notary.signingScheme"),
                number(3), text("application/vnd.cncf.notary.payload.v1+json"), text("io.cncf.notary.signingScheme"), text("notary.x509"),
                text("io.cncf.notary.signingTime"), new byte[] {(byte) 0xc1, 0x1a, 0x65, 0, 0, 0});
        byte[] toBeSigned = join(head(4, 4), text("Signature1"), bytes(header), bytes(new byte[0]), bytes(payload));
        boolean isRsa = algorithm <= -37;
        List<String> options = new ArrayList<>(List.of(hash));
        if (isRsa) {
            options.addAll(List.of("-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"));
        }
        byte[] signature = Base64.getDecoder().decode(signer.key().sign(toBeSigned, options.toArray(String[]::new)));
        byte[] free = join(head(5, 2), number(33), head(4, 1), bytes(signer.der()), text("io.cncf.notary.signingAgent"), text("a test/1"));
        byte[] before = join(new byte[] {(byte) 0xd2}, head(4, 4), bytes(header));
        unsignedFrom = before.length;
        unsignedTo = before.length + free.length;
        return join(before, free, bytes(payload), bytes(isRsa ? signature : raw(signature)));
    }

    /** Returns whether a byte is none that the signature is made of: the tag, or what names who signed it with which program. */
    boolean isUnsigned(int at) {
        return at == 0 || at >= unsignedFrom && at < unsignedTo;
    }

    /** Returns r and s of a signature in DER one behind the other. */
    private byte[] raw(byte[] der) {
        int size = algorithm == -7 ? 32 : 48;
        int length = der[3];
        byte[] both = new byte[2 * size];
        for (int i = 0; i < 2; i++) {
            byte[] number = new BigInteger(Arrays.copyOfRange(der, i == 0 ? 4 : 6 + length, i == 0 ? 4 + length : der.length)).toByteArray();
            int from = Math.max(0, number.length - size);
            System.arraycopy(number, from, both, (i + 1) * size - (number.length - from), number.length - from);
        }
        return both;
    }
}
