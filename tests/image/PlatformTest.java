package tests.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lib.image.Platform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {

    @ParameterizedTest
    @CsvSource({
        "linux/amd64,       linux/amd64",
        "linux/x86_64,      linux/amd64",
        "linux/x86-64,      linux/amd64",
        "linux/amd64/v1,    linux/amd64",
        "linux/amd64/v3,    linux/amd64/v3",
        "Linux/AMD64/V2,    linux/amd64/v2",
        "linux/aarch64,     linux/arm64",
        "linux/arm64/v8,    linux/arm64",
        "linux/arm64/8,     linux/arm64",
        "linux/arm64/v9,    linux/arm64/v9",
        "linux/arm,         linux/arm/v7",
        "linux/arm/7,       linux/arm/v7",
        "linux/arm/v6,      linux/arm/v6",
        "linux/arm/5,       linux/arm/v5",
        "linux/armhf,       linux/arm/v7",
        "linux/armel,       linux/arm/v6",
        "linux/i386,        linux/386",
        "linux/i686,        linux/386",
        "linux/386,         linux/386",
        "linux/s390x,       linux/s390x",
        "linux/ppc64le,     linux/ppc64le",
        "linux/riscv64,     linux/riscv64",
        "windows/amd64,     windows/amd64",
        "Windows(10.0.20348)/x86_64, windows(10.0.20348)/amd64",
        "macos/arm64,       darwin/arm64",
    })
    void should_be_written_in_one_way(String text, String normalised) {
        assertEquals(normalised, Platform.parse(text).toString());
        assertEquals(Platform.parse(normalised), Platform.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "linux", "linux/", "/amd64", "linux//v7", "linux/arm/", "linux/arm/v7/", "linux/arm/v7/x", "linux/am d64",
        " linux/amd64", "linux/amd64\n", "linux\\amd64", "linux,amd64", "linux/ämd64", "linux/amd64:x", "windows()/amd64", "windows(10/amd64", "windows(10 0)/amd64"})
    void should_refuse_what_is_no_platform(String text) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Platform.parse(text));
        assertTrue(refused.getMessage().contains("'" + text + "' is not a platform"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "linux/amd64,       linux/amd64",
        "linux/amd64/v2,    linux/amd64/v2 linux/amd64",
        "linux/amd64/v3,    linux/amd64/v3 linux/amd64/v2 linux/amd64",
        "linux/amd64/v4,    linux/amd64/v4 linux/amd64/v3 linux/amd64/v2 linux/amd64",
        "linux/arm64,       linux/arm64",
        "linux/arm64/v9,    linux/arm64/v9 linux/arm64",
        "linux/arm,         linux/arm/v7 linux/arm/v6 linux/arm/v5",
        "linux/arm/v6,      linux/arm/v6 linux/arm/v5",
        "linux/arm/v5,      linux/arm/v5",
        "linux/386,         linux/386",
        "windows/amd64,     windows/amd64",
        "windows(10.0.1)/amd64, windows(10.0.1)/amd64",
    })
    void should_fall_back_to_older_processors_of_its_kind_only(String wanted, String best) {
        assertEquals(List.of(best.split(" ")), Platform.parse(wanted).fallbacks().stream().map(Platform::toString).toList());
    }

    @Test
    void should_be_linux_on_every_machine() {
        Platform here = Platform.ofThisMachine();
        assertEquals("linux", here.os());
        assertNotEquals("x86_64", here.architecture());
        assertEquals(Platform.parse(here.toString()), here);
    }

    @Test
    void should_take_an_absent_variant_for_none() {
        assertEquals(new Platform("linux", "s390x", ""), new Platform("linux", "s390x", null));
    }
}
