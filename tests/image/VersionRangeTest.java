package tests.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import lib.text.TagVersion;
import lib.text.VersionRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges of versions as package managers write them, over tags as registries have them. */
class VersionRangeTest {
    private static final List<String> TAGS = List.of("latest", "1", "1.25.5", "1.26", "v1.26.3", "1.27", "1.27.0", "1.27.3", "1.27.10", "1.28.0-rc.1", "1.28.0-rc.2", "1.28.0", "1.29.1",
            "1.30.0", "2.0.0", "1.27-alpine", "1.27.3-alpine", "1.28.1-alpine", "1.27.3-alpine3.20", "1.27.3-rc.1-alpine", "3f2a91c", "1.27.3-perl", "0.3.1", "0.3.9", "0.4.0", "20240131");

    private static String chosen(String range, boolean preReleases) {
        return String.join(" ", TAGS.stream().filter(tag -> VersionRange.parse(range).takes(tag, preReleases)).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "1.27 - 1.29, 1.27 1.27.0 1.27.3 1.27.10 1.28.0 1.29.1",
        "^1.27, 1.27 1.27.0 1.27.3 1.27.10 1.28.0 1.29.1 1.30.0",
        "~1.27.1, 1.27.3 1.27.10",
        "~1.27, 1.27 1.27.0 1.27.3 1.27.10",
        ">=1.28 <2, 1.28.0 1.29.1 1.30.0",
        "'>1.27, <=1.29', 1.28.0 1.29.1",
        "1.27.x, 1.27 1.27.0 1.27.3 1.27.10",
        "1.27.3, 1.27.3",
        "v1.26, 1.26 v1.26.3",
        "^0.3, 0.3.1 0.3.9",
        "~1.26 || 2.x, 1.26 v1.26.3 2.0.0",
        "^1.27-alpine, 1.27-alpine 1.27.3-alpine 1.28.1-alpine",
        "1.27 - 1.27-alpine, 1.27-alpine 1.27.3-alpine",
        "*-alpine3.20, 1.27.3-alpine3.20",
        ">=1.28.0-rc.2 <1.29, 1.28.0-rc.2 1.28.0",
        "1.28.0-rc.1, 1.28.0-rc.1",
    })
    void should_take_what_package_managers_take_of_one_family(String range, String expected) {
        assertEquals(expected, chosen(range, false));
    }

    @Test
    void should_take_pre_releases_only_when_asked_for() {
        assertEquals("1.27.10 1.28.0-rc.1 1.28.0-rc.2 1.28.0", chosen(">=1.27.5 <1.29", true));
        assertEquals("1.27 1.27.0 1.27.3 1.27.10", chosen(">=1.27 <1.28", true));
        assertEquals("1.27-alpine 1.27.3-alpine 1.27.3-rc.1-alpine", chosen("~1.27-alpine", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "latest", "1.27 - ", "=>1", "1.27 foo", "^1.27-alpine || ^1.27-slim", "^x", "1.2 - 1.3 - 1.4", "<"})
    void should_refuse_what_is_not_a_range_of_one_family(String range) {
        assertThrows(IllegalArgumentException.class, () -> VersionRange.parse(range));
    }

    @Test
    void should_tell_pre_releases_from_families() {
        assertEquals("rc1", TagVersion.of("3.13.0rc1").preRelease());
        assertEquals("-bookworm", TagVersion.of("3.13.0b2-bookworm").family());
        assertEquals("-bookworm", TagVersion.of("3.13.0-bookworm").family());
        assertEquals("", TagVersion.of("3.13.0-alpine").preRelease());
        assertTrue(TagVersion.of("1.10").compareTo(TagVersion.of("1.9.9")) > 0);
        assertEquals(0, TagVersion.of("1.27").compareTo(TagVersion.of("1.27.0")));
    }
}
