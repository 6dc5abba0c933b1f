package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.correlated.BandedToeplitz;
import dev.sotto.privacy.correlated.BufferedLinearToeplitz;
import dev.sotto.privacy.correlated.NoiseCorrelation;
import dev.sotto.privacy.correlated.Participation;
import dev.sotto.privacy.correlated.PrefixSumError;
import java.util.OptionalInt;

/** How the matrix of correlated noise is given. */
public enum CorrelationKind {
    /** A few coefficients: remembers as many models less one. */
    BANDED("banded", "bands"),
    /** Buffered linear Toeplitz: a few decaying sums, for a matrix without end. */
    BLT("blt", "buffers");

    private final String label;
    private final String sizeKey;

    CorrelationKind(String label, String sizeKey) {
        this.label = label;
        this.sizeKey = sizeKey;
    }

    /** The word that files use. */
    public String label() {
        return label;
    }

    /** What files call its size. */
    public String sizeKey() {
        return sizeKey;
    }

    /** The matrix with the least error of prefix sums at equal privacy. */
    NoiseCorrelation optimal(OptionalInt size, Participation participation) {
        PrefixSumError error = PrefixSumError.ROOT_MEAN_SQUARE;
        if (this == BANDED) {
            return BandedToeplitz.optimal(size.orElse(participation.minSeparation()), participation, error);
        }
        return size.isPresent()
                ? BufferedLinearToeplitz.optimal(size.getAsInt(), participation, error)
                : BufferedLinearToeplitz.optimal(participation, error);
    }
}
