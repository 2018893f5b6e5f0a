package lib.server;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import lib.image.Platform;

/**
 * The smallest program that says something: it asks the kernel to write a line, and to end it. So it needs no library and no shell,
 * and runs in a root file system that has nothing else.
 *
 * @see <a href="https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html">ELF, the header</a>
 */
final class Hello {
    private static final int HEADERS = 64 + 56;
    private static final long ADDRESS = 0x400000;
    private static final int PAGE = 0x10000;
    private static final short X86_64 = 62;
    private static final short AARCH64 = 183;

    private Hello() { }

    /** Returns the program for Linux on amd64 or arm64. */
    static byte[] program(Platform platform) {
        byte[] line = ("hello from a root file system for " + platform + "\n").getBytes(StandardCharsets.US_ASCII);
        boolean arm = platform.architecture().equals("arm64");
        byte[] code = arm ? arm64(line.length) : amd64(line.length);
        int size = HEADERS + code.length + line.length;
        ByteBuffer file = little(size);
        file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0); // 64 bits, little-endian
        file.putShort((short) 2).putShort(arm ? AARCH64 : X86_64).putInt(1).putLong(ADDRESS + HEADERS); // an executable for this processor, and where it begins
        file.putLong(64).putLong(0).putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) 1);
        file.position(64);
        file.putInt(1).putInt(5).putLong(0).putLong(ADDRESS).putLong(ADDRESS).putLong(size).putLong(size).putLong(PAGE); // load all of it, to read and to run
        return file.put(code).put(line).array();
    }

    /** write(1, line, length), then exit(0): system calls 1 and 60. */
    private static byte[] amd64(int length) {
        return little(33).put((byte) 0xb8).putInt(1)            // mov eax, 1
                .put((byte) 0xbf).putInt(1)                     // mov edi, 1
                .put(new byte[] {0x48, (byte) 0x8d, 0x35}).putInt(16) // lea rsi, [rip + 16]
                .put((byte) 0xba).putInt(length)                // mov edx, length
                .put(new byte[] {0x0f, 0x05})                   // syscall
                .put((byte) 0xb8).putInt(60)                    // mov eax, 60
                .put(new byte[] {0x31, (byte) 0xff, 0x0f, 0x05}).array(); // xor edi, edi; syscall
    }

    /** The same: here the calls are 64 and 93. */
    private static byte[] arm64(int length) {
        return little(32).putInt(0xd2800020)                    // mov x0, 1
                .putInt(0x100000e1)                             // adr x1, 28 bytes on
                .putInt(0xd2800002 | length << 5)               // mov x2, length
                .putInt(0xd2800808).putInt(0xd4000001)          // mov x8, 64; svc 0
                .putInt(0xd2800000)                             // mov x0, 0
                .putInt(0xd2800ba8).putInt(0xd4000001).array(); // mov x8, 93; svc 0
    }

    private static ByteBuffer little(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
