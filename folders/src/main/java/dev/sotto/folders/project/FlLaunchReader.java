package dev.sotto.folders.project;

import dev.sotto.experiment.run.InferredModel;
import dev.sotto.folders.Email;
import dev.sotto.folders.Launch;
import dev.sotto.folders.LaunchReader;
import dev.sotto.folders.LaunchRules;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.ModelSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Logger;

/**
 * Reads what is dropped into {@code launch/}. Where the architecture has to be inferred from the weights, somebody must have
 * said that the inferred one is meant.
 *
 * @param own the aggregator's address, which configs must name
 * @param usual how it waits where a config does not say
 * @param testFolder where its test data lies
 * @param confirmed whether whoever started the aggregator takes every architecture that the weights alone tell
 */
public record FlLaunchReader(Email own, LaunchRules usual, Path testFolder, boolean confirmed) implements LaunchReader {
    private static final Logger LOG = Logger.getLogger("dev.sotto.folders");

    @Override
    public Launch read(String project, Path folder) {
        FlProject read = FlProject.read(folder);
        FlConfig config = read.config();
        if (!config.aggregator().equals(own)) {
            throw new ConfigException(config.file() + ": aggregator: it is " + config.aggregator()
                    + ", and this datasite is " + own + "; launch it there");
        }
        if (!project.equals(config.folderName())) {
            throw new ConfigException(config.file() + ": project_name: it is '" + config.projectName()
                    + "', and the folder is called " + project + "; call it " + config.folderName());
        }
        Optional<ModelSpec> stated = read.stated();
        if (stated.isPresent()) {
            return launched(read, project, stated.get());
        }
        InferredModel only = only(read);
        if (!confirmed) {
            throw new ConfigException(config.file() + ": model: it is not stated; the weights fit " + only.words()
                    + " ("
                    + only.assumed() + "); confirm with 'sotto datasite launch', or add "
                    + only.preset().map(name -> "\"model\": \"" + name + "\"").orElse("the key model"));
        }
        Launch launch = launched(read, project, only.model());
        LOG.info(() -> "project " + project + ": the weights fit " + only.words() + "; " + only.assumed());
        return launch;
    }

    private Launch launched(FlProject read, String project, ModelSpec model) {
        Launch launch = read.launch(project, model, usual, testFolder);
        read.warning().ifPresent(LOG::warning);
        return launch;
    }

    /**
     * The one model that the weights fit.
     *
     * @throws ConfigException in one line, if they fit none or several
     */
    public static InferredModel only(FlProject project) {
        List<InferredModel> all = project.inferred();
        if (all.size() == 1) {
            return all.get(0);
        }
        String place = project.config().file() + ": model: ";
        if (all.isEmpty()) {
            throw new ConfigException(
                    place + "the weights fit no preset and no plain chain of layers; give the key model,"
                            + " or --model PRESET|FILE.yaml; Python is never run");
        }
        List<String> presets = all.stream()
                .flatMap(each -> each.preset().stream())
                .map(name -> "\"" + name + "\"")
                .toList();
        throw new ConfigException(place + "the weights fit "
                + (presets.isEmpty()
                        ? all.size() + " chains of layers"
                        : "the presets " + String.join(" and ", presets))
                + "; choose one with the key model, or --model PRESET|FILE.yaml");
    }
}
