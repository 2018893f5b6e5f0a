package lib.transfer;

import lib.image.Manifest;
import lib.image.Origin;
import lib.image.Reference;
import lib.registry.Registry;
import lib.store.Named;

//SOURCES ../image/Manifest.java
//SOURCES ../image/Origin.java
//SOURCES ../image/Reference.java
//SOURCES ../registry/Registry.java
//SOURCES ../store/Named.java

/** An image that is to be fetched: its manifest, which is here already, and the registry that has its blobs. */
public record Wanted(Registry registry, Manifest manifest, Origin origin) {
    /** Returns the same image under another name. */
    public Wanted as(Reference name) {
        return new Wanted(registry, manifest, new Origin(name, origin.endpoint(), origin.digest(), origin.platform(), origin.layout()));
    }

    Named named() {
        return new Named(manifest, origin.reference());
    }
}
