package tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import tests.support.Dray;

//SOURCES ../support/Dray.java

/** What --help prints. */
class HelpTest {
    @Test
    void should_print_each_example_and_address_in_one_line_that_can_be_copied() {
        List<String> lines = Dray.run("token", "--help").orFail().text().lines().toList();
        int examples = lines.indexOf("Examples:");
        assertTrue(lines.get(examples + 2).endsWith("https://registry-1.docker.io/v2/library/nginx/tags/list"), lines.get(examples + 2));
        assertEquals("", lines.get(examples + 3));
        assertEquals("Specification: https://distribution.github.io/distribution/spec/auth/token/", lines.get(examples + 4));
        assertEquals(examples + 5, lines.size());
    }
}
