package dev.sotto.privacy.accounting;

import dev.sotto.privacy.event.DpEvent;
import java.util.List;
import java.util.stream.Collectors;

/** An accountant met an event that it has no theorem for. The message names the event and who can bound it. */
public final class UnboundedEventException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnboundedEventException(String accountant, DpEvent event, String advice) {
        this("the " + accountant + " accountant cannot bound " + event + "; " + advice);
    }

    private UnboundedEventException(String message) {
        super(message);
    }

    /** Every accountant refused: one for each may be able, but none for all. */
    static UnboundedEventException together(List<UnboundedEventException> refusals) {
        return new UnboundedEventException(refusals.stream()
                .map(Throwable::getMessage)
                .collect(Collectors.joining("; ", "no accountant bounds these events together: ", "")));
    }
}
