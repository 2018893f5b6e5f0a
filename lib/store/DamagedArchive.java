package lib.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import lib.image.WrongContent;

//SOURCES TarFields.java
//SOURCES TarHeader.java
//SOURCES ../image/WrongContent.java

/**
 * An archive that cannot be opened any more, because it was cut short or a header in it is damaged. The headers that are left still say where
 * blobs begin. Whether the bytes there are right is for the reader to find out.
 */
public final class DamagedArchive {
    private DamagedArchive() { }

    /** Returns where in a file the content of each blob begins, in bytes, by the name of its entry, such as {@code blobs/sha256/…}. */
    public static Map<String, Long> blobs(Path file) throws IOException {
        Map<String, Long> offsets = new HashMap<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer block = ByteBuffer.allocate(TarHeader.BLOCK);
            for (long at = 0; channel.read(block.clear(), at) == TarHeader.BLOCK; ) {
                at += TarHeader.BLOCK;
                TarFields header = new TarFields(block.array());
                if (isHeader(header)) {
                    if (header.name().startsWith("blobs/")) {
                        offsets.put(header.name(), at);
                    }
                    at += Math.min(header.size() + TarHeader.padding(header.size()), channel.size() - at);
                }
            }
        }
        return offsets;
    }

    /** Behind a damaged header each block is looked at: the next header is one of them. */
    private static boolean isHeader(TarFields block) {
        try {
            block.check();
            return !block.isZero() && block.size() >= 0 && block.size() < Long.MAX_VALUE - TarHeader.BLOCK;
        } catch (WrongContent e) {
            return false;
        }
    }
}
