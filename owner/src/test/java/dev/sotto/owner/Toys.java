package dev.sotto.owner;

import dev.sotto.data.Examples;
import dev.sotto.data.Shape;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import dev.sotto.federation.Cohort;
import dev.sotto.federation.EvaluationPlan;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.clientlevel.UpdateRelease;
import dev.sotto.learning.Engine;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.privacy.random.Randomness;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** Data and plans small enough that a session takes milliseconds. */
public final class Toys {
    static final int FEATURES = 5;
    /** A model of two classes. */
    public static final ModelSpec MODEL = Presets.named("logistic", Shape.of(FEATURES), 2, Loss.CROSS_ENTROPY);

    static final TrainingSettings TRAINING = TrainingSettings.of(OptimizerSpec.sgd(0.2), 20);
    static final SessionKey KEY = new SessionKey("coordinator-1", "session-1");

    private static final Map<String, String> PACKAGES = new ConcurrentHashMap<>();

    private Toys() {}

    /** Two overlapping clouds of points. */
    public static Examples clouds(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] features = new float[count * FEATURES];
        int[] labels = new int[count];
        for (int n = 0; n < count; n++) {
            labels[n] = random.nextInt(2);
            for (int i = 0; i < FEATURES; i++) {
                features[n * FEATURES + i] = (float) (random.nextDouble(-1, 1) + (labels[n] - 0.5) * (i % 3));
            }
        }
        return TableExamples.classified("toy", Shape.of(FEATURES), Target.Classes.numbered(2), features, labels);
    }

    /** A plan that asks everybody. */
    public static Plan plan(int rounds, Optional<ExamplePrivacy> privacy) {
        return new Plan(
                "toy",
                MODEL,
                rounds,
                Participation.of(new Cohort.All()),
                TRAINING,
                privacy,
                Optional.empty(),
                EvaluationPlan.every(1));
    }

    /** The terms of a plan as they are. */
    public static AgreedTerms terms(SessionKey key, Plan plan, LocalMethod method, int examples) {
        return AgreedTerms.of(key, "hospital", "scans", digestOf("abc123"), 2, plan, method, examples);
    }

    /** The digest of a file that stands for a package, and has that content. */
    public static String digestOf(String content) {
        try {
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8)));
            PACKAGES.put(digest, content);
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What terms ask, as it arrives at an owner whose data is that. */
    public static Request arrived(Owner owner, AgreedTerms terms, Examples examples) {
        try {
            boolean unused = owner.fingerprint().changed(terms.dataSet(), examples);
            Path file = Files.createTempFile("package", ".sotto");
            try {
                Files.writeString(file, PACKAGES.get(terms.packageDigest()));
                return owner.requests()
                        .arrived(
                                terms.key(),
                                "ab".repeat(32),
                                terms.client(),
                                terms.dataSet(),
                                file,
                                HexFormat.of().parseHex(terms.packageDigest()),
                                terms.clients());
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A session that its owner has approved for as long as it may take. */
    public static OwnerSession open(
            Owner owner, AgreedTerms terms, Examples examples, Optional<Examples> heldOut, Randomness randomness) {
        Request request = arrived(owner, terms, examples);
        if (owner.requests().decision(request) instanceof Decision.Pending) {
            ApprovalLimits limits =
                    new ApprovalLimits(1000, Optional.empty(), Instant.now().plus(Duration.ofDays(1)));
            owner.requests().approve(request, limits, owner.key());
        }
        return OwnerSession.open(owner, terms, request, examples, heldOut, randomness);
    }

    /** A worker's network. */
    public static LocalTraining training() {
        return new LocalTraining(Engine.named("jvm").compile(MODEL));
    }

    /** A round of plain training from a model of one value. */
    public static RoundTask round(int round, float value) {
        return round(round, value, new LocalMethod.Plain(), Optional.empty());
    }

    static RoundTask round(int round, float value, LocalMethod method, Optional<UpdateRelease> release) {
        float[] model = new float[MODEL.layout().size()];
        Arrays.fill(model, value);
        return new RoundTask(round, model, method, new float[0], release);
    }

    /** What stands for the digest of that model. */
    public static byte[] digest(float value) {
        return ByteBuffer.allocate(4).putFloat(value).array();
    }

    static float[] vector(Release release) {
        try {
            byte[] bytes = Files.readAllBytes(release.vector());
            float[] values = new float[bytes.length / 4];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
