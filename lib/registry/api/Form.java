package lib.registry.api;

/**
 * A form to send (application/x-www-form-urlencoded).
 *
 * @param open   what everybody may see of it
 * @param secret what stands last, and is shown to nobody
 */
public record Form(String open, String secret) { }
