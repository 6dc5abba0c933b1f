package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.ClippingNorm;

/** How updates are bounded over a run. */
public sealed interface UpdateClipping {
    /** The L2 norm that bounds an update in the first round. */
    double initialNorm();

    /** The same norm in every round. */
    record Fixed(ClippingNorm norm) implements UpdateClipping {
        @Override
        public double initialNorm() {
            return norm.value();
        }
    }
}
