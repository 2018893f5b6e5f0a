package lib.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import lib.crypto.Crypto;

/**
 * The name of content by its hash, such as {@code sha256:2cf2…}.
 * The parser is the only way to make one from text, so a digest is always safe to use as a file name.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md#digests">image-spec, Digests</a>
 */
public record Digest(String algorithm, String hex) {
    private static final Pattern GRAMMAR = Pattern.compile("(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128})");

    /** Returns the digest written as {@code algorithm:hex}, or throws IllegalArgumentException that says what is wrong. */
    public static Digest parse(String text) {
        Matcher matcher = GRAMMAR.matcher(text == null ? "" : text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a digest: sha256 and 64, or sha512 and 128, lower-case hex digits are needed");
        }
        return matcher.group(1) != null
                ? new Digest(matcher.group(1), matcher.group(2))
                : new Digest(matcher.group(3), matcher.group(4));
    }

    /** Returns the SHA-256 digest of these bytes. */
    public static Digest of(byte[] bytes) {
        return of("sha256", Crypto.sha256(bytes.length).digest(bytes));
    }

    /** Returns whether this is the digest of these bytes. */
    public boolean isOf(byte[] bytes) {
        return of(algorithm, newHash(bytes.length).digest(bytes)).equals(this);
    }

    /** Returns a new SHA-256, to make a digest of content that comes bit by bit, of any size. */
    public static MessageDigest newSha256() {
        return Crypto.sha256(Long.MAX_VALUE);
    }

    /** Returns the digest of a finished hash of this algorithm. */
    public static Digest of(String algorithm, byte[] hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash));
    }

    /** Returns a new hash of this digest's algorithm, to check content of so many bytes, or about so many, against it. */
    public MessageDigest newHash(long size) {
        if (!algorithm.equals("sha512")) {
            return Crypto.sha256(size);
        }
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-512", e);
        }
    }

    /** Returns the first twelve hex digits, as engines show them to people. */
    public String shortHex() {
        return hex.substring(0, 12);
    }

    /**
     * Returns the tag under which a registry without the referrers API keeps what refers to this digest, {@code sha256-2cf2…}
     * (distribution-spec, Referrers Tag Schema). Cosign's tags have an ending more.
     */
    public String referrersTag() {
        return algorithm + "-" + hex.substring(0, 64);
    }

    // A record would bring these two, but link them at run time, which takes ten milliseconds of a small script's start.
    @Override
    public boolean equals(Object other) {
        return other instanceof Digest digest && hex.equals(digest.hex) && algorithm.equals(digest.algorithm);
    }

    @Override
    public int hashCode() {
        return hex.hashCode();
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }
}
