package org.conscrypt;

import lib.crypto.boringssl.NativeLibrary;

//DEPS org.conscrypt:conscrypt-openjdk-uber:2.9.0

/**
 * Stands in for Conscrypt's own class of this name, which unpacks the native library into a new temporary file at every start: that takes longer
 * than all the rest of it. A script's own classes come before those of its libraries. Were it the other way round, Conscrypt's own would do as well.
 */
final class NativeCryptoJni {
    private NativeCryptoJni() { }

    /** Loads the native library; called by Conscrypt, once. */
    static void init() {
        NativeLibrary.load();
    }
}
