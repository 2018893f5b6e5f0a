package lib.trust;

import java.math.BigInteger;
import java.util.Arrays;
import lib.failure.WrongSignatureException;

/**
 * The two forms of an ECDSA signature, which is two numbers, r and s: DER, {@code SEQUENCE { r INTEGER, s INTEGER }} (RFC 3279, section 2.2.3),
 * and both numbers one behind the other (RFC 7518, section 3.4). Java takes the first; a JDK of early 2022 took zeros for right (CVE-2022-21449),
 * so both numbers are looked at here.
 */
final class Ecdsa {
    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;

    private Ecdsa() { }

    /**
     * Throws WrongSignatureException unless the bytes are the DER of two numbers from 1 to below the curve's order, and of nothing else.
     *
     * @param order how many points the curve's group has
     */
    static void check(byte[] der, BigInteger order) throws WrongSignatureException {
        if (der.length < 8) {
            throw new WrongSignatureException("the signature is too short for one by an elliptic curve");
        }
        int[] at = {0};
        int end = enter(der, at, SEQUENCE);
        BigInteger r = integer(der, at);
        BigInteger s = integer(der, at);
        boolean isWhole = end == der.length && at[0] == der.length && Arrays.equals(der, der(r, s));
        if (!isWhole || r.signum() <= 0 || s.signum() <= 0 || r.compareTo(order) >= 0 || s.compareTo(order) >= 0) {
            throw notDer();
        }
    }

    private static WrongSignatureException notDer() {
        return new WrongSignatureException("the signature is not two numbers in DER, as one by an elliptic curve is");
    }

    /** Moves behind a tag and a length; returns where what begins there ends. */
    private static int enter(byte[] der, int[] at, int tag) throws WrongSignatureException {
        if (at[0] + 2 > der.length || der[at[0]] != tag) {
            throw notDer();
        }
        int length = der[at[0] + 1] & 0xff;
        at[0] += 2;
        if (length == 0x81 && at[0] < der.length) {
            length = der[at[0]++] & 0xff;
        } else if (length > 0x7f) {
            throw notDer();
        }
        if (length == 0 || at[0] + length > der.length) {
            throw notDer();
        }
        return at[0] + length;
    }

    private static BigInteger integer(byte[] der, int[] at) throws WrongSignatureException {
        int end = enter(der, at, INTEGER);
        BigInteger number = new BigInteger(Arrays.copyOfRange(der, at[0], end));
        at[0] = end;
        return number;
    }

    /** Returns the DER of two numbers that stand one behind the other, each half of the bytes. */
    static byte[] der(byte[] both) {
        int half = both.length / 2;
        return der(new BigInteger(1, Arrays.copyOf(both, half)), new BigInteger(1, Arrays.copyOfRange(both, half, both.length)));
    }

    private static byte[] der(BigInteger r, BigInteger s) {
        byte[] first = r.toByteArray();
        byte[] second = s.toByteArray();
        int length = first.length + second.length + 4;
        byte[] der = new byte[length + (length > 0x7f ? 3 : 2)];
        int at = 0;
        der[at++] = SEQUENCE;
        if (length > 0x7f) {
            der[at++] = (byte) 0x81;
        }
        der[at++] = (byte) length;
        for (byte[] number : new byte[][] {first, second}) {
            der[at++] = INTEGER;
            der[at++] = (byte) number.length;
            System.arraycopy(number, 0, der, at, number.length);
            at += number.length;
        }
        return der;
    }
}
