package lib.registry.api;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import lib.image.Descriptor;
import lib.image.Digest;
import lib.image.MediaType;
import lib.image.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Every request that Dray sends, on one page. NAME is the repository; the addresses of a mirror or of a registry come before it.
 *
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md">distribution-spec</a>
 */
public final class Api {
    /** The longest page of a list that is taken, in bytes: some registries send all they have in one. */
    public static final int LONGEST_PAGE = 16 * 1024 * 1024;
    /** The longest answer of a token server that is taken, in bytes. */
    public static final int LONGEST_TOKEN = 1024 * 1024;
    private static final String OCTETS = "application/octet-stream";
    private static final String FIRST_BYTE = "bytes=0-0";

    private Api() { }

    /** GET /v2/ without credentials (Determining Support): 200, or mostly 401 with a challenge, which names the token server. */
    public static Request frontDoor() {
        return Request.of(Purpose.FRONT_DOOR, "GET", "/v2/").anonymous().answeredBy(200, 400, 401, 403, 404).orElse("no way in")
                .because("Knock at the API's front door: its challenge says who gives access");
    }

    /** GET /v2/ with credentials (Determining Support): 200. */
    public static Request login(Reference image) {
        return Request.of(Purpose.FRONT_DOOR, "GET", "/v2/").orElse("no access to " + image.registry()).because("Knock at the API's front door with what it asked for");
    }

    /** GET REALM?service=SERVICE&amp;scope=SCOPE (distribution, Token Authentication): 200. */
    public static Request token(URI address, String scope) {
        return Request.of(Purpose.TOKEN, "GET", address.toString()).wants(LONGEST_TOKEN, "a token")
                .because("The registry wants a token: ask its token server for " + (scope.isBlank() ? "one" : scope));
    }

    /** POST REALM with an identity token in a form (distribution, OAuth2 Token Authentication): 200. */
    public static Request token(URI realm, String scope, Body.Form form) {
        return Request.of(Purpose.TOKEN, "POST", realm.toString()).sends(form).wants(LONGEST_TOKEN, "a token")
                .because("The registry wants a token: give its token server the identity token for " + scope);
    }

    /** GET /v2/NAME/manifests/REFERENCE (Pulling manifests): 200, and the bytes are the manifest. */
    public static Request manifest(Reference image, String tagOrDigest) {
        return manifest(Purpose.MANIFEST, "GET", image, tagOrDigest).wants(Descriptor.LONGEST_MANIFEST, "a manifest")
                .because(isTag(tagOrDigest) ? "Ask which manifest the tag " + tagOrDigest + " points to" : "Ask for the manifest of that digest");
    }

    /** HEAD /v2/NAME/manifests/REFERENCE (Checking if content exists in the registry): 200; where HEAD is refused, 403, 404, 405 or 501. */
    public static Request manifestHead(Reference image) {
        return manifest(Purpose.MANIFEST, "HEAD", image, image.tagOrDigest()).answeredBy(200, 403, 404, 405, 501).because("Ask which manifest there is, without fetching it");
    }

    private static Request manifest(Purpose purpose, String method, Reference image, String tagOrDigest) {
        return Request.of(purpose, method, "/manifests/" + tagOrDigest).about(isTag(tagOrDigest) ? null : Digest.parse(tagOrDigest))
                .header("Accept", String.join(", ", MediaType.MANIFESTS))
                .orElse(image.registry() + "/" + image.repository() + " has no " + (isTag(tagOrDigest) ? "tag '" + tagOrDigest + "'" : "manifest " + tagOrDigest),
                        "could not get the manifest of " + image.registry() + "/" + image.repository() + (isTag(tagOrDigest) ? ":" : "@") + tagOrDigest);
    }

    private static boolean isTag(String tagOrDigest) {
        return !tagOrDigest.contains(":");
    }

