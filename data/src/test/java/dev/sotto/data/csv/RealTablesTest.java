package dev.sotto.data.csv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.data.SharedData;
import dev.sotto.data.csv.Column.Categorical;
import dev.sotto.data.csv.Column.Ignored;
import dev.sotto.data.csv.Column.Label;
import dev.sotto.data.csv.Column.Numeric;
import dev.sotto.data.partition.GroupPartitioner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The published tables where they are present, and a few lines in their form elsewhere. */
final class RealTablesTest {
    private static final List<String> HOSPITALS = List.of("cleveland", "hungarian", "switzerland", "va");

    @TempDir
    Path folder;

    @Test
    void readsTheFourHospitals() throws IOException {
        boolean real = SharedData.folder("heart").isPresent();
        Path heart = SharedData.folder("heart").orElse(folder);
        if (!real) {
            for (String hospital : HOSPITALS) {
                Files.writeString(
                        heart.resolve("processed." + hospital + ".data"),
                        "63.0,1.0,1.0,145.0,233.0,1.0,2.0,150.0,0.0,2.3,3.0,0.0,6.0,0\n28,1,2,?,132,0,?,185,0,.7,?,?,?,3\n");
            }
        }
        Map<String, List<String>> disease = new LinkedHashMap<>();
        disease.put("absent", List.of("0"));
        disease.put("present", List.of("1", "2", "3", "4"));
        CsvSchema schema = CsvSchema.of(
                Numeric.range("age", 20, 80),
                Categorical.of("sex", "0", "1"),
                Categorical.of("chest-pain", "1", "2", "3", "4"),
                Numeric.range("blood-pressure", 80, 200),
                Numeric.range("cholesterol", 0, 600),
                Categorical.of("fasting-sugar", "0", "1").withIndicator(),
                Categorical.of("ecg", "0", "1", "2"),
                Numeric.range("heart-rate", 60, 210),
                Categorical.of("angina", "0", "1"),
                Numeric.range("st-depression", -3, 7).withIndicator(),
                Categorical.of("slope", "1", "2", "3").withIndicator(),
                Categorical.of("vessels", "0", "1", "2", "3").withIndicator(),
                Categorical.of("thal", "3", "6", "7").withIndicator(),
                new Label("disease", disease));
        Path[] files = HOSPITALS.stream()
                .map(h -> heart.resolve("processed." + h + ".data"))
                .toArray(Path[]::new);
        Examples rows = CsvSource.of("heart", schema, CsvFormat.standard().withHeader(false), files)
                .load(DataContext.ofSystem())
                .train();
        List<Integer> sizes =
                GroupPartitioner.byFile().split(rows, 4, 0).summary(rows).sizes();
        assertThat(sizes).isEqualTo(real ? List.of(303, 294, 123, 200) : List.of(2, 2, 2, 2));
    }

    @Test
    void readsAdult() throws IOException {
        boolean real = SharedData.folder("adult").isPresent();
        Path adult = SharedData.folder("adult").orElse(folder);
        if (!real) {
            Files.writeString(
                    adult.resolve("adult.data.gz"),
                    "39, State-gov, 77516, Bachelors, 13, Never-married, Adm-clerical, Not-in-family, White, Male,"
                            + " 2174, 0, 40, United-States, <=50K\n\n");
            Files.writeString(
                    adult.resolve("adult.test.gz"),
                    "|1x3 Cross validator\n25, ?, 226802, 11th, 7, Never-married, ?, Own-child, Black, Male, 0, 0,"
                            + " 40, United-States, >50K.\n");
        }
        Map<String, List<String>> income = new LinkedHashMap<>();
        income.put("<=50K", List.of("<=50K", "<=50K."));
        income.put(">50K", List.of(">50K", ">50K."));
        CsvSchema schema = CsvSchema.of(
                Numeric.range("age", 17, 90),
                new Ignored("workclass", false),
                new Ignored("fnlwgt", false),
                new Ignored("education", true),
                Numeric.range("education-num", 1, 16),
                new Ignored("marital-status", false),
                new Ignored("occupation", false),
                new Ignored("relationship", false),
                new Ignored("race", false),
                Categorical.of("sex", "Female", "Male"),
                Numeric.range("capital-gain", 0, 20_000),
                Numeric.range("capital-loss", 0, 5_000),
                Numeric.range("hours-per-week", 1, 99),
                new Ignored("country", false),
                new Label("income", income));
        CsvFormat format = CsvFormat.standard().withHeader(false).withComment("|");
        DataSet set = CsvSource.of("adult", schema, format, adult.resolve("adult.data.gz"))
                .withTest(adult.resolve("adult.test.gz"))
                .load(DataContext.ofSystem());
        assertThat(set.train().size()).isEqualTo(real ? 32_561 : 1);
        assertThat(set.test().orElseThrow().size()).isEqualTo(real ? 16_281 : 1);
        int rich = 0;
        for (int i = 0; i < set.train().size(); i++) {
            rich += set.train().label(i);
        }
        assertThat(rich).isEqualTo(real ? 7841 : 0);
        assertThat(set.train().grouping("education").orElseThrow().names()).hasSize(real ? 16 : 1);
    }
}
