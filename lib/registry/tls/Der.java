package lib.registry.tls;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.Arrays;

/** As much of DER (ITU-T X.690) as it takes to wrap a private key, and to find the name of a certificate: a tag, a length, and that many bytes. */
final class Der {
    private static final int INTEGER = 2;
    private static final int OCTET_STRING = 4;
    private static final int SEQUENCE = 0x30;
    private static final int VERSION = 0xa0;
    /** Names are far shorter. */
    private static final int LONGEST = 65_536;

    /** The integer 0. */
    static final byte[] ZERO = element(INTEGER, new byte[1]);

    private Der() { }

    static byte[] sequence(byte[]... elements) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] element : elements) {
            all.writeBytes(element);
        }
        return element(SEQUENCE, all.toByteArray());
    }

    static byte[] octets(byte[] bytes) {
        return element(OCTET_STRING, bytes);
    }

    /** Returns the first element of a well-formed sequence. */
    static byte[] firstIn(byte[] sequence) {
        int start = contentOf(sequence, 0);
        return Arrays.copyOfRange(sequence, start, contentOf(sequence, start) + lengthAt(sequence, start));
    }

    /**
     * Returns the name of whom a certificate is (RFC 5280, section 4.1), a sequence, and reads no further.
     *
     * @throws IOException if this is no certificate
     */
    static byte[] subject(InputStream certificate) throws IOException {
        DataInputStream in = new DataInputStream(certificate);
        begin(in); // Certificate
        begin(in); // TBSCertificate
        int tag = in.readUnsignedByte();
        if (tag == VERSION) {
            content(in);
            in.readUnsignedByte();
        }
        content(in); // serialNumber, whose tag is read
        for (int i = 0; i < 3; i++) { // signature, issuer, validity
            in.readUnsignedByte();
            content(in);
        }
        return in.readUnsignedByte() == SEQUENCE ? element(SEQUENCE, content(in)) : new byte[0];
    }

    private static void begin(DataInputStream in) throws IOException {
        in.readUnsignedByte();
        length(in);
    }

    private static byte[] content(DataInputStream in) throws IOException {
        int length = length(in);
        if (length < 0 || length > LONGEST) {
            throw new IOException("too long");
        }
        byte[] content = new byte[length];
        in.readFully(content);
        return content;
    }

    private static int length(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        int length = first < 128 ? first : 0;
        for (int i = 128; i < first; i++) {
            length = length << 8 | in.readUnsignedByte();
        }
        return length;
    }

    /** The length is one byte, or from 128 on the number of bytes that it takes and then these. */
    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        if (content.length < 128) {
            element.write(content.length);
        } else {
            byte[] length = BigInteger.valueOf(content.length).toByteArray();
            int from = length[0] == 0 ? 1 : 0;
            element.write(128 + length.length - from);
            element.write(length, from, length.length - from);
        }
        element.writeBytes(content);
        return element.toByteArray();
    }

    private static int contentOf(byte[] der, int start) {
        int first = der[start + 1] & 0xff;
        return start + 2 + (first < 128 ? 0 : first - 128);
    }

    private static int lengthAt(byte[] der, int start) {
        int first = der[start + 1] & 0xff;
        return first < 128 ? first : new BigInteger(1, Arrays.copyOfRange(der, start + 2, contentOf(der, start))).intValueExact();
    }
}
