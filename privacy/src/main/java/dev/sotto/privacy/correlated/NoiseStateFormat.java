package dev.sotto.privacy.correlated;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The state of correlated noise as bytes: the word SOTTONZE, version 1 as an int, SHA-256 of the plan, round, number and
 * length of the vectors as ints, their floats, and SHA-256 of all that; big-endian. The digest finds damage and mix-ups;
 * against forgery the file's permissions stand.
 */
final class NoiseStateFormat {
    private static final long WORD = 0x534F54544F4E5A45L;
    private static final int VERSION = 1;
    private static final int DIGEST_BYTES = 32;
    private static final int CHUNK = 8192;

    private NoiseStateFormat() {}

    static void write(OutputStream target, CorrelatedGaussian plan, int round, float[][] vectors) throws IOException {
        DigestOutputStream digested = new DigestOutputStream(target, sha256());
        DataOutputStream out = new DataOutputStream(digested);
        out.writeLong(WORD);
        out.writeInt(VERSION);
        out.write(digest(plan));
        out.writeInt(round);
        out.writeInt(vectors.length);
        out.writeInt(vectors.length == 0 ? 0 : vectors[0].length);
        ByteBuffer chunk = ByteBuffer.allocate(Float.BYTES * CHUNK);
        for (float[] vector : vectors) {
            for (int from = 0; from < vector.length; from += CHUNK) {
                int count = Math.min(CHUNK, vector.length - from);
                chunk.clear();
                chunk.asFloatBuffer().put(vector, from, count);
                out.write(chunk.array(), 0, Float.BYTES * count);
            }
        }
        out.flush();
        target.write(digested.getMessageDigest().digest());
        target.flush();
    }

    /** Fills the vectors; returns the round. */
    static int read(InputStream source, CorrelatedGaussian plan, float[][] vectors, int length) throws IOException {
        DigestInputStream digested = new DigestInputStream(new BufferedInputStream(source), sha256());
        DataInputStream in = new DataInputStream(digested);
        try {
            require(in.readLong() == WORD, "it does not begin as one; it must be a file that the same run wrote");
            int version = in.readInt();
            require(version == VERSION, "its version is " + version + "; it must be " + VERSION);
            byte[] planned = in.readNBytes(DIGEST_BYTES);
            require(
                    MessageDigest.isEqual(planned, digest(plan)),
                    "it belongs to a run with other privacy settings; they must be the same");
            int round = in.readInt();
            require(
                    round >= 0 && round <= plan.participation().rounds(),
                    "its round is " + round + "; it must be at most "
                            + plan.participation().rounds());
            int count = in.readInt();
            int stored = in.readInt();
            require(
                    count == vectors.length && (count == 0 || stored == length),
                    "it has " + count + " vectors of " + stored + "; they must be " + vectors.length + " of " + length);
            for (float[] vector : vectors) {
                fill(in, vector);
            }
            byte[] computed = digested.getMessageDigest().digest();
            digested.on(false);
            require(
                    MessageDigest.isEqual(computed, in.readNBytes(DIGEST_BYTES)),
                    "it is damaged: its digest is another; it must be as it was written");
            return round;
        } catch (EOFException e) {
            throw new IOException(
                    "not a state of correlated noise: it ends too early; it must be as it was written", e);
        }
    }

    private static void fill(DataInputStream in, float[] vector) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(Float.BYTES * CHUNK);
        for (int from = 0; from < vector.length; from += CHUNK) {
            int count = Math.min(CHUNK, vector.length - from);
            in.readFully(chunk.array(), 0, Float.BYTES * count);
            chunk.clear();
            chunk.asFloatBuffer().get(vector, from, count);
        }
    }

    /** SHA-256 of all numbers that the noise depends on. */
    private static byte[] digest(CorrelatedGaussian plan) {
        MessageDigest hash = sha256();
        Participation participation = plan.participation();
        ByteBuffer numbers = ByteBuffer.allocate(8 * (5 + participation.rounds()));
        numbers.putLong(participation.rounds())
                .putLong(participation.minSeparation())
                .putLong(participation.maxParticipations())
                .putDouble(plan.sensitivity())
                .putDouble(plan.standardDeviation());
        for (double coefficient : plan.correlation().coefficients(participation.rounds())) {
            numbers.putDouble(coefficient);
        }
        return hash.digest(numbers.array());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256, which every one must have", e);
        }
    }

    private static void require(boolean holds, String why) throws IOException {
        if (!holds) {
            throw new IOException("not a state of correlated noise: " + why);
        }
    }
}
