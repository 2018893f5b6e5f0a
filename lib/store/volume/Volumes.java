package lib.store.volume;

import java.nio.file.Path;
import java.util.Map;
import lib.text.Sizes;

/**
 * How an archive is cut: into files {@code NAME.001}, {@code NAME.002}, … of one size, of which the last may be smaller. That is how 7-Zip names
 * volumes, and what {@code split --numeric-suffixes=1 -a 3} makes; {@code cat NAME.???} is the archive again.
 *
 * @param archive    what the archive would be called as one file
 * @param size       its size in bytes
 * @param volumeSize the size of each volume but the last, in bytes
 */
public record Volumes(Path archive, long size, long volumeSize) {
    /** As many as three digits can number; a folder that should hold more was hardly meant. */
    private static final int MOST = 999;
    /** The largest file of a disk with FAT32. */
    private static final long FAT32 = (1L << 32) - 1;
    private static final long MIB = 1L << 20;
    /** Media, with room left for a file system: the sizes that 7-Zip offers for them. */
    private static final Map<String, Long> MEDIA = Map.of("fat32", FAT32, "cd", 700 * MIB, "dvd", 4480 * MIB, "dvd-dl", 8128 * MIB, "bd25", 23040 * MIB);

    /** Returns how an archive is cut; throws IllegalArgumentException where there would be too many volumes. */
    public static Volumes of(Path archive, long size, long volumeSize) {
        if ((size - 1) / volumeSize >= MOST) {
            throw new IllegalArgumentException(Sizes.of(size) + " are more than " + MOST + " volumes of " + Sizes.of(volumeSize) + ": choose larger ones");
        }
        return new Volumes(archive, size, volumeSize);
    }

    /** Returns the bytes that somebody means by a size such as {@code 4G}, or by a medium such as {@code fat32}; throws IllegalArgumentException, which names the option, for anything else. */
    public static long size(String option, String text) {
        if (MEDIA.containsKey(text)) {
            return MEDIA.get(text);
        }
        if (!text.matches("[0-9].*")) {
            throw new IllegalArgumentException(option + " '" + text + "': write a size such as 4G, or cd, dvd, dvd-dl, bd25 or fat32");
        }
        long size = Sizes.parse(option, text);
        if (size == 0) {
            throw new IllegalArgumentException(option + " must be more than 0");
        }
        return size;
    }

    /** Returns how many volumes there are. */
    public int count() {
        return number(size - 1);
    }

    /** Returns the number of the volume that a byte of the archive is in, counted from 1. */
    public int number(long offset) {
        return (int) (offset / volumeSize) + 1;
    }

    /** Returns which byte of the archive a volume begins with. */
    public long begin(int number) {
        return (number - 1) * volumeSize;
    }

    /** Returns the byte of the archive after the last one of a volume. */
    public long end(int number) {
        return Math.min(size, number * volumeSize);
    }

    /** Returns how many bytes a volume has. */
    public long length(int number) {
        return end(number) - begin(number);
    }

    /** Returns what a volume is called. */
    public Path file(int number) {
        return file(archive, number);
    }

    /** Returns what a volume's statement is called. */
    public Path statement(int number) {
        return statement(archive, number);
    }

    /** Returns where the digests of the volumes are, as sha256sum writes and checks them. */
    public Path sums() {
        return beside(archive, ".sha256");
    }

    static Path file(Path archive, int number) {
        return beside(archive, "." + threeDigits(number));
    }

    static Path statement(Path archive, int number) {
        return beside(archive, "." + threeDigits(number) + ".json");
    }

    /** A formatter would take longer to get ready than a small command to begin, and each command looks whether there are volumes. */
    private static String threeDigits(int number) {
        return String.valueOf(1000 + number).substring(1);
    }

    static Path beside(Path archive, String ending) {
        return archive.resolveSibling(archive.getFileName() + ending);
    }
}
