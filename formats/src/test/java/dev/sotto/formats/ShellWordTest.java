package dev.sotto.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A word of a command line")
class ShellWordTest {
    @Test
    void hasQuotesOnlyWhereItNeedsThem() {
        assertThat(ShellWord.of(Path.of("/var/lib/sotto/node-1"))).isEqualTo("/var/lib/sotto/node-1");
        assertThat(ShellWord.of("n\u00f6de")).isEqualTo("n\u00f6de");
        assertThat(ShellWord.of(Path.of("n\u00f6 de/h1"))).isEqualTo("\"n\u00f6 de/h1\"");
        assertThat(ShellWord.of("a $HOME")).isEqualTo("'a $HOME'");
        assertThat(ShellWord.of("")).isEqualTo("\"\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "it's",
                "$HOME",
                "a\"b",
                "`id`",
                "a\\b",
                "!x",
                "*",
                "~",
                "a;b",
                "a&b",
                "$(id) 'x'",
                "(a)",
                "#a"
            })
    void isWhatAShellMakesOfIt(String text) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", "printf %s " + ShellWord.of(text)).start();
        assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(text);
    }
}
