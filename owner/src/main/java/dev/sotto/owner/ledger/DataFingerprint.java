package dev.sotto.owner.ledger;

import dev.sotto.data.Examples;
import dev.sotto.data.Target;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;

/**
 * Notices that data changed under the same id: an HMAC-SHA256 over all examples, under a key that is drawn here. Neither it nor
 * the key ever leaves: a plain digest would let anybody test guesses about small data.
 */
public final class DataFingerprint {
    private static final String ALGORITHM = "HmacSHA256";

    private final OwnerDatabase database;

    /** With the key of that database. */
    public DataFingerprint(OwnerDatabase database) {
        this.database = database;
    }

    /** Whether a data set is other than when it was last seen; from now on this is how it was last seen. */
    public boolean changed(String dataSet, Examples examples) {
        byte[] value = of(examples, key());
        return database.transaction(handle -> {
            Optional<byte[]> last = last(handle, dataSet);
            if (last.isPresent() && Arrays.equals(last.get(), value)) {
                return false;
            }
            handle.execute(
                    "INSERT INTO fingerprints VALUES (?, ?, ?)",
                    dataSet,
                    Instant.now().toString(),
                    value);
            return last.isPresent();
        });
    }

    /** How a data set was last seen, inside a transaction; empty if it never was. It must not leave. */
    public static Optional<byte[]> last(Handle handle, String dataSet) {
        return handle.createQuery("SELECT value FROM fingerprints WHERE data_set = ? ORDER BY rowid DESC LIMIT 1")
                .bind(0, dataSet)
                .map((row, context) -> row.getBytes(1))
                .findOne();
    }

    private byte[] key() {
        byte[] drawn = new byte[32];
        new SecureRandom().nextBytes(drawn);
        return database.transaction(handle -> {
            handle.execute("INSERT OR IGNORE INTO fingerprint_key VALUES (1, ?)", drawn);
            return handle.createQuery("SELECT value FROM fingerprint_key")
                    .map((row, context) -> row.getBytes(1))
                    .one();
        });
    }

    private static byte[] of(Examples examples, byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            int features = examples.shape().size();
            int values = examples.target() instanceof Target.Values own ? own.size() : 0;
            float[] example = new float[features + values];
            ByteBuffer bytes = ByteBuffer.allocate(4 * example.length + 4).order(ByteOrder.LITTLE_ENDIAN);
            bytes.putInt(examples.size());
            mac.update(bytes.flip());
            for (int i = 0; i < examples.size(); i++) {
                examples.features(i, example, 0);
                if (values > 0) {
                    examples.values(i, example, features);
                }
                bytes.clear();
                bytes.asFloatBuffer().put(example);
                bytes.position(4 * example.length);
                bytes.putInt(values > 0 ? 0 : examples.label(i));
                mac.update(bytes.flip());
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
