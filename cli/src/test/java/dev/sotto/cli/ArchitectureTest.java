package dev.sotto.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** The house: an arrow only ever points down. */
class ArchitectureTest {
    private static final JavaClasses SOTTO = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.sotto");

    @Test
    void dependenciesPointDown() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("kernels")
                .definedBy("dev.sotto.kernels..")
                .layer("formats")
                .definedBy("dev.sotto.formats..")
                .layer("privacy")
                .definedBy("dev.sotto.privacy..")
                .layer("data")
                .definedBy("dev.sotto.data..")
                .layer("learning")
                .definedBy("dev.sotto.learning..")
                .layer("federation")
                .definedBy("dev.sotto.federation..")
                .layer("experiment")
                .definedBy("dev.sotto.experiment..")
                .layer("wire")
                .definedBy("dev.sotto.wire..")
                .layer("owner")
                .definedBy("dev.sotto.owner..")
                .layer("simulation")
                .definedBy("dev.sotto.simulation..")
                .layer("coordinator")
                .definedBy("dev.sotto.coordinator..")
                .layer("node")
                .definedBy("dev.sotto.node..")
                .layer("folders")
                .definedBy("dev.sotto.folders..")
                .layer("page")
                .definedBy("dev.sotto.page..")
                .layer("cli")
                .definedBy("dev.sotto.cli..")
                .whereLayer("kernels")
                .mayNotAccessAnyLayer()
                .whereLayer("formats")
                .mayNotAccessAnyLayer()
                .whereLayer("privacy")
                .mayOnlyAccessLayers("kernels", "formats")
                .whereLayer("data")
                .mayOnlyAccessLayers("kernels", "formats")
                .whereLayer("learning")
                .mayOnlyAccessLayers("privacy", "data", "kernels", "formats")
                .whereLayer("federation")
                .mayOnlyAccessLayers("learning", "privacy", "data", "kernels", "formats")
                .whereLayer("experiment")
                .mayOnlyAccessLayers("federation", "learning", "privacy", "data", "formats")
                .whereLayer("wire")
                .mayOnlyAccessLayers("federation", "learning", "privacy", "data", "formats")
                .whereLayer("owner")
                .mayOnlyAccessLayers("experiment", "federation", "learning", "privacy", "data", "formats")
                .whereLayer("coordinator")
                .mayOnlyAccessLayers("experiment", "wire", "federation", "learning", "privacy", "data", "formats")
                .whereLayer("node")
                .mayOnlyAccessLayers(
                        "experiment", "owner", "wire", "federation", "learning", "privacy", "data", "formats")
                .whereLayer("folders")
                .mayOnlyAccessLayers(
                        "experiment", "owner", "wire", "federation", "learning", "privacy", "data", "formats")
                .whereLayer("page")
                .mayOnlyAccessLayers("experiment", "owner", "federation", "learning", "privacy", "data", "formats")
                .whereLayer("simulation")
                .mayOnlyAccessLayers("experiment", "federation", "learning", "privacy", "data", "formats")
                .check(SOTTO);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        SlicesRuleDefinition.slices()
                .matching("dev.sotto.(*)..")
                .should()
                .beFreeOfCycles()
                .check(SOTTO);
    }

    @Test
    void theEngineIsClosedToTheRound() {
        noClasses()
                .that(resideInAnyPackage(
                        "dev.sotto.federation..",
                        "dev.sotto.experiment..",
                        "dev.sotto.simulation..",
                        "dev.sotto.owner..",
                        "dev.sotto.coordinator..",
                        "dev.sotto.node..",
                        "dev.sotto.folders.."))
                .should()
                .dependOnClassesThat(resideInAPackage("dev.sotto.learning.jvm.."))
                .check(SOTTO);
    }

    @Test
    void privacyNeverDrawsFromAPredictableGenerator() {
        noClasses()
                .that(resideInAnyPackage(
                        "dev.sotto.privacy..",
                        "dev.sotto.learning..",
                        "dev.sotto.federation..",
                        "dev.sotto.simulation..",
                        "dev.sotto.owner..",
                        "dev.sotto.coordinator..",
                        "dev.sotto.node..",
                        "dev.sotto.folders.."))
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.util\\.(Random|SplittableRandom|concurrent\\.ThreadLocalRandom)|java\\.util\\.random\\..*")
                .orShould()
                .callMethod(Math.class, "random")
                .check(SOTTO);
    }
}
