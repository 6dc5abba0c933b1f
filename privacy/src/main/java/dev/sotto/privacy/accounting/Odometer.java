package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.event.DpEvent;

/**
 * What has been spent so far, event by event, by Renyi accounting: adding an event costs no more than its own curve. The
 * answer is a valid bound at a time fixed in advance; to stop at a time that depends on what was released, use {@link
 * RdpFilter} (Feldman, Zrnic 2021; Whitehouse et al. 2023). Not thread-safe.
 */
public final class Odometer {
    private final RdpAccountant accountant = RdpAccountant.standard();
    private final double[] spent = new double[accountant.orders().length];
    private DpEvent last;
    private double[] lastCurve;

    /** Adds an event. */
    public void add(DpEvent event) {
        if (!event.equals(last)) {
            lastCurve = accountant.divergences(event);
            last = event;
        }
        for (int i = 0; i < spent.length; i++) {
            spent[i] += lastCurve[i];
        }
    }

    /** The bound for everything that was added. */
    public EpsilonAnswer epsilon(Delta delta) {
        return accountant.epsilon(spent, delta);
    }
}