    /** GET /v2/NAME/blobs/DIGEST (Pulling blobs): 200, or 206 with a Range for the bytes from {@code from} to before {@code to}; 416 if there are none. */
    public static Request blob(Reference image, Descriptor blob, long from, long to) {
        boolean whole = from == 0 && to == blob.size();
        Request request = wholeBlob(image, blob).answeredAlsoBy(206, 416).because("Fetch the blob " + blob.digest().shortHex() + (whole ? "" : ", bytes " + from + " to " + (to - 1)));
        return whole ? request : request.header("Range", "bytes=" + from + "-" + (to - 1));
    }

    /** GET /v2/NAME/blobs/DIGEST (Pulling blobs): 200, all of it; 404 for a layer that is elsewhere (image-spec, descriptor, urls). */
    public static Request wholeBlob(Reference image, Descriptor blob) {
        return blob("GET", image, blob.digest()).once().answeredAlsoBy(blob.urls().isEmpty() ? new Integer[0] : new Integer[] {404});
    }

    /** HEAD /v2/NAME/blobs/DIGEST (Checking if content exists in the registry): 200; where HEAD is refused, 403, 404, 405 or 501. */
    public static Request blobSize(Reference image, Digest digest) {
        return blob("HEAD", image, digest).answeredBy(200, 206, 416, 403, 404, 405, 501).because(howLarge(digest));
    }

    /** GET /v2/NAME/blobs/DIGEST with Range: bytes=0-0 (Pulling blobs): 206, 200 or 416, whose headers tell the blob's size. */
    public static Request blobSizeByFirstByte(Reference image, Digest digest) {
        return blob("GET", image, digest).header("Range", FIRST_BYTE).answeredBy(200, 206, 416).because(howLarge(digest) + ", by its first byte");
    }

    private static Request blob(String method, Reference image, Digest digest) {
        return Request.of(Purpose.BLOB, method, "/blobs/" + digest).about(digest).orElse(image.repository() + " has no blob " + digest, "could not get the blob " + digest + " of " + image.repository());
    }

    private static String howLarge(Digest digest) {
        return "Ask how large the blob " + digest.shortHex() + " is";
    }

    /** GET /v2/NAME/tags/list (Listing Tags): 200, a page. */
    public static Request tags(Reference image) {
        return page(Purpose.TAGS, "/tags/list", "tags of " + image.registry() + "/" + image.repository()).because("List the tags of " + image.repository());
    }

    /** GET /v2/_catalog (distribution, Listing Repositories): 200, a page. */
    public static Request catalog(String host) {
        return page(Purpose.CATALOG, "", "repositories of " + host).because("List the repositories");
    }

    /**
     * GET /v2/NAME/referrers/DIGEST?artifactType=TYPE (Listing Referrers): 200, a page; without the API 404, by some registries 400 or 405.
     *
     * @param type the artifact type to list, or null for all
     */
    public static Request referrers(Digest digest, @Nullable String type) {
        return page(Purpose.REFERRERS, "/referrers/" + digest + (type == null ? "" : "?artifactType=" + encoded(type)), "referrers of " + digest).about(digest)
                .because("Ask what refers to the manifest");
    }

    /**
     * GET /v2/NAME/manifests/ALGORITHM-HEX (Listing Referrers, Referrers Tag Schema): 200, the list of what refers to a manifest; mostly there is none.
     *
     * @param ending "", or what cosign adds to that tag: {@code .sig} has signatures, {@code .att} attestations, {@code .sbom} a list of contents
     */
    public static Request referrersTag(Reference image, Digest subject, String ending) {
        return manifest(Purpose.REFERRERS, "GET", image, subject.referrersTag() + ending).wants(Descriptor.LONGEST_MANIFEST, "a manifest")
                .because("Ask what refers to the manifest, by the tag that is made of its digest");
    }

    /** HEAD on the same (Checking if content exists in the registry): 200; any other where the tag is not there, or HEAD is refused. */
    public static Request referrersTagHead(Reference image, Digest subject, String ending) {
        return manifest(Purpose.REFERRERS, "HEAD", image, subject.referrersTag() + ending).answeredBy(200)
                .because("Ask whether something refers to the manifest, by the tag that is made of its digest");
    }

