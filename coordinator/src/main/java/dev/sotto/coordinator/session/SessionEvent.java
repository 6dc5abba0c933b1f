package dev.sotto.coordinator.session;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened in a session and may be told to whoever watches it.
 *
 * @param number within the session and this process, from 1
 * @param kind gathering, client, running, round, update, refused, withheld, log, committed or ended
 * @param text one line
 * @param session as it stands now; empty where many events of single clients come at once
 */
public record SessionEvent(long number, Instant time, String kind, String text, Optional<SessionView> session) {}
