package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sotto.wire.v1.SessionDetail;
import org.junit.jupiter.api.Test;

/** What sotto session show tells of one session. */
final class SessionTextTest {
    private static SessionDetail.Builder session(String state) {
        return SessionDetail.newBuilder()
                .setId("s-1a2b3c")
                .setName("readmission")
                .setState(state)
                .setRounds(3)
                .setPlannedRounds(3)
                .setModel(ByteString.copyFrom(new byte[32]));
    }

    @Test
    void oneThatGatheredTooFewSaysHowItGoesOn() {
        assertThat(SessionText.show(session("failed")
                        .setReason("only 1 of 2 clients accepted within 600 s")
                        .build()))
                .contains(
                        "failed: only 1 of 2 clients accepted within 600 s",
                        "\nnext     once that is mended: sotto session resume s-1a2b3c\n");
        assertThat(SessionText.show(session("stopped").build()))
                .contains("\nnext     it can go on: sotto session resume s-1a2b3c\n");
    }

    @Test
    void oneWhoseRoundsGotTooFewUpdatesSaysWhatToChange() {
        assertThat(SessionText.show(
                        session("completed").setResultJson("{\"rounds\": 1}").build()))
                .contains(
                        "\nwithheld 2 of 3 rounds: fewer updates came in time than --min-clients asks for\n",
                        "\nnext     give rounds longer (--round-timeout) or ask for fewer (--min-clients):\n",
                        "\n         sotto session start ... --from-model 000000000000\n");
        assertThat(SessionText.show(
                        session("completed").setResultJson("{\"rounds\": 3}").build()))
                .doesNotContain("withheld", "next");
        assertThat(SessionText.show(session("running").build())).doesNotContain("withheld", "next");
    }
}
