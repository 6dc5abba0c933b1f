package dev.sotto.kernels;

import java.util.ArrayList;
import java.util.List;

/**
 * A correlation as tables of offsets: which input values each output value sums over, and with which weights. Strides,
 * padding and phases are all in the tables, so that the kernels have one flat inner loop.
 *
 * <p>Positions come in blocks of {@code tileColumns} that share a list of taps; rows in blocks of {@code tileRows}. Blocks
 * that are not full repeat their last position or row, which computes the same value twice. Immutable.
 */
public final class Correlation {
    final int rows;
    final int tileRows;
    final int tileColumns;
    final int rowStride;
    final int taps;
    /** For each block, {@code tileColumns} offsets into the input. */
    final int[] from;
    /** For each block, {@code tileColumns} offsets into the output, of row 0. */
    final int[] to;
    /** For each block, pairs (offset into the input relative to the position, offset into a row block's weights). */
    final int[][] tapsOf;

    private Correlation(Builder builder) {
        rows = builder.rows;
        tileRows = builder.tileRows;
        tileColumns = builder.tileColumns;
        rowStride = builder.rowStride;
        taps = builder.taps;
        from = builder.from.stream().mapToInt(i -> i).toArray();
        to = builder.to.stream().mapToInt(i -> i).toArray();
        tapsOf = builder.tapsOf.toArray(int[][]::new);
    }

    int blocks() {
        return tapsOf.length;
    }

    int rowBlocks() {
        return (rows + tileRows - 1) / tileRows;
    }

    /** Floats that packed weights take. */
    int packedSize() {
        return rowBlocks() * taps * tileRows;
    }

    /** Floats that a padded bias takes. */
    int paddedRows() {
        return rowBlocks() * tileRows;
    }

    /**
     * Weights in the order in which tiles read them: row block, tap, row.
     *
     * @param weight index of the first weight of row 0
     * @param rowStep from a row's weight to the next row's
     * @param run taps whose weights follow each other
     * @param runStep from a run's first weight to the next run's; of no matter if there is one run
     */
    void pack(float[] parameters, int weight, int rowStep, int run, int runStep, float[] packed) {
        int blockSize = taps * tileRows;
        for (int r = 0; r < paddedRows(); r++) {
            int row = weight + Math.min(r, rows - 1) * rowStep;
            int at = r / tileRows * blockSize + r % tileRows;
            for (int first = 0; first < taps; first += run) {
                int from = row + first / run * runStep;
                for (int tap = 0; tap < run; tap++, at += tileRows) {
                    packed[at] = parameters[from + tap];
                }
            }
        }
    }

    /** Collects blocks. */
    static final class Builder {
        private final int rows;
        private final int rowStride;
        private final int taps;
        private final int tileRows;
        final int tileColumns;
        private final List<Integer> from = new ArrayList<>();
        private final List<Integer> to = new ArrayList<>();
        private final List<int[]> tapsOf = new ArrayList<>();

        Builder(Kernels kernels, int rows, int rowStride, int taps) {
            this.rows = rows;
            this.rowStride = rowStride;
            this.taps = taps;
            this.tileRows = kernels.tileRows(rows);
            this.tileColumns = kernels.tileColumns(tileRows);
        }

        /** A tap as the pair that blocks list. */
        void tap(List<Integer> list, int offset, int tap) {
            list.add(offset);
            list.add(tap * tileRows);
        }

        /** Adds positions (input offset, output offset) that share taps, cut into blocks. */
        void positions(List<int[]> positions, int[] shared) {
            for (int first = 0; first < positions.size(); first += tileColumns) {
                for (int c = 0; c < tileColumns; c++) {
                    int[] position = positions.get(Math.min(first + c, positions.size() - 1));
                    from.add(position[0]);
                    to.add(position[1]);
                }
                tapsOf.add(shared);
            }
        }

        Correlation build() {
            return new Correlation(this);
        }
    }
}
