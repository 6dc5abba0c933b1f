package dev.sotto.privacy;

/** Whose presence a guarantee hides: one example of a data set, or one client with all its data. */
public enum PrivacyUnit {
    EXAMPLE("example"),
    CLIENT("client");

    private final String label;

    PrivacyUnit(String label) {
        this.label = label;
    }

    /** The word that files and reports use. */
    public String label() {
        return label;
    }
}
