package dev.sotto.wire.sealed;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A message to one reader: a header in the clear, the author's Ed25519 signature over it, and AES-256-GCM of the content under
 * a key that X25519 and HKDF-SHA256 (RFC 7748, RFC 5869) make from a key pair of this message alone and the reader's. The
 * header holds the digest of what is encrypted, so the signature speaks for all of it; the encryption in turn is bound to the
 * header and to the author's key, so nobody can sign another's message as their own.
 *
 * <p>Bytes: magic, length of the header, header, signature, ciphertext with its tag.
 */
public final class SealedEnvelope {
    private static final byte[] MAGIC = "sotto sealed 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final String CONTEXT = "sotto sealed envelope 1";
    private static final int SIGNATURE = 64;
    private static final int MOST_HEADER = 2048;
    private static final int MOST_TEXT = 256;

    private static final int DIGEST = 32;

    private final Fields fields;
    private final byte[] headerBytes;
    private final byte[] file;
    private final int cipherAt;

    /** A header with what opening needs: the message's own public key, and the digest of what is encrypted. */
    private record Fields(Header header, byte[] once, byte[] digest) {}

    /**
     * What everybody may read of a message, and the author has signed.
     *
     * @param project which run of which project
     * @param kind of message: lower-case letters and dashes
     * @param round that it is about; 0 for none
     * @param author name of the datasite that wrote it
     * @param reader name of the datasite that can open it
     * @param sequence grows with each message that the author writes
     */
    public record Header(String project, String kind, int round, String author, String reader, long sequence) {
        public Header {
            if (!kind.matches("[a-z-]{1,32}") || round < 0 || sequence < 0) {
                throw new IllegalArgumentException(
                        "no message is of kind '" + kind + "', round " + round + ", sequence " + sequence);
            }
            for (String text : new String[] {project, author, reader}) {
                if (text.isEmpty() || text.length() > MOST_TEXT || !text.matches("[\\x21-\\x7e]+")) {
                    throw new IllegalArgumentException(
                            "names in a message are of 1 to " + MOST_TEXT + " visible characters");
                }
            }
        }
    }

    private SealedEnvelope(Fields fields, byte[] headerBytes, byte[] file, int cipherAt) {
        this.fields = fields;
        this.headerBytes = headerBytes;
        this.file = file;
        this.cipherAt = cipherAt;
    }

    /** Bytes that a message has besides its content, at most. */
    public static int overhead() {
        return MAGIC.length + Short.BYTES + MOST_HEADER + SIGNATURE + ContentCipher.TAG;
    }

    /** Seals a content. */
    public static byte[] seal(Header header, byte[] content, SealingKeys author, KeyCard reader) {
        KeyPair once = Keys.generate(Keys.AGREEMENT);
        byte[] core = core(header, once.getPublic().getEncoded());
        try {
            byte[] info = info(core, author.signing().getPublic().getEncoded());
            byte[] encrypted = ContentCipher.between(
                            once.getPrivate(), reader.agreement(), once.getPublic(), reader.agreement(), info)
                    .encrypt(content, core);
            byte[] whole = whole(core, Keys.sha256().digest(encrypted));
            byte[] signature = Keys.sign(author.signing().getPrivate(), CONTEXT, whole);
            ByteBuffer file =
                    ByteBuffer.allocate(MAGIC.length + Short.BYTES + whole.length + SIGNATURE + encrypted.length);
            return file.put(MAGIC)
                    .putShort((short) whole.length)
                    .put(whole)
                    .put(signature)
                    .put(encrypted)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("nothing can be sealed to " + reader + ": " + e.getMessage(), e);
        }
    }

