package lib.registry.settings;

import lib.image.Reference;

/** Docker Hub's registry answers at another host than the one that images are named by. */
public final class DockerHub {
    public static final String API_HOST = "registry-1.docker.io";

    private DockerHub() { }

    /** Returns the host of a registry's API, by the name that images have. */
    public static String apiHost(String registry) {
        return WebAddress.withoutUsualPort(registry).equals(Reference.DOCKER_HUB) ? API_HOST : registry;
    }
}
