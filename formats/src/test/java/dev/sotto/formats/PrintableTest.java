package dev.sotto.formats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A text from a stranger")
class PrintableTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "s-abc", "Zürich 7", "病院", "\uD83D\uDE00", "a (b) <c> \"d\" 'e'"})
    void staysAsItIsIfItCanBePrinted(String text) {
        assertThat(Printable.is(text)).isTrue();
        assertThat(Printable.line(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n", "\r", "\t", "\0", "\u0007", "\u001b", "\u007f", "\u0085", "\u009b", "\u200b", "\u200f", "\u2028",
                "\u2029", "\u202e", "\u2066", "\ufeff", "\ue000", "\ud800", "\udc00"
            })
    void cannotForgeALine(String character) {
        assertThat(Printable.is("a" + character + "b")).isFalse();
        assertThat(Printable.line("a" + character + "b")).isEqualTo("a?b");
    }

    @Test
    void isNotLong() {
        assertThat(Printable.line("x".repeat(100_000))).hasSize(2000);
    }
}
