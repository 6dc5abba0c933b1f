package dev.sotto.node.link;

import dev.sotto.formats.Printable;
import io.grpc.Status;

/** What went wrong with a connection, in a line: the innermost reason is the one that helps. */
final class Reasons {
    private Reasons() {}

    static String of(Throwable failure) {
        Throwable inner = failure;
        while (inner.getCause() != null) {
            inner = inner.getCause();
        }
        Status status = Status.fromThrowable(failure);
        String outer = status.getDescription() == null ? status.getCode().name() : status.getDescription();
        String reason = inner == failure || inner.getMessage() == null ? outer : outer + ": " + inner.getMessage();
        return Printable.line(reason.replaceAll("\\s+", " ").strip());
    }
}
