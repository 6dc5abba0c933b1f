package dev.sotto.cli;

import com.google.protobuf.ByteString;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.wire.v1.ListModelsRequest;
import dev.sotto.wire.v1.ModelDetail;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * A model of a coordinator's as people name it: by its SHA-256, or by as much of its beginning as tells it from the others.
 *
 * @param hex 8 to 64 hexadecimal digits, in lower case
 */
record ModelDigest(String option, String hex) {
    private static final int WHOLE = 64;

    /** Reads one; what cannot be one is said before anybody is asked. */
    static ModelDigest of(String option, String text) {
        String hex = text.toLowerCase(Locale.ROOT);
        if (!hex.matches("[0-9a-f]{8,64}")) {
            throw new ConfigException(option + " " + text
                    + ": expected a model's SHA-256, 64 hexadecimal digits, or the" + " first 8 or more of them");
        }
        return new ModelDigest(option, hex);
    }

    /** The whole digest; the coordinator is asked if it was not given. */
    ByteString in(OperatorLink link) {
        if (hex.length() == WHOLE) {
            return ByteString.copyFrom(HexFormat.of().parseHex(hex));
        }
        List<ByteString> found = link
                .ask(coordinator -> coordinator
                        .listModels(ListModelsRequest.getDefaultInstance())
                        .getModelsList())
                .stream()
                .map(ModelDetail::getSha256)
                .filter(digest -> Answers.hex(digest).startsWith(hex))
                .distinct()
                .toList();
        if (found.size() != 1) {
            throw new ConfigException(option + " " + hex
                    + (found.isEmpty()
                            ? ": there is no model whose SHA-256 begins so; 'sotto model list' names them all"
                            : ": " + found.size() + " models begin so; give more digits"));
        }
        return found.get(0);
    }
}
