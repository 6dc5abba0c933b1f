package dev.sotto.privacy.accounting;

/** The accountants one can ask for by name. */
public enum AccountantChoice {
    RDP("rdp"),
    PLD("pld"),
    TIGHTEST("tightest");

    private final String label;

    AccountantChoice(String label) {
        this.label = label;
    }

    /** The word that files and flags use. */
    public String label() {
        return label;
    }

    /** The accountant in its default form. */
    public Accountant accountant() {
        return switch (this) {
            case RDP -> RdpAccountant.standard();
            case PLD -> PldAccountant.standard();
            case TIGHTEST -> TightestAccountant.INSTANCE;
        };
    }

    /** The choice of a label; an unknown one is refused with the valid ones. */
    public static AccountantChoice parse(String label) {
        for (AccountantChoice choice : values()) {
            if (choice.label.equals(label)) {
                return choice;
            }
        }
        throw new IllegalArgumentException("accountant is '" + label + "'; it must be one of rdp, pld, tightest");
    }
}
