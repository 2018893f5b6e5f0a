//SOURCES ../Dray.java
//SOURCES ../cli/Snippets.java
//SOURCES ../text/Resource.java

/* What scripts/shell.java compiles of the library: written by ./jbang tests/house/sources.java */
