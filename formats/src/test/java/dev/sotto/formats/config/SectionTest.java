package dev.sotto.formats.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings are read with defaults, checked, and refused in one line that says where and why. */
final class SectionTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static Section section(String json) {
        return Section.root("f.yaml", tree(json));
    }

    private static void refused(ThrowingCallable reading, String message) {
        assertThatExceptionOfType(ConfigException.class).isThrownBy(reading).withMessage(message);
    }

    @Test
    void aKeyThatIsThereIsReadAndOneThatIsNotGivesTheDefault() {
        Section section = section("{text: 'a', whole: 3, real: 0.5, yes: true}");
        assertThat(section.text("text", "b")).isEqualTo("a");
        assertThat(section.text("other", "b")).isEqualTo("b");
        assertThat(section.integer("whole", 1, 0, 9)).isEqualTo(3);
        assertThat(section.integer("none", 1, 0, 9)).isEqualTo(1);
        assertThat(section.number("real", 1, Interval.UNIT)).isEqualTo(0.5);
        assertThat(section.flag("yes", false)).isTrue();
        assertThat(section.flag("no", false)).isFalse();
        assertThatCode(section::end).doesNotThrowAnyException();
    }

    @Test
    void nullIsAsGoodAsAbsent() {
        Section section = section("{rounds: null, privacy: null}");
        assertThat(section.integer("rounds", 7, 1, 9)).isEqualTo(7);
        assertThat(section.has("privacy")).isFalse();
        assertThat(section.section("privacy").keys()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null"})
    void anEmptyFileIsAnEmptySection(String json) {
        assertThat(section(json).keys()).isEmpty();
        assertThat(Section.root("f.yaml", null).keys()).isEmpty();
    }

    @Test
    void aFileThatIsNoGroupOfKeysIsRefused() {
        refused(() -> section("[1]"), "f.yaml: expected keys and values at the top, found a list");
        refused(() -> section("3"), "f.yaml: expected keys and values at the top, found the number 3");
    }

    @Test
    void numbersMayBeWrittenAsTexts() {
        Section section = section("{delta: '1e-5', rounds: ' 12 ', big: '1e3'}");
        assertThat(section.number("delta", 1, Interval.PROPORTION)).isEqualTo(1e-5);
        assertThat(section.integer("rounds", 1, 1, 99)).isEqualTo(12);
        assertThat(section.integer("big", 1, 1, 9999)).isEqualTo(1000);
    }

    @Test
    void wideNumbersKeepAllTheirBits() {
        assertThat(section("{seed: 9223372036854775807}").wide("seed")).contains(Long.MAX_VALUE);
        assertThat(section("{seed: -9223372036854775808}").wide("seed")).contains(Long.MIN_VALUE);
        assertThat(section("{seed: 9007199254740993}").wide("seed")).contains(9007199254740993L);
        assertThat(section("{}").wide("seed")).isEmpty();
    }

    @Test
    void wrongTypesAreRefused() {
        Section section = section("{a: [1], b: {c: 1}, d: 'x', e: true, f: 1.5}");
        refused(() -> section.integer("a", 1, 0, 9), "f.yaml: a: expected a whole number, found a list");
        refused(() -> section.text("b", ""), "f.yaml: b: expected a text, found keys and values");
        refused(() -> section.number("d", 1, Interval.UNIT), "f.yaml: d: expected a number, found 'x'");
        refused(() -> section.number("e", 1, Interval.UNIT), "f.yaml: e: expected a number, found true or false");
        refused(() -> section.integer("f", 1, 0, 9), "f.yaml: f: expected a whole number, found 1.5");
        refused(() -> section.flag("d", true), "f.yaml: d: expected true or false, found 'x'");
        refused(() -> section.section("d"), "f.yaml: d: expected keys and values, found the text 'x'");
        refused(() -> section.integers("d"), "f.yaml: d: expected a list, found the text 'x'");
    }

    @Test
    void valuesOutOfRangeAreRefusedWithTheRange() {
        Section section = section("{epsilon: 0, rounds: 0, size: 11, nan: 'NaN', long: 99999999999999999999}");
        refused(
                () -> section.number("epsilon", 1, Interval.POSITIVE),
                "f.yaml: epsilon: 0 is out of range; it must be greater than 0");
        refused(
                () -> section.integer("rounds", 1, 1, Integer.MAX_VALUE),
                "f.yaml: rounds: 0 is out of range; it must be at least 1");
        refused(
                () -> section.integer("size", 1, 1, 10),
                "f.yaml: size: 11 is out of range; it must be at least 1 and at most 10");
        refused(
                () -> section.number("nan", 1, Interval.FINITE),
                "f.yaml: nan: NaN is out of range; it must be a finite number");
        assertThatExceptionOfType(ConfigException.class).isThrownBy(() -> section.wide("long"));
    }

    @Test
    void aRequiredKeyMustBeThere() {
        refused(() -> section("{}").text("name"), "f.yaml: name: it is required");
    }

    @Test
    void unknownKeysAreRefusedWithTheNearestKnownOne() {
        Section near = section("{rouns: 3}");
        near.integer("rounds", 1, 1, 9);
        refused(near::end, "f.yaml: rouns: unknown key; did you mean 'rounds'?");
        Section far = section("{zzzzzz: 3}");
        far.text("name", "");
        far.text("rounds", "");
        refused(far::end, "f.yaml: zzzzzz: unknown key; valid here: name, rounds");
    }

    @Test
    void choicesAreRefusedWithTheNearestOne() {
        List<String> valid = List.of("adam", "sgd");
        assertThat(section("{name: 'sgd'}").choice("name", valid, "adam")).isEqualTo("sgd");
        refused(
                () -> section("{name: 'adm'}").choice("name", valid, "sgd"),
                "f.yaml: name: 'adm' is not one of adam, sgd; did you mean 'adam'?");
        refused(
                () -> section("{name: 'momentum'}").choice("name", valid, "sgd"),
                "f.yaml: name: 'momentum' is not one of adam, sgd");
    }

    @Test
    void errorsNameTheWholePath() {
        Section inner = section("{privacy: {'example-level': {epsilon: -1}}}")
                .section("privacy")
                .section("example-level");
        refused(
                () -> inner.number("epsilon", 1, Interval.POSITIVE),
                "f.yaml: privacy.example-level.epsilon: -1 is out of range; it must be greater than 0");
        refused(
                () -> {
                    throw inner.error("give epsilon");
                },
                "f.yaml: privacy.example-level: give epsilon");
        List<Section> columns = section("{columns: [{name: 'a'}, {nam: 'b'}]}").sections("columns");
        columns.get(1).text("name", "");
        refused(columns.get(1)::end, "f.yaml: columns[1].nam: unknown key; did you mean 'name'?");
        refused(
                () -> section("{columns: [3]}").sections("columns"),
                "f.yaml: columns[0]: expected keys and values, found the number 3");
    }

    @Test
    void aSingleTextCountsAsAList() {
        assertThat(section("{files: 'a.csv'}").texts("files")).containsExactly("a.csv");
        assertThat(section("{files: ['a.csv', 'b.csv']}").texts("files")).containsExactly("a.csv", "b.csv");
        assertThat(section("{}").texts("files")).isEmpty();
        assertThat(section("{shape: [3, 32]}").integers("shape")).containsExactly(3, 32);
    }

    @Test
    void whatHoldsIsWrittenDownDefaultsIncludedAndEmptyGroupsLeftOut() {
        Section section = section("{rounds: '3', client: {epochs: 2}, server: null}");
        section.integer("rounds", 1, 1, 9);
        section.section("client").integer("epochs", 1, 1, 9);
        section.section("server");
        section.number("rate", 0.5, Interval.UNIT);
        section.resolve("seed", JsonNodeFactory.instance.numberNode(7));
        assertThat(section.resolved()).isEqualTo(tree("{rounds: 3, client: {epochs: 2}, rate: 0.5, seed: 7}"));
    }
}
