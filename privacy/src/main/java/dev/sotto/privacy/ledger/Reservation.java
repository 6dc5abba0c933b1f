package dev.sotto.privacy.ledger;

import dev.sotto.privacy.event.DpEvent;

/**
 * The right to do {@code event} to a data set once. Spent from the moment it exists.
 *
 * @param number of the reservation within its data set
 * @param dataSet id that the owner declared
 * @param event what may be done
 * @param purpose in the words of who asked
 */
public record Reservation(long number, String dataSet, DpEvent event, String purpose) {}
