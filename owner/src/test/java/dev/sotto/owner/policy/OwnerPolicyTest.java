package dev.sotto.owner.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.sotto.formats.config.Section;
import dev.sotto.owner.ledger.TotalLimit;
import dev.sotto.privacy.Epsilon;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("An owner's policy")
class OwnerPolicyTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);
    private static final Proposal MODEST = proposal(true, false, OptionalDouble.of(2), 1e-5);

    private static Proposal proposal(boolean examples, boolean clients, OptionalDouble epsilon, double delta) {
        return new Proposal("network-1", DIGEST, examples, clients, epsilon, delta, 20, 500);
    }

    private static OwnerPolicy read(String yaml) {
        try {
            return OwnerPolicy.read(
                    Section.root("node.yaml", new ObjectMapper(new YAMLFactory()).readTree("policy: " + yaml))
                            .section("policy"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void readsEveryKey() {
        assertThat(read("{require: example, session-epsilon: 3, total: {epsilon: 8, delta: 1e-6}, min-examples: 100, "
                        + "coordinators: [network-1, 'sha256:" + DIGEST
                        + "'], approval: automatic, approval-days: 90, progress: false}"))
                .isEqualTo(new OwnerPolicy(
                        RequiredLevel.EXAMPLE,
                        Optional.of(new Epsilon(3)),
                        Optional.of(TotalLimit.of(8, 1e-6)),
                        100,
                        List.of("network-1", "sha256:" + DIGEST),
                        ApprovalRule.AUTOMATIC,
                        90,
                        false));
    }

    @Test
    void asksForSomePrivacyByDefault() {
        assertThat(read("{}")).isEqualTo(OwnerPolicy.usual());
        assertThat(OwnerPolicy.usual().approval()).isEqualTo(ApprovalRule.ASK);
        assertThat(OwnerPolicy.usual().approvalDays()).isEqualTo(30);
        assertThat(OwnerPolicy.usual().progress()).isTrue();
        assertThat(OwnerPolicy.usual().most()).contains(new Epsilon(100));
        assertThat(read("{require: none}").most()).isEmpty();
        assertThat(OwnerPolicy.usual().refusal(MODEST)).isEmpty();
        assertThat(OwnerPolicy.usual().refusal(proposal(false, false, OptionalDouble.empty(), 1e-5)))
                .contains("the owner's policy asks for example-level or client-level privacy, and this session has no"
                        + " privacy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | ",
                "{coordinators: [network-1]} | ",
                "{coordinators: network-2} | does not list coordinator network-1",
                "{require: client} | asks for client-level privacy, and this session has example-level privacy only",
                "{session-epsilon: 2} | ",
                "{session-epsilon: 1.5} | allows epsilon 1.5 a session, and this one may reach 2",
                "{min-examples: 500} | ",
                "{min-examples: 501} | asks for more examples than there are"
            })
    void refusesInOneLine(String policy, String reason) {
        Optional<String> refusal = read(policy).refusal(MODEST);
        if (reason == null) {
            assertThat(refusal).isEmpty();
        } else {
            assertThat(refusal.orElseThrow()).contains(reason).doesNotContain("\n");
        }
    }

    @Test
    void knowsCoordinatorsByTheirAuthority() {
        assertThat(read("{coordinators: ['sha256:" + DIGEST + "']}").refusal(MODEST))
                .isEmpty();
        assertThat(read("{coordinators: ['sha256:" + "f".repeat(64) + "']}").refusal(MODEST))
                .isPresent();
    }

    @Test
    void anEpsilonWithoutBoundPassesEveryLimit() {
        assertThat(read("{session-epsilon: 1000}").refusal(proposal(true, true, OptionalDouble.empty(), 1e-5)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("this one has no bound"));
    }

    @ParameterizedTest
    @CsvSource({"true, 0.5, examples", "true, 0.002, examples", "false, 0.05, clients", "false, 0.9, clients"})
    void aDeltaThatGivesRecordsAwayProtectsNothing(boolean examples, double delta, String of) {
        assertThat(read("{session-epsilon: 3}").refusal(proposal(examples, !examples, OptionalDouble.of(0.1), delta)))
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("a delta below one over the " + of + ", and this session's is " + delta));
        double enough = examples ? 0.0019 : 0.049;
        assertThat(read("{session-epsilon: 3}").refusal(proposal(examples, !examples, OptionalDouble.of(0.1), enough)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void noiseWithoutABoundIsNoProtection(boolean examples, boolean clients) {
        OwnerPolicy usual = OwnerPolicy.usual();
        assertThat(usual.refusal(proposal(examples, clients, OptionalDouble.empty(), 1e-5)))
                .hasValueSatisfying(reason -> assertThat(reason).contains("this one has no bound"));
        assertThat(usual.refusal(proposal(examples, clients, OptionalDouble.of(1e9), 1e-5)))
                .hasValueSatisfying(
                        reason -> assertThat(reason).contains("allows epsilon 100 a session, and this one may reach"));
        assertThat(usual.refusal(proposal(examples, clients, OptionalDouble.of(100), 1e-5)))
                .isEmpty();
        assertThat(read("{session-epsilon: 2e9}").refusal(proposal(examples, clients, OptionalDouble.of(1e9), 1e-5)))
                .isEmpty();
        assertThat(read("{require: none}").refusal(proposal(examples, clients, OptionalDouble.empty(), 0.5)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{require: exmple} | policy.require: 'exmple' is not one of none, example, client, either; did you mean",
                "{total: {epsilon: 3}} | policy.total.delta: it is required",
                "{require: none, session-epsilon: 1} | policy.require: none allows sessions whose epsilon has no bound",
                "{coordinators: ['sha256:12']} | policy.coordinators: 'sha256:12' is no digest",
                "{approval: always} | policy.approval: 'always' is not one of ask, automatic",
                "{approval-days: 0} | policy.approval-days: 0 is out of range",
                "{limit: 3} | policy.limit: unknown key"
            })
    void aMistakeIsOneLineThatNamesTheKey(String policy, String message) {
        assertThatThrownBy(() -> read(policy)).hasMessageContaining(message).hasMessageNotContaining("\n");
    }
}
