package dev.sotto.learning;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Compiles models into networks that can compute. Found by {@link ServiceLoader}; implementations are thread-safe. */
public interface Engine {
    /** The name in experiment files and provenance, such as {@code jvm}. */
    String name();

    /** What ran, for provenance: kernel, lane width, versions. Bits are equal only between equal descriptions. */
    String description();

    /** A network with its own scratch memory, for one thread at a time. */
    Network compile(ModelSpec spec);

    /** The engines present, by name. */
    static List<Engine> all() {
        return ServiceLoader.load(Engine.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(Engine::name))
                .toList();
    }

    /**
     * The engine of that name.
     *
     * @throws ModelException if it is not on the class path
     */
    static Engine named(String name) {
        return all().stream()
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ModelException("engine: unknown engine '" + name + "'; present: "
                        + String.join(", ", all().stream().map(Engine::name).toList())));
    }
}
