package lib.registry.api;

import java.util.Locale;

/** What a request is for. */
public enum Purpose {
    /** Whether there is a registry, and what it asks for: GET /v2/. */
    FRONT_DOOR,
    /** A token, from a token server. */
    TOKEN,
    /** A manifest or an index, or only its headers. */
    MANIFEST,
    /** A blob, a part of it, or only its size. */
    BLOB,
    /** The tags of a repository. */
    TAGS,
    /** The repositories of a registry. */
    CATALOG,
    /** What refers to a manifest, by the API or by the tag that is made of the manifest's digest. */
    REFERRERS,
    /** A blob that is sent to the registry, or how much of it is there. */
    BLOB_UPLOAD,
    /** A manifest that is sent to the registry, or whether it is there. */
    MANIFEST_UPLOAD,
    /** A search on Docker Hub, or its list of tags. */
    DOCKER_HUB,
    /** Whether a host speaks TLS. */
    TLS_PROBE;

    /** Returns the name as files have it, such as {@code blob-upload}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