    /** GET on the address that the Link header of a page gave (Listing Tags, Listing Referrers): 200, the next page. */
    public static Request nextPage(Request page, String address) {
        return page.to(URI.create(address), Map.of(), false);
    }

    private static Request page(Purpose purpose, String path, String what) {
        return Request.of(purpose, "GET", path).wants(LONGEST_PAGE, what).orElse("no " + what, "could not list the " + what);
    }

    /** HEAD /v2/NAME/blobs/DIGEST (Checking if content exists in the registry) before a push: 200 or a redirect, 404; where HEAD is refused, 403, 405 or 501. */
    public static Request hasBlob(Reference target, Digest digest) {
        return hasBlob("HEAD", target, digest).answeredBy(200, 206, 416, 301, 302, 303, 307, 308, 404, 403, 405, 501);
    }

    /** GET /v2/NAME/blobs/DIGEST with Range: bytes=0-0 (Pulling blobs) before a push: 206, 200, 416 or a redirect; 404. */
    public static Request hasBlobByFirstByte(Reference target, Digest digest) {
        return hasBlob("GET", target, digest).header("Range", FIRST_BYTE).answeredBy(200, 206, 416, 301, 302, 303, 307, 308, 404)
                .because("Ask whether the repository has the blob " + digest.shortHex() + " already, by its first byte");
    }

    private static Request hasBlob(String method, Reference target, Digest digest) {
        return upload(method, "/blobs/" + digest, digest).because("Ask whether the blob " + digest.shortHex() + " is there already")
                .orElse("it is not known whether " + target.repository() + " has the blob " + digest);
    }

    /** POST /v2/NAME/blobs/uploads/ (Pushing a blob, POST then PUT): 202, and Location is where to send it. */
    public static Request beginUpload(Reference target, Digest digest) {
        return upload("POST", "/blobs/uploads/", digest).sends(Body.NOTHING).answeredBy(202).because("Begin to send the blob " + digest.shortHex())
                .orElse(target.registry() + " takes no blob for " + target.repository());
    }

    /** POST /v2/NAME/blobs/uploads/?mount=DIGEST&amp;from=OTHER (Mounting a blob from another repository): 201 when it is there; 202 begins an upload. */
    public static Request mount(Digest digest, String from) {
        return upload("POST", "/blobs/uploads/?mount=" + digest + "&from=" + from, digest).sends(Body.NOTHING).reads(from).answeredBelow(1000).once()
                .because("Ask to take the blob " + digest.shortHex() + " from " + from + ", without sending it");
    }

    /** PATCH LOCATION with Content-Range (Pushing a blob in chunks): 202, of some registries 204. The last byte is before {@code end}. */
    public static Request uploadChunk(URI location, Digest digest, Body chunk, long from, long end) {
        return upload("PATCH", location.toString(), digest).sends(chunk).header("Content-Type", OCTETS).header("Content-Range", from + "-" + (end - 1)).answeredBy(202, 204).once()
                .because("Send the blob " + digest.shortHex() + ", bytes " + from + " to " + (end - 1))
                .orElse("bytes " + from + " to " + (end - 1) + " of the blob " + digest + " were not accepted");
    }

    /** PUT LOCATION?digest=DIGEST with what is missing (Pushing a blob, POST then PUT; in chunks): 201, of some registries 204. */
    public static Request endUpload(URI location, Descriptor blob, Body rest, long from) {
        String address = location + (location.getRawQuery() == null ? "?" : "&") + "digest=" + blob.digest();
        Request end = upload("PUT", address, blob.digest()).sends(rest).header("Content-Type", OCTETS).answeredBy(201, 204).once()
                .orElse("the blob " + blob.digest() + " was not accepted");
        return from == 0 || rest.length() == 0 ? end : end.header("Content-Range", from + "-" + (blob.size() - 1));
    }

