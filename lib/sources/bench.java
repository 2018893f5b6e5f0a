//SOURCES ../cli/Cli.java
//SOURCES ../cli/CommonOptions.java
//SOURCES ../cli/Failure.java
//SOURCES ../cli/HelpPage.java
//SOURCES ../cli/package-info.java
//SOURCES ../cli/terminal/Screen.java
//SOURCES ../cli/terminal/package-info.java
//SOURCES ../failure/NoSignatureException.java
//SOURCES ../failure/NotFoundException.java
//SOURCES ../failure/RegistryException.java
//SOURCES ../failure/WrongContentException.java
//SOURCES ../failure/WrongSignatureException.java
//SOURCES ../failure/package-info.java
//SOURCES ../image/Digest.java
//SOURCES ../image/MediaType.java
//SOURCES ../image/package-info.java
//SOURCES ../text/GoObject.java
//SOURCES ../text/Json.java
//SOURCES ../text/JsonTree.java
//SOURCES ../text/PlainText.java
//SOURCES ../text/SecretForm.java
//SOURCES ../text/Secrets.java
//SOURCES ../text/Suggestion.java
//SOURCES ../text/Version.java
//SOURCES ../text/package-info.java

/* What tests/bench/bench.java compiles of the library: written by ./jbang tests/house/sources.java */
