package dev.sotto.coordinator.store;

import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.FederationState;
import dev.sotto.federation.FederationState.ClientLevel;
import dev.sotto.privacy.ledger.LedgerEntry;
import dev.sotto.wire.FloatVectors;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a federation knows after a round as bytes, all but the model, which is a blob of its own: a mark, the length of a JSON
 * head, the head, and the arrays that it names, in its order. Secret: exact ledgers and the state of noise are in it.
 */
final class StateFile {
    /** To be counted up whenever a reader of before would misunderstand. */
    private static final int FORMAT = 1;

    private static final int MARK = 0x534f5453; // "SOTS"
    private static final int MOST_HEAD = 1 << 30;

    private StateFile() {}

    private record Head(
            int format,
            String session,
            int round,
            List<Array> strategy,
            Map<String, Refusal> exhausted,
            OptionalDouble epsilon,
            Optional<Level> clientLevel) {}

    private record Array(String name, int length) {}

    private record Level(List<LedgerEntry> ledger, double clippingNorm, int noise) {}

    static InputStream write(String session, FederationState state) {
        List<Array> arrays = new ArrayList<>();
        List<InputStream> parts = new ArrayList<>();
        state.strategy().forEach((name, values) -> {
            arrays.add(new Array(name, values.length));
            parts.add(FloatVectors.stream(values));
        });
        state.clientLevel().ifPresent(level -> parts.add(new ByteArrayInputStream(level.noise())));
        byte[] head = StoredJson.write(new Head(
                        FORMAT,
                        session,
                        state.round(),
                        arrays,
                        state.exhausted(),
                        state.epsilon(),
                        state.clientLevel()
                                .map(level -> new Level(level.ledger(), level.clippingNorm(), level.noise().length))))
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer start = ByteBuffer.allocate(2 * Integer.BYTES + head.length);
        start.putInt(MARK).putInt(head.length).put(head);
        parts.add(0, new ByteArrayInputStream(start.array()));
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    /** @throws DamagedException if it is not what was written for that session */
    static FederationState read(InputStream bytes, String session, float[] parameters) throws IOException {
        DataInputStream in = new DataInputStream(bytes);
        if (in.readInt() != MARK) {
            throw new DamagedException("state of session " + session + ": not the state of a session");
        }
        Head head = StoredJson.read(new String(exactly(in, in.readInt()), StandardCharsets.UTF_8), Head.class);
        if (head.format() != FORMAT) {
            throw new DamagedException("state of session " + session + " is of another version of Sotto (format "
                    + head.format() + "); go on with that one");
        }
        if (!head.session().equals(session)) {
            throw new DamagedException("state of session " + session + ": it is that of session " + head.session());
        }
        Map<String, float[]> strategy = new LinkedHashMap<>();
        for (Array array : head.strategy()) {
            strategy.put(array.name(), FloatVectors.next(in, (long) Float.BYTES * array.length()));
        }
        Optional<ClientLevel> level = Optional.empty();
        if (head.clientLevel().isPresent()) {
            Level own = head.clientLevel().get();
            level = Optional.of(new ClientLevel(own.ledger(), own.clippingNorm(), exactly(in, own.noise())));
        }
        if (in.read() >= 0) {
            throw new DamagedException("state of session " + session + ": there is more than was written");
        }
        return new FederationState(
                head.round(), parameters, strategy, new LinkedHashMap<>(head.exhausted()), head.epsilon(), level);
    }

    private static byte[] exactly(DataInputStream in, int length) throws IOException {
        if (length < 0 || length > MOST_HEAD) {
            throw new DamagedException("a length of " + length + " bytes");
        }
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("cut short");
        }
        return bytes;
    }
}
