package dev.sotto.wire.sealed;

import dev.sotto.wire.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;

/**
 * The secret half of a datasite: an Ed25519 pair that signs what it writes, and an X25519 pair that opens what is written to
 * it.
 *
 * @param signing Ed25519
 * @param agreement X25519
 */
public record SealingKeys(KeyPair signing, KeyPair agreement) {
    private static final String SIGNING = "signing-key.pem";
    private static final String SIGNING_PUBLIC = "signing-key-public.pem";
    private static final String AGREEMENT = "sealing-key.pem";
    private static final String AGREEMENT_PUBLIC = "sealing-key-public.pem";

    /** New ones. */
    public static SealingKeys generate() {
        return new SealingKeys(Keys.generate(Keys.SIGNING), Keys.generate(Keys.AGREEMENT));
    }

    /**
     * Those in a folder that nobody but its owner can read; made there if there are none.
     *
     * @throws IOException if they cannot be read or written, in one line
     */
    public static SealingKeys readOrCreate(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(AGREEMENT_PUBLIC))) {
            PrivateFile.folder(folder);
            SealingKeys made = generate();
            PrivateFile.write(folder.resolve(SIGNING), Pem.text(made.signing.getPrivate()));
            PrivateFile.write(folder.resolve(SIGNING_PUBLIC), Pem.text(made.signing.getPublic()));
            PrivateFile.write(folder.resolve(AGREEMENT), Pem.text(made.agreement.getPrivate()));
            // Last: with it they are whole.
            PrivateFile.write(folder.resolve(AGREEMENT_PUBLIC), Pem.text(made.agreement.getPublic()));
        }
        return new SealingKeys(pair(folder, SIGNING_PUBLIC, SIGNING), pair(folder, AGREEMENT_PUBLIC, AGREEMENT));
    }

    private static KeyPair pair(Path folder, String publicKey, String privateKey) throws IOException {
        return new KeyPair(Pem.publicKey(folder.resolve(publicKey)), Pem.privateKey(folder.resolve(privateKey)));
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "sealing keys";
    }
}
