///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.docs;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import tests.cli.ArgumentTable;
import tests.support.Checkout;

//MAIN tests.docs.pages
//JAVA 17+
//COMPILE_OPTIONS -encoding UTF-8
//DESCRIPTION Writes what follows from the options of the scripts: docs/commands, docs/man, lib/cli/arguments/KnownArguments.java
//SOURCES CommandPages.java
//SOURCES ../cli/ArgumentTable.java
//SOURCES ../support/Checkout.java
//SOURCES ../../scripts/*.java

/** To be run after an option of a script, or its help, has changed. */
public class pages {
    public static void main(String[] args) throws Exception {
        for (Map.Entry<String, String> page : CommandPages.all().entrySet()) {
            Path file = Checkout.root().resolve(page.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, page.getValue());
        }
        Files.writeString(Checkout.root().resolve(ArgumentTable.FILE), ArgumentTable.text());
    }
}
