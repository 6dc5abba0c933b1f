package dev.sotto.experiment;

import java.util.Map;

/** Settings as they are called in other systems, with the key that means the same here. */
final class Elsewhere {
    /** Only names that mean one thing wherever they stand. */
    static final Map<String, String> KEYS = Map.ofEntries(
            Map.entry("fraction_fit", "cohort.fraction"),
            Map.entry("min_fit_clients", "cohort.at-least"),
            Map.entry("min_available_clients", "cohort.min-available"),
            Map.entry("fraction_evaluate", "evaluation.fraction"),
            Map.entry("min_evaluate_clients", "evaluation.min-clients"),
            Map.entry("num_sampled_clients", "cohort.size"),
            Map.entry("cohort_size", "cohort.size"),
            Map.entry("num_clients", "data.clients"),
            Map.entry("num_partitions", "data.clients"),
            Map.entry("num_rounds", "rounds"),
            Map.entry("num_server_rounds", "rounds"),
            Map.entry("global_rounds", "rounds"),
            Map.entry("round_timeout", "cohort.deadline"),
            Map.entry("local_epochs", "client.epochs"),
            Map.entry("local_num_epochs", "client.epochs"),
            Map.entry("init_clip_norm", "privacy.client-level.clipping-norm"),
            Map.entry("initial_clipping_norm", "privacy.client-level.clipping-norm"),
            Map.entry("clip_norm_target_quantile", "privacy.client-level.target-quantile"),
            Map.entry("target_clipped_quantile", "privacy.client-level.target-quantile"),
            Map.entry("clip_norm_lr", "privacy.client-level.clipping-learning-rate"),
            Map.entry("clip_count_stddev", "privacy.client-level.count-stddev"),
            Map.entry("clipped_count_stddev", "privacy.client-level.count-stddev"),
            Map.entry("server_side_noising", "privacy.client-level.noise"));

    private Elsewhere() {}
}
