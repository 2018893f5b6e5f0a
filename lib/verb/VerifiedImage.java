package lib.verb;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import lib.image.Origin;
import lib.text.Json;
import lib.trust.Signer;

/**
 * An image that is signed by somebody who is trusted.
 *
 * @param blobs how many blobs were compared with their digests, all of those that are there; 0 for an image of a registry, whose blobs were not fetched
 */
public record VerifiedImage(Origin origin, Verification.Verified verified, int blobs) {

    /** Returns what was verified for people to read, a line each: by whom, and what was not looked at. Names in it may be anything. */
    public List<String> summary() {
        List<String> lines = new ArrayList<>();
        lines.add(origin.reference().withDigest(null).familiarName() + " is signed: " + verified.signed());
        if (!verified.signed().equals(verified.image())) {
            lines.add("  covers      " + verified.image() + (origin.platform() == null ? "" : " for " + origin.platform()) + ", to which this index leads");
        }
        for (Verification.Right right : verified.signatures()) {
            Signer signer = right.signer();
            lines.add("  by          " + signer.name() + " (" + signer.algorithm() + ", " + signer.fingerprint() + ")");
            if (signer.identity() != null) {
                lines.add("  for         " + signer.identity() + (signer.issuer() == null ? "" : ", as " + signer.issuer() + " says"));
            }
            if (signer.at() != null) {
                lines.add("  signed      before " + signer.at() + ", by a time stamp");
            }
            lines.add("  signature   " + right.referrer().manifest().digest() + ", in " + right.claim().form());
            right.claim().annotations().forEach((key, value) -> lines.add("  states      " + key + "=" + value));
        }
        verified.wrong().forEach(one -> lines.add("  not right   " + one));
        if (blobs > 0) {
            lines.add("  blobs       " + blobs + ", all as their digests say");
        }
        lines.add("  not checked " + String.join(", ", verified.unchecked()));
        return lines;
    }

    /** Returns the {@link #summary}, as JShell shows it. */
    @Override
    public String toString() {
        return String.join("\n", summary());
    }

    /** Returns the same as JSON, with the time. */
    public ObjectNode json() {
        ObjectNode json = Json.newObject().put("digest", verified.signed().toString());
        if (!verified.signed().equals(verified.image())) {
            json.put("covers", verified.image().toString());
        }
        ArrayNode signatures = json.putArray("signatures");
        for (Verification.Right right : verified.signatures()) {
            Signer signer = right.signer();
            ObjectNode one = signatures.addObject().put("digest", right.referrer().manifest().digest().toString()).put("form", right.claim().form());
            ObjectNode by = one.putObject("by").put("name", signer.name()).put("algorithm", signer.algorithm()).put("fingerprint", signer.fingerprint().toString());
            if (signer.identity() != null) {
                by.put("identity", signer.identity());
            }
            if (signer.issuer() != null) {
                by.put("issuer", signer.issuer());
            }
            if (signer.at() != null) {
                one.put("signedBefore", signer.at().toString());
            }
            right.claim().annotations().forEach(one.withObject("/annotations")::put);
        }
        verified.wrong().forEach(json.putArray("wrong")::add);
        if (blobs > 0) {
            json.put("blobsChecked", blobs);
        }
        verified.unchecked().forEach(json.putArray("notChecked")::add);
        return json.put("verifiedAt", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
