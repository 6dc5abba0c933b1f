package dev.sotto.owner;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.PlanFilter;
import dev.sotto.privacy.accounting.RdpFilter;
import dev.sotto.privacy.accounting.UnboundedEventException;
import dev.sotto.privacy.event.DpEvent;

/**
 * Whether all that a session has reserved stays within the owner's cap on it, by the one rule that the session's accountant has
 * for that, as in its own budget: a Renyi filter at the order that suits what is planned, or what was fixed in advance. A cap may
 * come and change while the session runs, so it is held against the whole each time.
 *
 * @param delta at which epsilon is stated
 * @param accountant of the session
 * @param planned all that it means to do
 */
record EpsilonCap(Delta delta, AccountantChoice accountant, DpEvent planned) {
    /** Whether what was reserved costs no more than that. */
    boolean covers(DpEvent reserved, Epsilon cap) {
        try {
            return accountant == AccountantChoice.RDP
                    ? new RdpFilter(cap, delta, planned).admit(reserved)
                    : new PlanFilter(accountant, cap, delta, planned).admits(reserved);
        } catch (UnboundedEventException e) {
            return false;
        }
    }
}
