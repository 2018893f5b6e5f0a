package tests.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import lib.image.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;

class DigestTest {
    private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);
    private static final String SHA256_OF_ABC = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String SHA512_OF_ABC = "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

    @Test
    void should_be_written_as_it_was_read() {
        assertEquals(SHA256_OF_ABC, Digest.parse(SHA256_OF_ABC).toString());
        assertEquals(SHA512_OF_ABC, Digest.parse(SHA512_OF_ABC).toString());
        assertEquals("sha512", Digest.parse(SHA512_OF_ABC).algorithm());
        assertEquals("ba7816bf8f01", Digest.parse(SHA256_OF_ABC).shortHex());
    }

    @Test
    void should_be_that_of_the_bytes() {
        assertEquals(SHA256_OF_ABC, Digest.of(ABC).toString());
        assertEquals("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", Digest.of(new byte[0]).toString());
    }

    @Test
    void should_hash_with_its_own_algorithm() {
        for (String text : List.of(SHA256_OF_ABC, SHA512_OF_ABC)) {
            Digest digest = Digest.parse(text);
            assertEquals(digest, Digest.of(digest.algorithm(), digest.newHash(ABC.length).digest(ABC)));
        }
    }

    static List<String> bad() {
        String hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        return List.of("", ":", hex, "sha256", "sha256:", "sha256" + hex, ":" + hex,
                "sha256:" + hex.substring(1), "sha256:" + hex + "0", "sha256:" + hex.toUpperCase(), "SHA256:" + hex,
                "sha256:" + hex.replace('b', 'g'), "sha256:" + hex.replace('1', '１'),
                "sha512:" + hex, "sha256:" + hex + hex, "md5:900150983cd24fb0d6963f7d28e17f72", "sha384:" + hex + hex.substring(32),
                " sha256:" + hex, "sha256:" + hex + " ", "sha256:" + hex + "\n", "sha256: " + hex.substring(1),
                "sha256:../../x", "sha256:/etc/passwd", "sha256:" + hex.substring(3) + "/..", "sha256/" + hex, "../" + SHA256_OF_ABC,
                SHA256_OF_ABC + "\0", SHA256_OF_ABC + "," + SHA256_OF_ABC);
    }

    @ParameterizedTest
    @NullSource
    @MethodSource("bad")
    void should_refuse_what_is_no_digest(String text) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Digest.parse(text));
        assertTrue(refused.getMessage().contains("'" + text + "' is not a digest"), refused.getMessage());
    }
}
