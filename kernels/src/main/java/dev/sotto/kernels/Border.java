package dev.sotto.kernels;

/** A lane-major array of planes with a border of zeros around each; without a border, the array itself. */
final class Border {
    private final int planes;
    private final int height;
    private final int width;
    private final int top;
    private final int left;
    private final int fullHeight;
    private final int fullWidth;
    private final int lanes;
    private final float[] bordered;

    Border(int planes, int height, int width, int top, int bottom, int left, int right, int lanes) {
        this.planes = planes;
        this.height = height;
        this.width = width;
        this.top = top;
        this.left = left;
        this.lanes = lanes;
        fullHeight = height + top + bottom;
        fullWidth = width + left + right;
        boolean none = fullHeight == height && fullWidth == width;
        bordered = none ? null : new float[planes * fullHeight * fullWidth * lanes];
    }

    int fullWidth() {
        return fullWidth;
    }

    /** Offset in floats between positions that far apart. */
    int offset(int planes, int rows, int columns) {
        return ((planes * fullHeight + rows) * fullWidth + columns) * lanes;
    }

    /** Offset of the first value inside the border. */
    int origin() {
        return offset(0, top, left);
    }

    /** The planes with their border; a view if there is none. */
    float[] around(float[] in) {
        if (bordered == null) {
            return in;
        }
        int row = width * lanes;
        for (int plane = 0, at = 0; plane < planes; plane++) {
            for (int y = 0; y < height; y++, at += row) {
                System.arraycopy(in, at, bordered, offset(plane, y, 0) + origin(), row);
            }
        }
        return bordered;
    }

    /** What {@link #around} gave last for {@code in}. */
    float[] last(float[] in) {
        return bordered == null ? in : bordered;
    }
}
