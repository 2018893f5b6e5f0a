///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.house;

import java.nio.file.Files;
import java.nio.file.Path;
import tests.support.Checkout;

//MAIN tests.house.sources
//JAVA 17+
//COMPILE_OPTIONS -encoding UTF-8
//DESCRIPTION Writes the lists of what each script compiles of the library, lib/sources
//SOURCES SourceLists.java
//SOURCES ../support/Checkout.java

/** To be run after a file of the library has begun or ceased to use another one. */
public class sources {
    public static void main(String[] args) throws Exception {
        for (JavaFile main : SourceLists.mains()) {
            Path list = Checkout.root().resolve(SourceLists.listOf(main));
            Files.createDirectories(list.getParent());
            Files.writeString(list, SourceLists.text(main));
        }
    }
}
