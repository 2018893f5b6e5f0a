package tests.registry;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import tests.support.Dray;
import tests.support.Program;

//SOURCES TlsTest.java
//SOURCES ../support/Dray.java
//SOURCES ../support/Program.java

/** The same by the native library, which scripts use that move blobs: whom it trusts, what it shows and what it says is as with Java's own. */
@Tag("slow")
class NativeTlsTest extends TlsTest {
    @Override
    Program script(Path home, String name, String... arguments) {
        return Dray.natively(home, name, arguments);
    }
}
