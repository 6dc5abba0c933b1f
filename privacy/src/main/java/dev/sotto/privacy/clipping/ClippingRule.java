package dev.sotto.privacy.clipping;

/** How each example's gradient is bounded before the sum. Immutable. */
public sealed interface ClippingRule permits FlatClipping, PerLayerClipping, NormalisingClipping, AdaptiveClipping {
    /** The largest L2 norm of a clipped gradient over all its parameters: what the noise is scaled to. */
    double norm();

    /** The same rule with every norm multiplied by {@code factor}, which is above 0. */
    ClippingRule scaledBy(double factor);

    /** The factors that the rule gives to gradients; a rule that adapts does so outside of them. */
    ClipFactors factors();

    /** What files and reports call the rule. */
    String label();
}
