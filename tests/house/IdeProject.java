package tests.house;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import lib.text.Version;
import tests.support.Checkout;

//SOURCES JavaFile.java
//SOURCES ../support/Checkout.java
//SOURCES ../../lib/text/Version.java

/**
 * The file pom.xml, for editors and debuggers only: JBang builds and runs. Root of the sources is the checkout itself;
 * dependencies are those of all lines {@code //DEPS}, and what {@code //FILES} lines build in is put on the class path.
 */
final class IdeProject {
    private static final String PROJECT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- For IDEs only: ./jbang builds and runs. Written by ./jbang tests/house/pom.java -->
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>dray</groupId>
              <artifactId>dray</artifactId>
              <version>%s</version>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              <dependencies>
            %s  </dependencies>
              <build>
                <sourceDirectory>.</sourceDirectory>
                <resources>
            %s    </resources>
                <plugins>
                  <plugin>
                    <artifactId>maven-compiler-plugin</artifactId>
                    <version>3.13.0</version>
                    <configuration>
                      <proc>none</proc>
                      <includes>
                        <include>lib/**/*.java</include>
                        <include>scripts/*.java</include>
                        <include>tests/**/*.java</include>
                      </includes>
                      <excludes>
                        <exclude>lib/sources/**</exclude>
                      </excludes>
                    </configuration>
                  </plugin>
                </plugins>
              </build>
            </project>
            """;

    private IdeProject() { }

    /** Returns the text of the file. */
    static String pom() {
        TreeSet<String> dependencies = new TreeSet<>();
        Map<String, String> resources = new LinkedHashMap<>();
        for (JavaFile file : JavaFile.in("lib", "scripts", "tests")) {
            file.directives("DEPS").forEach(dependency -> dependencies.add(dependency(dependency.split(":"))));
            file.directives("FILES").forEach(line -> resources.put(line.split("=")[0], resource(file, line.split("="))));
        }
        return PROJECT.formatted(Version.NUMBER, String.join("", dependencies), String.join("", new TreeSet<>(resources.values())));
    }

    private static String dependency(String... names) {
        return """
                    <dependency>
                      <groupId>%s</groupId>
                      <artifactId>%s</artifactId>
                      <version>%s</version>
                    </dependency>
                """.formatted((Object[]) names);
    }

    /** A file that is built in keeps its name, in a folder that may be another one. */
    private static String resource(JavaFile file, String... names) {
        Path source = Checkout.root().relativize(file.file().resolveSibling(names[1]).normalize());
        return """
                      <resource>
                        <directory>%s</directory>
                        <includes>
                          <include>%s</include>
                        </includes>
                        <targetPath>%s</targetPath>
                      </resource>
                """.formatted(folder(source), source.getFileName(), folder(Path.of(names[0])));
    }

    private static String folder(Path file) {
        return file.getParent() == null ? "." : file.getParent().toString().replace('\\', '/');
    }
}
