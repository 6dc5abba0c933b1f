package dev.sotto.privacy.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sotto.privacy.NeighbouringRelation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Reads, writes, gathers and restates events. */
public final class DpEvents {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private DpEvents() {}

    /** The event as JSON: an object with its {@code type} in kebab-case and its parts by name. */
    public static JsonNode toJson(DpEvent event) {
        return JSON.valueToTree(event);
    }

    /**
     * The event of a JSON text, as {@link #toJson} writes it.
     *
     * @throws IllegalArgumentException in one line, if the text is no event: what is wrong, and where
     */
    public static DpEvent fromJson(String json) {
        try {
            return required(JSON.readValue(json, DpEvent.class));
        } catch (JsonProcessingException e) {
            throw refusal(e);
        }
    }

    /** The event of a JSON object that was read before; errors as for a text. */
    public static DpEvent fromJson(JsonNode json) {
        try {
            return required(JSON.treeToValue(json, DpEvent.class));
        } catch (JsonProcessingException e) {
            throw refusal(e);
        }
    }

    private static DpEvent required(DpEvent event) {
        if (event == null) {
            throw new IllegalArgumentException("event is null; it must be a JSON object with a type");
        }
        return event;
    }

    private static IllegalArgumentException refusal(JsonProcessingException e) {
        List<String> types = Arrays.stream(
                        DpEvent.class.getAnnotation(JsonSubTypes.class).value())
                .map(JsonSubTypes.Type::name)
                .toList();
        return EventRefusal.of(e, types);
    }

    /**
     * The composition as its distinct parts and how often each occurs, in order of first occurrence. Order does not matter
     * to composition, so this is the same event.
     */
    public static Map<DpEvent, Long> parts(DpEvent event) {
        Map<DpEvent, Long> counts = new LinkedHashMap<>();
        count(event, 1, counts);
        return counts;
    }

    private static void count(DpEvent event, long times, Map<DpEvent, Long> counts) {
        if (event instanceof Composed composed) {
            composed.events().forEach(part -> count(part, times, counts));
        } else if (event instanceof SelfComposed repeated) {
            count(repeated.event(), Math.multiplyExact(times, repeated.count()), counts);
        } else if (event instanceof PoissonSampled sampled && sampled.rate() == 1) {
            count(sampled.event(), times, counts);
        } else if (times > 0 && !(event instanceof NoOp)) {
            counts.merge(event, times, Math::addExact);
        }
    }

    /** The same composition with each distinct event once, and how often; a single one without a list around it. */
    public static DpEvent gathered(DpEvent event) {
        Map<DpEvent, Long> counts = parts(event);
        var repeated = counts.entrySet().stream()
                .<DpEvent>map(part -> new SelfComposed(part.getKey(), part.getValue()))
                .toList();
        return repeated.size() == 1 ? repeated.get(0) : new Composed(repeated);
    }

    /** The same releases to somebody who learns every draw, as whoever draws does: sampling then hides nothing. */
    public static DpEvent withoutSampling(DpEvent event) {
        if (event instanceof PoissonSampled sampled) {
            return withoutSampling(sampled.event());
        } else if (event instanceof SampledWithoutReplacement sampled) {
            return withoutSampling(sampled.event());
        } else if (event instanceof TruncatedSubsampledGaussian sampled) {
            return new Gaussian(sampled.standardDeviation(), sampled.clippingNorm(), sampled.relation());
        }
        return throughout(event, DpEvents::withoutSampling);
    }

    /**
     * What a release that protects whole clients does for one example at one of them. A different example gives a different
     * update, so this is one client replaced by another, whatever relation the clients' protection was stated under. What
     * nothing is known of becomes a release without protection.
     */
    public static DpEvent forOneExample(DpEvent clients) {
        if (clients instanceof Gaussian gaussian) {
            return new Gaussian(
                    gaussian.standardDeviation(),
                    gaussian.clippingNorm(),
                    NeighbouringRelation.REPLACE_ONE,
                    gaussian.clipPer());
        } else if (clients instanceof DiscreteGaussian discrete) {
            return new DiscreteGaussian(discrete.sigma(), discrete.clippingNorm(), NeighbouringRelation.REPLACE_ONE);
        } else if (clients instanceof DiscreteGaussianVector discrete) {
            return new DiscreteGaussianVector(
                    discrete.sigma(), discrete.clippingNorm(), NeighbouringRelation.REPLACE_ONE);
        } else if (clients instanceof PoissonSampled sampled) {
            return new PoissonSampled(sampled.rate(), forOneExample(sampled.event()));
        } else if (clients instanceof SampledWithoutReplacement sampled) {
            return new SampledWithoutReplacement(
                    sampled.population(), sampled.sample(), forOneExample(sampled.event()));
        } else if (clients instanceof Composed || clients instanceof SelfComposed || clients instanceof NoOp) {
            return throughout(clients, DpEvents::forOneExample);
        }
        return new NonPrivate();
    }

    private static DpEvent throughout(DpEvent event, UnaryOperator<DpEvent> change) {
        if (event instanceof Composed composed) {
            return new Composed(composed.events().stream().map(change).toList());
        } else if (event instanceof SelfComposed repeated) {
            return new SelfComposed(change.apply(repeated.event()), repeated.count());
        } else if (event instanceof RepeatAndSelect selected) {
            return new RepeatAndSelect(change.apply(selected.event()), selected.mean(), selected.shape());
        }
        return event;
    }
}
