package lib.verb.referrers;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import lib.failure.NotFoundException;
import lib.failure.RegistryException;
import lib.failure.WrongContentException;
import lib.image.Descriptor;
import lib.image.Referrer;
import lib.text.Json;

/** By whom something that refers to an image says that it is. Nothing of it is verified, so it is for people to look at, and for nothing else. */
public final class StatedSigner {
    private static final int LONGEST = 1024 * 1024;

    private StatedSigner() { }

    /**
     * Returns the name in a certificate, the hint of a key, or who the annotations say made it; "" if nobody is named.
     *
     * @throws lib.failure.RegistryException if the registry does not give what has the name
     */
    public static String of(Referrer referrer, ImageReferrers source) throws IOException {
        for (JsonNode layer : referrer.manifest().json().path("layers")) {
            String certificate = layer.path("annotations").path("dev.sigstore.cosign/certificate").asText();
            String type = layer.path("mediaType").asText();
            try {
                if (!certificate.isEmpty()) {
                    return name(certificate.getBytes(StandardCharsets.UTF_8));
                }
                if (type.startsWith(Referrer.BUNDLE)) {
                    return ofBundle(json(layer, source).path("verificationMaterial"));
                }
                if (type.equals("application/jose+json")) {
                    return name(decoded(json(layer, source).path("header").path("x5c").path(0)));
                }
            } catch (CertificateException | WrongContentException | NotFoundException | IllegalArgumentException e) {
                return "?"; // verify says what is wrong
            } catch (RegistryException e) {
                if (e.status() != 404) {
                    throw e;
                }
                return "?";
            }
        }
        JsonNode annotations = referrer.manifest().json().path("annotations");
        return annotations.path("org.opencontainers.image.authors").asText(annotations.path("org.opencontainers.image.vendor").asText(""));
    }

    private static JsonNode json(JsonNode layer, ImageReferrers source) throws IOException {
        return Json.object(source.bytes(Descriptor.of(layer, "the layer"), LONGEST), "the signature");
    }

    private static String ofBundle(JsonNode material) throws CertificateException {
        JsonNode chain = material.path("x509CertificateChain").path("certificates").path(0).path("rawBytes");
        JsonNode certificate = material.path("certificate").path("rawBytes");
        if (certificate.isTextual() || chain.isTextual()) {
            return name(decoded(certificate.isTextual() ? certificate : chain));
        }
        String hint = material.path("publicKey").path("hint").asText();
        return hint.isEmpty() ? "" : "key " + hint;
    }

    private static byte[] decoded(JsonNode base64) {
        return Base64.getDecoder().decode(base64.asText());
    }

    /** Returns the e-mail address or the URL that a certificate is for, else the subject's name (RFC 5280, section 4.2.1.6). */
    private static String name(byte[] certificate) throws CertificateException {
        X509Certificate parsed = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(certificate));
        Collection<List<?>> names = parsed.getSubjectAlternativeNames();
        if (names != null && !names.isEmpty() && names.iterator().next().get(1) instanceof String name) {
            return name;
        }
        return parsed.getSubjectX500Principal().getName();
    }
}
