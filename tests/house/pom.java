///usr/bin/env jbang "$0" "$@" ; exit $?
package tests.house;

import java.nio.file.Files;
import tests.support.Checkout;

//MAIN tests.house.pom
//JAVA 17+
//COMPILE_OPTIONS -encoding UTF-8
//DESCRIPTION Writes pom.xml, by which IDEs know the sources and their dependencies
//SOURCES IdeProject.java
//SOURCES ../support/Checkout.java

/** To be run after a dependency or a file that is built in has changed. */
public class pom {
    public static void main(String[] args) throws Exception {
        Files.writeString(Checkout.root().resolve("pom.xml"), IdeProject.pom());
    }
}
