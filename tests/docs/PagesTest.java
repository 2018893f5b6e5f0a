package tests.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tests.support.Checkout;

//SOURCES CommandPages.java
//SOURCES ../support/Checkout.java

/** The pages say what the help says. {@code ./jbang tests/docs/pages.java} writes them. */
class PagesTest {
    @Test
    void should_have_a_page_and_a_man_page_of_each_script_that_says_what_its_help_says() throws IOException {
        Set<String> there = new TreeSet<>();
        for (String folder : new String[] {"docs/commands", "docs/man"}) {
            try (Stream<Path> files = Files.list(Checkout.root().resolve(folder))) {
                files.forEach(file -> there.add(folder + "/" + file.getFileName()));
            }
        }
        assertEquals(new TreeSet<>(CommandPages.all().keySet()), there);
        CommandPages.all().forEach((path, text) -> assertEquals(text, read(path), path + ": run ./jbang tests/docs/pages.java"));
    }

    /** {@code jbang info docs pull@dray} opens it. */
    @Test
    void should_name_in_each_script_its_page() throws IOException {
        for (String page : CommandPages.all().keySet()) {
            Path script = Checkout.root().resolve("scripts").resolve(Path.of(page).getFileName().toString().replaceFirst("(dray-)?(\\w+)[.].*", "$2.java"));
            assertEquals(List.of("../docs/commands/" + script.getFileName().toString().replace(".java", ".md")), Checkout.directives(script, "DOCS"));
        }
    }

    private static String read(String path) {
        try {
            return Files.readString(Checkout.root().resolve(path));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
