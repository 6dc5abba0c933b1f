package dev.sotto.cli;

import dev.sotto.formats.config.ConfigException;
import java.util.Locale;

/** Asks a person before something is done. */
final class Confirmation {
    private Confirmation() {}

    /**
     * Whether it may be done: because {@code --yes} was given, or somebody says so.
     *
     * @param question in one line
     * @throws ConfigException if there is nobody to ask
     */
    static boolean given(boolean yes, String question) {
        if (yes) {
            return true;
        }
        java.io.Console terminal = Boolean.getBoolean("sotto.terminal") ? System.console() : null;
        if (terminal == null) {
            throw new ConfigException(
                    "there is no terminal to ask on, so nothing was decided; give --yes once you have read it");
        }
        String answer = terminal.readLine("%s [y/N] ", question);
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    }
}
