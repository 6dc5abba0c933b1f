package dev.sotto.experiment.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes HTML or XML in which every text and attribute is escaped, and every element that was opened is closed. Not
 * thread-safe.
 */
public final class Markup {
    private final StringBuilder out = new StringBuilder();
    private final Deque<String> open = new ArrayDeque<>();

    /** Opens an element; attributes are names and values in turn. */
    public Markup open(String name, String... attributes) {
        tag(name, attributes).append('>');
        open.push(name);
        return this;
    }

    /** Closes the element that was opened last. */
    public Markup close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    /** An element without content. */
    public Markup empty(String name, String... attributes) {
        tag(name, attributes).append("/>");
        return this;
    }

    /** An element that holds only a text. */
    public Markup element(String name, String text, String... attributes) {
        return open(name, attributes).text(text).close();
    }

    /** A text. */
    public Markup text(String text) {
        out.append(escape(text));
        return this;
    }

    /** A remark that must not be missed. */
    public Markup notice(String text) {
        return element("p", text, "class", "notice", "role", "note");
    }

    /** A name and its value in a list of them. */
    public Markup fact(String name, String value) {
        return open("div").element("dt", name).element("dd", value).close();
    }

    /** Takes markup as it is: never anything that came from outside. */
    public Markup raw(String markup) {
        out.append(markup);
        return this;
    }

    private StringBuilder tag(String name, String... attributes) {
        out.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            out.append(escape(attributes[i + 1])).append('"');
        }
        return out;
    }

    /**
     * The text with the characters that mean something in markup replaced, as are those that XML cannot hold and those that
     * turn the direction of writing: a name must not rewrite the sentence around it.
     */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n', '\t' -> escaped.append(c);
                default -> escaped.append(unwritable(c) ? '\uFFFD' : c);
            }
        }
        return escaped.toString();
    }

    private static boolean unwritable(char c) {
        return c < ' '
                || c == '\uFFFE'
                || c == '\uFFFF'
                || (c >= '\u202A' && c <= '\u202E')
                || (c >= '\u2066' && c <= '\u2069');
    }

    /** All that was written; nothing may be left open. */
    @Override
    public String toString() {
        if (!open.isEmpty()) {
            throw new IllegalStateException("left open: " + open);
        }
        return out.toString();
    }
}
