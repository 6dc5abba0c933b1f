package dev.sotto.owner.policy;

import java.util.Locale;

/** What a session must protect before an owner takes part. */
public enum RequiredLevel {
    /** Nothing: what leaves may tell anything about the data. */
    NONE,
    /** Single examples, by noise that is added here. */
    EXAMPLE,
    /** Whole clients, by noise on the sum of updates; the coordinator is trusted with this client's update. */
    CLIENT,
    /** One of them. */
    EITHER;

    /** The word in files. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean met(boolean examples, boolean clients) {
        return switch (this) {
            case NONE -> true;
            case EXAMPLE -> examples;
            case CLIENT -> clients;
            case EITHER -> examples || clients;
        };
    }
}
