package dev.sotto.benchmarks.load;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Each connection is an open file, at either end. */
final class OpenFiles {
    /** What a process has open besides: libraries, pipes, the database, updates that arrive in files. */
    private static final int OTHERS = 500;

    private OpenFiles() {}

    /** Why that many connections cannot be had, in one line. */
    static Optional<String> problem(int connections) {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return Optional.empty();
        }
        return problem(connections, system.getMaxFileDescriptorCount());
    }

    static Optional<String> problem(int connections, long limit) {
        // Updates for which there is no memory arrive in files, so a client may have two.
        long needed = 2L * connections + OTHERS;
        return limit >= needed
                ? Optional.empty()
                : Optional.of("open files: " + connections + " clients need " + needed
                        + " in each process, and the limit is " + limit + "; raise it with 'ulimit -n " + needed + "'");
    }
}
