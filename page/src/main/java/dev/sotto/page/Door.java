package dev.sotto.page;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Who may come in: whoever shows the token, which is good for once; a visit follows. Secrets are 256 bits from the system's
 * generator and compared in constant time. Thread-safe.
 */
final class Door {
    private static final Duration LONGEST = Duration.ofHours(12);
    private static final int MOST_VISITS = 16;

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;
    private final Map<String, Visit> visits = new LinkedHashMap<>();
    private Consumer<String> told = token -> {};
    private String token = secret();

    Door(Clock clock) {
        this.clock = clock;
    }

    /** Tells somebody which token is good now, and from now on whenever one was used. */
    synchronized void tell(Consumer<String> who) {
        told = who;
        who.accept(token);
    }

    /**
     * Somebody who came in.
     *
     * @param secret what their browser shows with each request
     * @param proof what each form of theirs carries, so that no other site can send one
     * @param until when they must come in anew
     */
    record Visit(String secret, String proof, Instant until) {
        boolean proves(String shown) {
            return shown != null && same(proof, shown);
        }
    }

    private String secret() {
        byte[] drawn = new byte[32];
        random.nextBytes(drawn);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(drawn);
    }

    private static boolean same(String kept, String shown) {
        return MessageDigest.isEqual(kept.getBytes(StandardCharsets.UTF_8), shown.getBytes(StandardCharsets.UTF_8));
    }

    /** Lets somebody in who shows the token; from then on another one is good. */
    synchronized Optional<Visit> enter(String shown) {
        if (shown == null || !same(token, shown)) {
            return Optional.empty();
        }
        token = secret();
        told.accept(token);
        if (visits.size() == MOST_VISITS) {
            visits.remove(visits.keySet().iterator().next());
        }
        Visit visit = new Visit(secret(), secret(), clock.instant().plus(LONGEST));
        visits.put(visit.secret(), visit);
        return Optional.of(visit);
    }

    /** The visit that a browser shows the secret of, while it lasts. */
    synchronized Optional<Visit> visit(String shown) {
        if (shown == null) {
            return Optional.empty();
        }
        visits.values().removeIf(visit -> !clock.instant().isBefore(visit.until()));
        Visit found = null;
        for (Visit visit : visits.values()) {
            if (same(visit.secret(), shown)) {
                found = visit;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Ends a visit. */
    synchronized void leave(Visit visit) {
        visits.remove(visit.secret());
    }
}
