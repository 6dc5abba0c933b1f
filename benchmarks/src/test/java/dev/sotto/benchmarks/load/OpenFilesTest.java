package dev.sotto.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OpenFilesTest {
    @Test
    void aLimitThatIsTooLowIsSaidInOneLineWithWhatWouldDo() {
        assertThat(OpenFiles.problem(2000, 4500)).isEmpty();
        assertThat(OpenFiles.problem(2000, 1024))
                .contains("open files: 2000 clients need 4500 in each process, and the limit is 1024; raise it with"
                        + " 'ulimit -n 4500'");
    }
}
