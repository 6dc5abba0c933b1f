package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.correlated.BandedToeplitz;
import dev.sotto.privacy.correlated.BufferedLinearToeplitz;
import dev.sotto.privacy.correlated.NoiseCorrelation;
import dev.sotto.privacy.correlated.Participation;
import dev.sotto.privacy.correlated.PrefixSumError;
import java.util.Locale;
import java.util.OptionalInt;

/** How the matrix of correlated noise is given. */
public enum CorrelationKind {
    /** A few coefficients: remembers as many models less one. */
    BANDED("banded", "bands", 4_000_000),
    /** Buffered linear Toeplitz: a few decaying sums, for a matrix without end. */
    BLT("blt", "buffers", 400_000);

    private final String label;
    private final String sizeKey;

    /** The most size times rounds: the search takes a few seconds with as many, and everybody who reads a plan searches. */
    private final int most;

    CorrelationKind(String label, String sizeKey, int most) {
        this.label = label;
        this.sizeKey = sizeKey;
        this.most = most;
    }

    /** The word that files use. */
    public String label() {
        return label;
    }

    /** What files call its size. */
    public String sizeKey() {
        return sizeKey;
    }

    /**
     * The matrix with the least error of prefix sums at equal privacy.
     *
     * @throws IllegalArgumentException in one line, if it would take too long to find
     */
    NoiseCorrelation optimal(OptionalInt size, Participation participation) {
        PrefixSumError error = PrefixSumError.ROOT_MEAN_SQUARE;
        if (this == BANDED) {
            int bands = size.orElse(participation.minSeparation());
            return BandedToeplitz.optimal(workable(bands, participation.rounds()), participation, error);
        }
        if (size.isEmpty()) {
            workable(BufferedLinearToeplitz.MOST_BUFFERS, participation.rounds());
        }
        return size.isPresent()
                ? BufferedLinearToeplitz.optimal(
                        workable(size.getAsInt(), participation.rounds()), participation, error)
                : BufferedLinearToeplitz.optimal(participation, error);
    }

    /** More than there are rounds counts as one for each. */
    private int workable(int size, int rounds) {
        if ((long) Math.min(size, rounds) * rounds > most) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "privacy.client-level.correlation.%s: %,d over %,d rounds would take long to work out for everybody who"
                            + " reads the plan; %s times rounds must be at most %,d, so at most %,d here",
                    sizeKey,
                    size,
                    rounds,
                    sizeKey,
                    most,
                    most / rounds));
        }
        return size;
    }
}