    private static byte[] core(Header header, byte[] once) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(header.project());
            out.writeUTF(header.kind());
            out.writeInt(header.round());
            out.writeUTF(header.author());
            out.writeUTF(header.reader());
            out.writeLong(header.sequence());
            out.writeByte(once.length);
            out.write(once);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] whole(byte[] core, byte[] digest) {
        byte[] whole = Arrays.copyOf(core, core.length + digest.length);
        System.arraycopy(digest, 0, whole, core.length, digest.length);
        return whole;
    }

    private static byte[] info(byte[] core, byte[] author) {
        return ByteBuffer.allocate(core.length + author.length)
                .put(core)
                .put(author)
                .array();
    }

    /**
     * Reads the header of a message, of which nothing is verified yet.
     *
     * @param file all of it; kept, not copied
     * @throws UnfitFileException in one line, if it is cut short or no message
     */
    public static SealedEnvelope parse(byte[] file) throws UnfitFileException {
        ByteBuffer bytes = ByteBuffer.wrap(file);
        if (file.length < MAGIC.length + Short.BYTES || !Arrays.equals(file, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new UnfitFileException("it is no sealed message");
        }
        int length = bytes.position(MAGIC.length).getShort();
        if (length < 1 || length > MOST_HEADER) {
            throw new UnfitFileException("it is no sealed message: a header of " + length + " bytes");
        }
        int cipherAt = bytes.position() + length + SIGNATURE;
        if (file.length < cipherAt + ContentCipher.TAG) {
            throw new UnfitFileException("it is cut short: " + file.length + " bytes");
        }
        byte[] header = new byte[length];
        bytes.get(header);
        return new SealedEnvelope(fields(header), header, file, cipherAt);
    }

    private static Fields fields(byte[] bytes) throws UnfitFileException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            Header header =
                    new Header(in.readUTF(), in.readUTF(), in.readInt(), in.readUTF(), in.readUTF(), in.readLong());
            byte[] once = in.readNBytes(in.readUnsignedByte());
            byte[] digest = in.readAllBytes();
            // What is signed has one form only.
            if (digest.length == DIGEST && Arrays.equals(whole(core(header, once), digest), bytes)) {
                return new Fields(header, once, digest);
            }
        } catch (IOException | IllegalArgumentException e) {
            // Said below.
        }
        throw new UnfitFileException("it is no sealed message: its header cannot be read");
    }

    /** Who says to have written what to whom; believe it after {@link #open} alone. */
    public Header header() {
        return fields.header();
    }

    /** SHA-256 of the whole file, in hexadecimal. */
    public String digest() {
        return HexFormat.of().formatHex(Keys.sha256().digest(file));
    }

    /**
     * Verifies and opens the message.
     *
     * @param author the card that is trusted for the header's author
     * @param reader the keys of whoever it must be for
     * @return the content
     * @throws UnfitFileException in one line, if the author's signature is not over all of it, or it cannot be opened with
     *     these keys
     */
    public byte[] open(KeyCard author, String readerName, SealingKeys reader) throws UnfitFileException {
        Header header = fields.header();
        if (!author.name().equals(header.author())) {
            throw new UnfitFileException("it says to be by " + header.author() + ", and not by " + author.name());
        }
        byte[] signature = Arrays.copyOfRange(file, cipherAt - SIGNATURE, cipherAt);
        if (!Keys.verify(author.signing(), CONTEXT, headerBytes, signature)) {
            throw new UnfitFileException("it says to be by " + header.author() + ", whose signature it does not bear");
        }
        if (!readerName.equals(header.reader())) {
            throw new UnfitFileException("it is for " + header.reader() + ", and not for " + readerName);
        }
        MessageDigest digest = Keys.sha256();
        digest.update(file, cipherAt, file.length - cipherAt);
        if (!MessageDigest.isEqual(digest.digest(), fields.digest())) {
            throw new UnfitFileException("it is damaged: what is encrypted is not what " + header.author() + " signed");
        }
        byte[] core = Arrays.copyOf(headerBytes, headerBytes.length - DIGEST);
        try {
            PublicKey once = Keys.publicKey(Keys.AGREEMENT, fields.once());
            PublicKey own = reader.agreement().getPublic();
            byte[] info = info(core, author.signing().getEncoded());
            return ContentCipher.between(reader.agreement().getPrivate(), once, once, own, info)
                    .decrypt(file, cipherAt, core);
        } catch (GeneralSecurityException e) {
            throw new UnfitFileException("it cannot be opened with the keys of " + readerName);
        }
    }
}
