package dev.sotto.coordinator.identity;

import dev.sotto.coordinator.store.PrivateFiles;
import dev.sotto.wire.tls.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;

/** The Ed25519 key that signs a coordinator's packages, in two files: nodes are told its public half when they join. */
public final class PackageKey {
    private static final String SECRET = "key.pem";
    private static final String OPEN = "public.pem";

    private PackageKey() {}

    /** Makes a key, in a folder that is made for it. */
    public static KeyPair create(Path folder) throws IOException {
        KeyPair key = Keys.signing();
        PrivateFiles.createFolder(folder);
        PrivateFiles.write(folder.resolve(SECRET), Pem.text(key.getPrivate()));
        PrivateFiles.write(folder.resolve(OPEN), Pem.text(key.getPublic()));
        return key;
    }

    /** Reads a key. */
    public static KeyPair open(Path folder) throws IOException {
        return new KeyPair(Pem.publicKey(folder.resolve(OPEN)), Pem.privateKey(folder.resolve(SECRET)));
    }
}
