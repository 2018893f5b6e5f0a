///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tests.support.Checkout;

//MAIN tests.docs.pages
//JAVA 17+
//COMPILE_OPTIONS -encoding UTF-8
//DESCRIPTION Writes a page and a man page for each script, docs/commands and docs/man
//SOURCES CommandPages.java
//SOURCES ../support/Checkout.java
//SOURCES ../../scripts/*.java

/** To be run after the help of a script has changed. */
public class pages {
    public static void main(String[] args) throws Exception {
        for (Map.Entry<String, String> page : CommandPages.all().entrySet()) {
            Path file = Checkout.root().resolve(page.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, page.getValue());
        }
    }
}
