package dev.sotto.owner;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.RdpFilter;
import dev.sotto.privacy.accounting.UnboundedEventException;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.SelfComposed;
import java.util.Map;

/**
 * Whether all that a session has reserved stays within the owner's cap on it: by a Renyi filter at the order that suits what is
 * planned, or, with a session's other accountant, only where that is valid: what was fixed in advance as a whole, or repetitions
 * of one event. A cap may come and change while the session runs, so it is held against the whole each time.
 *
 * @param delta at which epsilon is stated
 * @param accountant of the session
 * @param planned all that it means to do
 */
record EpsilonCap(Delta delta, AccountantChoice accountant, DpEvent planned) {
    /** Whether what was reserved costs no more than that. */
    boolean covers(DpEvent reserved, Epsilon cap) {
        try {
            if (accountant != AccountantChoice.RDP) {
                boolean fixed = isPlanned(reserved) && epsilon(planned) <= cap.value();
                if (fixed || (reserved instanceof SelfComposed && epsilon(reserved) <= cap.value())) {
                    return true;
                }
            }
            return new RdpFilter(cap, delta, planned).admit(reserved);
        } catch (UnboundedEventException e) {
            return false;
        }
    }

    private double epsilon(DpEvent event) {
        return accountant.accountant().epsilon(event, delta).orInfinity();
    }

    private boolean isPlanned(DpEvent reserved) {
        Map<DpEvent, Long> foreseen = DpEvents.parts(planned);
        return DpEvents.parts(reserved).entrySet().stream()
                .allMatch(part -> part.getValue() <= foreseen.getOrDefault(part.getKey(), 0L));
    }
}
