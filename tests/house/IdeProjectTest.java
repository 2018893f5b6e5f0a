package tests.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import tests.support.Checkout;

//SOURCES IdeProject.java
//SOURCES ../support/Checkout.java

/** An IDE knows the dependencies that JBang knows. */
class IdeProjectTest {
    @Test
    void should_have_a_pom_that_lists_what_the_files_name() throws IOException {
        assertEquals(IdeProject.pom(), Files.readString(Checkout.root().resolve("pom.xml")), "run ./jbang tests/house/pom.java");
    }
}
