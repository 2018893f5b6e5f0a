package lib.text;

/** Which release this is: a tag of the repository, without its v. */
public final class Version {
    /** The version as people, registries and archives of exchanges see it. */
    public static final String NUMBER = "1.0";

    private Version() { }
}
