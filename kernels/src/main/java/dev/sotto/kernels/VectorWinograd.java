package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The linear maps of Winograd's minimal filtering algorithm F(4, 3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural
 * Networks", 2015, section 4.1), and their transposes, which give gradients. A map of a tile is one along its columns and one
 * along its rows ({@link WinogradMaps}). Vectors span channels, and positions where those follow each other. Maps of tiles are
 * of a row of them: four inputs or outputs apart, {@code tile} floats on the other side, each of {@code count} floats.
 *
 * <p>Polynomials are evaluated at 0, at plus and minus {@link #NEAR}, plus and minus {@link #FAR}, and infinity, in this order.
 * That these are each other's reciprocals keeps the numbers near one: errors are a third of those of 0, 1, 2, and three times
 * those of F(2, 3). Points of opposite sign share what even and what odd powers give.
 */
final class VectorWinograd {
    static final float NEAR = (float) Math.sqrt(0.5);
    static final float FAR = (float) Math.sqrt(2);
    private static final float NEAR_CUBED = NEAR / 2;
    private static final float FAR_CUBED = FAR * 2;
    private static final float SQUARES = 2.5f;

    private VectorWinograd() {}

    /**
     * B'x, of six inputs.
     *
     * @param step from one to the next
     * @param plane from one value of the result to the next
     */
    static void input(float[] x, int at, int step, float[] v, int to, int plane, int tiles, int tile, int count) {
        FloatVector minusSquares = FloatVector.broadcast(SPECIES, -SQUARES);
        FloatVector minusTwo = FloatVector.broadcast(SPECIES, -2);
        FloatVector atNear = FloatVector.broadcast(SPECIES, NEAR);
        FloatVector minusNear = FloatVector.broadcast(SPECIES, -NEAR);
        FloatVector minusHalf = FloatVector.broadcast(SPECIES, -0.5f);
        FloatVector atFar = FloatVector.broadcast(SPECIES, FAR);
        FloatVector minusFar = FloatVector.broadcast(SPECIES, -FAR);
        for (int t = 0; t < tiles; t++) {
            for (int i = 0; i < count; i += COUNT) {
                int a = at + t * 4 * step + i;
                int b = to + t * tile + i;
                FloatVector x1 = FloatVector.fromArray(SPECIES, x, a + step);
                FloatVector x2 = FloatVector.fromArray(SPECIES, x, a + 2 * step);
                FloatVector x3 = FloatVector.fromArray(SPECIES, x, a + 3 * step);
                FloatVector x4 = FloatVector.fromArray(SPECIES, x, a + 4 * step);
                x2.fma(minusSquares, FloatVector.fromArray(SPECIES, x, a).add(x4))
                        .intoArray(v, b);
                FloatVector even = x2.fma(minusTwo, x4);
                FloatVector odd = x1.fma(minusTwo, x3);
                odd.fma(atNear, even).intoArray(v, b + plane);
                odd.fma(minusNear, even).intoArray(v, b + 2 * plane);
                even = x2.fma(minusHalf, x4);
                odd = x1.fma(minusHalf, x3);
                odd.fma(atFar, even).intoArray(v, b + 3 * plane);
                odd.fma(minusFar, even).intoArray(v, b + 4 * plane);
                x3.fma(minusSquares, x1.add(FloatVector.fromArray(SPECIES, x, a + 5 * step)))
                        .intoArray(v, b + 5 * plane);
            }
        }
    }

    /**
     * A'm, of six products, plus {@code start}.
     *
     * @param plane from one product to the next
     * @param step from one of the four outputs to the next
     */
    static void output(
            float[] m, int at, int plane, float[] start, float[] y, int to, int step, int tiles, int tile, int count) {
        FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector two = FloatVector.broadcast(SPECIES, 2);
        FloatVector atNear = FloatVector.broadcast(SPECIES, NEAR);
        FloatVector atFar = FloatVector.broadcast(SPECIES, FAR);
        FloatVector nearCubed = FloatVector.broadcast(SPECIES, NEAR_CUBED);
        FloatVector farCubed = FloatVector.broadcast(SPECIES, FAR_CUBED);
        for (int t = 0; t < tiles; t++) {
            for (int i = 0; i < count; i += COUNT) {
                int a = at + t * tile + i;
                int b = to + t * 4 * step + i;
                FloatVector m1 = FloatVector.fromArray(SPECIES, m, a + plane);
                FloatVector m2 = FloatVector.fromArray(SPECIES, m, a + 2 * plane);
                FloatVector m3 = FloatVector.fromArray(SPECIES, m, a + 3 * plane);
                FloatVector m4 = FloatVector.fromArray(SPECIES, m, a + 4 * plane);
                FloatVector s = FloatVector.fromArray(SPECIES, start, i);
                FloatVector near = m1.add(m2);
                FloatVector far = m3.add(m4);
                FloatVector.fromArray(SPECIES, m, a).add(s).add(near.add(far)).intoArray(y, b);
                near.fma(half, far.fma(two, s)).intoArray(y, b + 2 * step);
                near = m1.sub(m2);
                far = m3.sub(m4);
                near.fma(atNear, far.fma(atFar, s)).intoArray(y, b + step);
                near.fma(
                                nearCubed,
                                far.fma(
                                        farCubed,
                                        FloatVector.fromArray(SPECIES, m, a + 5 * plane)
                                                .add(s)))
                        .intoArray(y, b + 3 * step);
            }
        }
    }

    /**
     * Ag, of the gradients of four outputs.
     *
     * @param step from one of them to the next
     * @param plane from one value of the result to the next
     */
    static void upstream(float[] g, int at, int step, float[] v, int to, int plane, int tiles, int tile, int count) {
        FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector atNear = FloatVector.broadcast(SPECIES, NEAR);
        FloatVector minusNear = FloatVector.broadcast(SPECIES, -NEAR);
        FloatVector two = FloatVector.broadcast(SPECIES, 2);
        FloatVector atFar = FloatVector.broadcast(SPECIES, FAR);
        FloatVector minusFar = FloatVector.broadcast(SPECIES, -FAR);
        for (int t = 0; t < tiles; t++) {
            for (int i = 0; i < count; i += COUNT) {
                int a = at + t * 4 * step + i;
                int b = to + t * tile + i;
                FloatVector g0 = FloatVector.fromArray(SPECIES, g, a);
                FloatVector g1 = FloatVector.fromArray(SPECIES, g, a + step);
                FloatVector g2 = FloatVector.fromArray(SPECIES, g, a + 2 * step);
                FloatVector g3 = FloatVector.fromArray(SPECIES, g, a + 3 * step);
                g0.intoArray(v, b);
                FloatVector even = g2.fma(half, g0);
                FloatVector odd = g3.fma(half, g1);
                odd.fma(atNear, even).intoArray(v, b + plane);
                odd.fma(minusNear, even).intoArray(v, b + 2 * plane);
                even = g2.fma(two, g0);
                odd = g3.fma(two, g1);
                odd.fma(atFar, even).intoArray(v, b + 3 * plane);
                odd.fma(minusFar, even).intoArray(v, b + 4 * plane);
                g3.intoArray(v, b + 5 * plane);
            }
        }
    }

    /**
     * Bm, of six products: the gradients of inputs. They are added to the first two, which the tile before has written, and
     * written to the rest.
     *
     * @param plane from one product to the next
     * @param step from one input to the next
     */
    static void inputGradient(
            float[] m, int at, int plane, float[] x, int to, int step, int tiles, int tile, int count) {
        FloatVector minusSquares = FloatVector.broadcast(SPECIES, -SQUARES);
        FloatVector minusTwo = FloatVector.broadcast(SPECIES, -2);
        FloatVector minusFar = FloatVector.broadcast(SPECIES, -FAR);
        FloatVector minusNear = FloatVector.broadcast(SPECIES, -NEAR);
        FloatVector atNear = FloatVector.broadcast(SPECIES, NEAR);
        FloatVector atFar = FloatVector.broadcast(SPECIES, FAR);
        for (int t = 0; t < tiles; t++) {
            for (int i = 0; i < count; i += COUNT) {
                int a = at + t * tile + i;
                int b = to + t * 4 * step + i;
                FloatVector m0 = FloatVector.fromArray(SPECIES, m, a);
                FloatVector m1 = FloatVector.fromArray(SPECIES, m, a + plane);
                FloatVector m2 = FloatVector.fromArray(SPECIES, m, a + 2 * plane);
                FloatVector m3 = FloatVector.fromArray(SPECIES, m, a + 3 * plane);
                FloatVector m4 = FloatVector.fromArray(SPECIES, m, a + 4 * plane);
                FloatVector m5 = FloatVector.fromArray(SPECIES, m, a + 5 * plane);
                FloatVector near = m1.add(m2);
                FloatVector far = m3.add(m4);
                m0.add(FloatVector.fromArray(SPECIES, x, b)).intoArray(x, b);
                m0.fma(minusSquares, near.fma(minusTwo, far.mul(-0.5f))).intoArray(x, b + 2 * step);
                m0.add(near.add(far)).intoArray(x, b + 4 * step);
                near = m1.sub(m2);
                far = m3.sub(m4);
                near.fma(minusFar, far.fma(minusNear, m5))
                        .add(FloatVector.fromArray(SPECIES, x, b + step))
                        .intoArray(x, b + step);
                near.fma(atNear, far.fma(atFar, m5.mul(-SQUARES))).intoArray(x, b + 3 * step);
                m5.intoArray(x, b + 5 * step);
            }
        }
    }

    /**
     * Gw, of three weights.
     *
     * @param step from one to the next
     * @param plane from one value of the result to the next
     */
    static void filter(float[] w, int at, int step, float[] u, int to, int plane, int count) {
        FloatVector minusTwoThirds = FloatVector.broadcast(SPECIES, -2f / 3);
        FloatVector minusThird = FloatVector.broadcast(SPECIES, -1f / 3);
        FloatVector nearOdd = FloatVector.broadcast(SPECIES, -2f / 3 * NEAR);
        FloatVector sixth = FloatVector.broadcast(SPECIES, 1f / 6);
        FloatVector third = FloatVector.broadcast(SPECIES, 1f / 3);
        FloatVector farOdd = FloatVector.broadcast(SPECIES, FAR / 6);
        for (int i = 0; i < count; i += COUNT) {
            int a = at + i;
            int b = to + i;
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, a);
            FloatVector w1 = FloatVector.fromArray(SPECIES, w, a + step);
            FloatVector w2 = FloatVector.fromArray(SPECIES, w, a + 2 * step);
            w0.intoArray(u, b);
            FloatVector even = w2.fma(minusThird, w0.mul(minusTwoThirds));
            FloatVector odd = w1.mul(nearOdd);
            even.add(odd).intoArray(u, b + plane);
            even.sub(odd).intoArray(u, b + 2 * plane);
            even = w2.fma(third, w0.mul(sixth));
            odd = w1.mul(farOdd);
            even.add(odd).intoArray(u, b + 3 * plane);
            even.sub(odd).intoArray(u, b + 4 * plane);
            w2.intoArray(u, b + 5 * plane);
        }
    }

    /** G'u, of six sums: the gradients of three weights, both {@code plane} apart. */
    static void filterGradient(float[] u, int at, int plane, float[] w, int to, int step, int count) {
        FloatVector minusTwoThirds = FloatVector.broadcast(SPECIES, -2f / 3);
        FloatVector sixth = FloatVector.broadcast(SPECIES, 1f / 6);
        FloatVector minusThird = FloatVector.broadcast(SPECIES, -1f / 3);
        FloatVector third = FloatVector.broadcast(SPECIES, 1f / 3);
        FloatVector nearOdd = FloatVector.broadcast(SPECIES, -2f / 3 * NEAR);
        for (int i = 0; i < count; i += COUNT) {
            int a = at + i;
            int b = to + i;
            FloatVector u1 = FloatVector.fromArray(SPECIES, u, a + plane);
            FloatVector u2 = FloatVector.fromArray(SPECIES, u, a + 2 * plane);
            FloatVector u3 = FloatVector.fromArray(SPECIES, u, a + 3 * plane);
            FloatVector u4 = FloatVector.fromArray(SPECIES, u, a + 4 * plane);
            FloatVector near = u1.add(u2);
            FloatVector far = u3.add(u4);
            near.fma(minusTwoThirds, far.fma(sixth, FloatVector.fromArray(SPECIES, u, a)))
                    .intoArray(w, b);
            near.fma(minusThird, far.fma(third, FloatVector.fromArray(SPECIES, u, a + 5 * plane)))
                    .intoArray(w, b + 2 * step);
            u1.sub(u2).fma(nearOdd, u3.sub(u4).mul(FAR / 6)).intoArray(w, b + step);
        }
    }
}
