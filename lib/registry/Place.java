package lib.registry;

//SOURCES Login.java

/**
 * What one place says about credentials for an image, in words that hold no secret.
 *
 * @param name    the place: an option, a variable, a file or a helper
 * @param says    such as {@code has the password of alice for quay.io/org}, or {@code does not exist}
 * @param trouble whether there is something that the user should put right
 * @param login   what is to be used, or null
 */
public record Place(String name, String says, boolean trouble, Login login) { }
