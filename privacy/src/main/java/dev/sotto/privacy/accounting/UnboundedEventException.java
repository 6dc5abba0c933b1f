package dev.sotto.privacy.accounting;

import dev.sotto.privacy.event.DpEvent;

/** An accountant met an event that it has no theorem for. The message names the event and who can bound it. */
public final class UnboundedEventException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnboundedEventException(String accountant, DpEvent event, String advice) {
        super("the " + accountant + " accountant cannot bound " + event + "; " + advice);
    }
}
