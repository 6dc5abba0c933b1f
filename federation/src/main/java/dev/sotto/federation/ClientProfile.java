package dev.sotto.federation;

/**
 * What everyone may know of a client. Under the zero-out relation the roster and the sizes are public.
 *
 * @param id unique in the federation: letters, digits, dot, dash and underscore
 * @param examples how many training examples it holds; at least 1
 */
public record ClientProfile(String id, int examples) {}
