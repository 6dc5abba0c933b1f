package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;
import static dev.sotto.kernels.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Transposes squares of as many rows as there are lanes: for each power of two below that, rows and lanes that far apart
 * change places. Two powers are done between loading four rows and storing them; more would not fit the registers. A third
 * of the time of gathering each row from memory.
 */
final class VectorTransposition {
    /** Room for {@link #copy} to work in. */
    static final int ROOM = COUNT * COUNT;

    private static final VectorShuffle<Float> ONE = exchange(1);
    private static final VectorShuffle<Float> TWO = exchange(2);
    private static final VectorShuffle<Float> FOUR = exchange(4 % COUNT);
    private static final VectorShuffle<Float> EIGHT = exchange(8 % COUNT);
    private static final VectorMask<Float> UPPER_ONE = upper(1);
    private static final VectorMask<Float> UPPER_TWO = upper(2);
    private static final VectorMask<Float> UPPER_FOUR = upper(4);
    private static final VectorMask<Float> UPPER_EIGHT = upper(8);

    private VectorTransposition() {}

    static VectorShuffle<Float> exchange(int distance) {
        return VectorShuffle.fromOp(SPECIES, lane -> lane ^ distance);
    }

    static VectorMask<Float> upper(int distance) {
        boolean[] lanes = new boolean[COUNT];
        for (int lane = 0; lane < COUNT; lane++) {
            lanes[lane] = (lane & distance) != 0;
        }
        return VectorMask.fromArray(SPECIES, lanes, 0);
    }

    /**
     * Row r of the target becomes lane r of the source's rows.
     *
     * @param fromStep from one source row to the next
     * @param fromRows source rows; lanes from there on have no meaning
     * @param toStep from one target row to the next
     * @param toRows target rows that are written
     * @param room of {@link #ROOM} floats
     */
    static void copy(
            float[] from,
            int fromAt,
            int fromStep,
            int fromRows,
            float[] to,
            int toAt,
            int toStep,
            int toRows,
            float[] room) {
        if (COUNT == 16) {
            exchangeFar(from, fromAt, fromStep, fromRows - 1, room);
            exchangeNear(room, 0, COUNT, COUNT - 1, to, toAt, toStep, toRows);
        } else if (COUNT == 8) {
            exchangeHalves(from, fromAt, fromStep, fromRows - 1, room);
            exchangeNear(room, 0, COUNT, COUNT - 1, to, toAt, toStep, toRows);
        } else {
            exchangeNear(from, fromAt, fromStep, fromRows - 1, to, toAt, toStep, toRows);
        }
    }

    /** Distances eight and four. */
    private static void exchangeFar(float[] from, int at, int step, int last, float[] to) {
        for (int r = 0; r < 4; r++) {
            FloatVector a = load(from, at + Math.min(r, last) * step);
            FloatVector b = load(from, at + Math.min(r + 4, last) * step);
            FloatVector c = load(from, at + Math.min(r + 8, last) * step);
            FloatVector d = load(from, at + Math.min(r + 12, last) * step);
            FloatVector ac = a.blend(c.rearrange(EIGHT), UPPER_EIGHT);
            FloatVector bd = b.blend(d.rearrange(EIGHT), UPPER_EIGHT);
            FloatVector ca = a.rearrange(EIGHT).blend(c, UPPER_EIGHT);
            FloatVector db = b.rearrange(EIGHT).blend(d, UPPER_EIGHT);
            ac.blend(bd.rearrange(FOUR), UPPER_FOUR).intoArray(to, r * COUNT);
            ac.rearrange(FOUR).blend(bd, UPPER_FOUR).intoArray(to, (r + 4) * COUNT);
            ca.blend(db.rearrange(FOUR), UPPER_FOUR).intoArray(to, (r + 8) * COUNT);
            ca.rearrange(FOUR).blend(db, UPPER_FOUR).intoArray(to, (r + 12) * COUNT);
        }
    }

    /** Distance four. */
    private static void exchangeHalves(float[] from, int at, int step, int last, float[] to) {
        for (int r = 0; r < 4; r++) {
            FloatVector a = load(from, at + Math.min(r, last) * step);
            FloatVector b = load(from, at + Math.min(r + 4, last) * step);
            a.blend(b.rearrange(FOUR), UPPER_FOUR).intoArray(to, r * COUNT);
            a.rearrange(FOUR).blend(b, UPPER_FOUR).intoArray(to, (r + 4) * COUNT);
        }
    }

    /** Distances two and one. Rows that are not wanted go where a wanted one is written after them. */
    private static void exchangeNear(
            float[] from, int at, int step, int last, float[] to, int toAt, int toStep, int toRows) {
        int end = toRows - 1;
        for (int r = 0; r < toRows; r += 4) {
            FloatVector a = load(from, at + Math.min(r, last) * step);
            FloatVector b = load(from, at + Math.min(r + 1, last) * step);
            FloatVector c = load(from, at + Math.min(r + 2, last) * step);
            FloatVector d = load(from, at + Math.min(r + 3, last) * step);
            FloatVector ac = a.blend(c.rearrange(TWO), UPPER_TWO);
            FloatVector bd = b.blend(d.rearrange(TWO), UPPER_TWO);
            FloatVector ca = a.rearrange(TWO).blend(c, UPPER_TWO);
            FloatVector db = b.rearrange(TWO).blend(d, UPPER_TWO);
            ca.rearrange(ONE).blend(db, UPPER_ONE).intoArray(to, toAt + Math.min(r + 3, end) * toStep);
            ca.blend(db.rearrange(ONE), UPPER_ONE).intoArray(to, toAt + Math.min(r + 2, end) * toStep);
            ac.rearrange(ONE).blend(bd, UPPER_ONE).intoArray(to, toAt + Math.min(r + 1, end) * toStep);
            ac.blend(bd.rearrange(ONE), UPPER_ONE).intoArray(to, toAt + r * toStep);
        }
    }
}
