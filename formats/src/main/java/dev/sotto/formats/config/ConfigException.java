package dev.sotto.formats.config;

/** Settings that cannot be used. The message is one line: file, key, what is wrong, what would be valid. */
public final class ConfigException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
