package lib.transfer;

import lib.image.Manifest;
import lib.image.Origin;
import lib.registry.Registry;
import lib.store.Named;

//SOURCES ../image/Manifest.java
//SOURCES ../image/Origin.java
//SOURCES ../registry/Registry.java
//SOURCES ../store/Named.java

/** An image that is to be fetched: its manifest, which is here already, and the registry that has its blobs. */
public record Wanted(Registry registry, Manifest manifest, Origin origin) {
    Named named() {
        return new Named(manifest, origin.reference());
    }
}