    /** GET LOCATION (Pushing a blob in chunks): 204, and Range is how much has come; below 500, the upload is not known any more. */
    public static Request uploadStatus(URI location, Digest digest) {
        return upload("GET", location.toString(), digest).answeredBelow(500).because("Ask how much of the blob " + digest.shortHex() + " has come")
                .orElse("it is not known how much of the blob " + digest + " has come");
    }

    /** DELETE LOCATION (distribution, Canceling an Upload): whatever the status, for registries forget an upload after a while, too. */
    public static Request cancelUpload(URI location, Digest digest) {
        return upload("DELETE", location.toString(), digest).answeredBelow(1000).once().because("Give up: nothing more of the blob " + digest.shortHex() + " will come");
    }

    private static Request upload(String method, String uri, Digest digest) {
        return Request.of(Purpose.BLOB_UPLOAD, method, uri).about(digest);
    }

    /** HEAD /v2/NAME/manifests/REFERENCE (Checking if content exists in the registry) before a push: 200 with Docker-Content-Digest; any other says no. */
    public static Request hasManifest(Digest manifest, String tagOrDigest) {
        return Request.of(Purpose.MANIFEST_UPLOAD, "HEAD", "/manifests/" + tagOrDigest).about(manifest).header("Accept", String.join(", ", MediaType.MANIFESTS))
                .answeredBelow(1000).because("Ask whether " + tagOrDigest + " points to that manifest already");
    }

    /** PUT /v2/NAME/manifests/REFERENCE (Pushing Manifests): 201, of some registries 200 or 202. */
    public static Request putManifest(Reference target, Descriptor manifest, byte[] bytes, String tagOrDigest) {
        return Request.of(Purpose.MANIFEST_UPLOAD, "PUT", "/manifests/" + tagOrDigest).about(manifest.digest()).header("Content-Type", manifest.mediaType())
                .sends(Body.of(bytes)).answeredBy(200, 201, 202)
                .because((MediaType.isIndex(manifest.mediaType()) ? "Put the index" : "Put the manifest") + ", now that its parts are there")
                .orElse(target.registry() + " does not take the manifest " + manifest.digest() + " for " + target.repository());
    }

    /** GET /v2/NAME/manifests/ALGORITHM-HEX (Pushing Manifests with Subject) before a push: 200, the list of what refers to a manifest; 404 if there is none yet. */
    public static Request referrersTagForPush(Reference target, Digest subject) {
        return manifest(target, subject.referrersTag()).answeredBy(200, 404).because("Read the list of what refers to " + subject.shortHex());
    }

    /**
     * PUT /v2/NAME/manifests/ALGORITHM-HEX (Pushing Manifests with Subject): 201; 412 where the list has changed since it was read, if the registry heeds the condition.
     *
     * @param condition If-Match or If-None-Match (RFC 9110, section 13.1), or null
     * @param value     what to compare with
     */
    public static Request putReferrersTag(Reference target, Descriptor index, byte[] bytes, Digest subject, @Nullable String condition, @Nullable String value) {
        Request put = putManifest(target, index, bytes, subject.referrersTag()).answeredBy(200, 201, 202, 412)
                .because("Put the list of what refers to " + subject.shortHex() + ", because this registry keeps none itself");
        return condition == null ? put : put.header(condition, value);
    }

    /** GET https://hub.docker.com/v2/search/repositories/?query=WORDS, or .../v2/namespaces/NAMESPACE/repositories/NAME/tags (Docker Hub API): 200, a page. */
    public static Request dockerHub(URI page, String why) {
        return Request.of(Purpose.DOCKER_HUB, "GET", page.toString()).header("Accept", "application/json").wants(LONGEST_PAGE, "a list").because(why).orElse(why + " on Docker Hub");
    }

    /** HEAD on the front door of a host behind a proxy: any answer means that it speaks TLS. */
    public static Request tlsProbe(URI frontDoor) {
        return Request.of(Purpose.TLS_PROBE, "HEAD", frontDoor.toString()).answeredBelow(1000).because("Ask, through the proxy, whether the host speaks TLS");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
