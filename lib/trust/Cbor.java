package lib.trust;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import lib.failure.WrongSignatureException;

/**
 * The CBOR that a COSE signature is made of (RFC 8949, RFC 9052). A library would read more than is good here: texts without a stated end, numbers
 * as keys that are the same as texts, the same key twice. Values are Long, String, byte[], Boolean, List and Map; a tag is left out, but for what it tags.
 */
final class Cbor {
    private static final int DEEPEST = 8;
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int TAG = 6;
    private static final int FALSE = 0xf4;
    private static final int TRUE = 0xf5;

    private final byte[] bytes;
    private int at;

    private Cbor(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns the one value that the bytes are; throws WrongSignatureException if they are none, or more. */
    static Object read(byte[] bytes) throws WrongSignatureException {
        Cbor cbor = new Cbor(bytes);
        Object value = cbor.value(0);
        if (cbor.at != bytes.length) {
            throw wrong();
        }
        return value;
    }

    private static WrongSignatureException wrong() {
        return new WrongSignatureException("it is not CBOR of the plain kind that signatures are written in");
    }

    private int next() throws WrongSignatureException {
        if (at == bytes.length) {
            throw wrong();
        }
        return bytes[at++] & 0xff;
    }

    private Object value(int depth) throws WrongSignatureException {
        int first = next();
        if (depth > DEEPEST) {
            throw wrong();
        }
        if (first == FALSE || first == TRUE) {
            return first == TRUE;
        }
        long argument = argument(first & 0x1f);
        return switch (first >> 5) {
            case UNSIGNED -> argument;
            case NEGATIVE -> -1 - argument;
            case BYTES -> take(argument);
            case TEXT -> new String(take(argument), StandardCharsets.UTF_8);
            case ARRAY -> array(argument, depth);
            case MAP -> map(argument, depth);
            case TAG -> value(depth + 1);
            default -> throw wrong();
        };
    }

    /** Returns the number that follows a first byte, or is in it. */
    private long argument(int low) throws WrongSignatureException {
        if (low < 24) {
            return low;
        }
        if (low > 27) {
            throw wrong();
        }
        long number = 0;
        for (int i = 0; i < 1 << low - 24; i++) {
            number = number << 8 | next();
        }
        if (number < 0) {
            throw wrong();
        }
        return number;
    }

    private byte[] take(long length) throws WrongSignatureException {
        if (length > bytes.length - at) {
            throw wrong();
        }
        at += (int) length;
        return Arrays.copyOfRange(bytes, at - (int) length, at);
    }

    private List<Object> array(long length, int depth) throws WrongSignatureException {
        List<Object> array = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            array.add(value(depth + 1)); // each takes a byte at least, so the bytes bound it
        }
        return array;
    }

    private Map<Object, Object> map(long length, int depth) throws WrongSignatureException {
        Map<Object, Object> map = new LinkedHashMap<>();
        for (long i = 0; i < length; i++) {
            Object key = value(depth + 1);
            if (!(key instanceof Long || key instanceof String) || map.put(key, value(depth + 1)) != null) {
                throw wrong();
            }
        }
        return map;
    }

    /** Returns the bytes that a COSE signature of one signer signs (RFC 9052, section 4.4, Sig_structure). */
    static byte[] signedByOne(byte[] protectedHeader, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ARRAY << 5 | 4);
        byte[] context = "Signature1".getBytes(StandardCharsets.US_ASCII);
        write(out, TEXT, context);
        write(out, BYTES, protectedHeader);
        write(out, BYTES, new byte[0]);
        write(out, BYTES, payload);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, int type, byte[] content) {
        int length = content.length;
        if (length < 24) {
            out.write(type << 5 | length);
        } else if (length < 1 << 8) {
            out.write(type << 5 | 24);
            out.write(length);
        } else if (length < 1 << 16) {
            out.write(type << 5 | 25);
            out.write(length >> 8);
            out.write(length);
        } else {
            out.write(type << 5 | 26);
            for (int shift = 24; shift >= 0; shift -= 8) {
                out.write(length >> shift);
            }
        }
        out.writeBytes(content);
    }
}
