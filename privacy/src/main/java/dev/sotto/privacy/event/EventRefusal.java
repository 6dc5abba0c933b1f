package dev.sotto.privacy.event;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Says in one line what is wrong with a JSON text that is no event, where, and what would be right. */
final class EventRefusal {
    private static final Map<Class<?>, String> KINDS = Map.of(
            double.class, "a number",
            Double.class, "a number",
            int.class, "a whole number",
            long.class, "a whole number",
            Long.class, "a whole number",
            List.class, "a list");

    private EventRefusal() {}

    static IllegalArgumentException of(JsonProcessingException e, List<String> types) {
        String path = e instanceof JsonMappingException mapping ? path(mapping) : "";
        return new IllegalArgumentException("not an event: " + what(e, path, types) + location(e), e);
    }

    private static String what(JsonProcessingException e, String path, List<String> types) {
        if (e instanceof ValueInstantiationException && e.getCause() != null) {
            return e.getCause().getMessage() + at(path);
        } else if (e instanceof InvalidTypeIdException unknown) {
            String given = unknown.getTypeId() == null ? "type is missing" : "type is '" + unknown.getTypeId() + "'";
            return given + at(path) + "; it must be one of " + String.join(", ", types);
        } else if (e instanceof UnrecognizedPropertyException unknown) {
            return "'" + unknown.getPropertyName() + "'" + at(path.replaceFirst("\\.?[^.]*$", ""))
                    + " is no part of it; "
                    + (unknown.getKnownPropertyIds().isEmpty()
                            ? "that event has none"
                            : "its parts are "
                                    + unknown.getKnownPropertyIds().stream()
                                            .map(String::valueOf)
                                            .sorted()
                                            .collect(Collectors.joining(", ")));
        } else if (e instanceof InvalidFormatException format) {
            return path + " is '" + format.getValue() + "'; it must be " + kind(format);
        } else if (e instanceof MismatchedInputException mismatch && !path.isEmpty()) {
            return path + " is missing or of another kind; it must be " + kind(mismatch);
        } else if (e instanceof MismatchedInputException) {
            return "it must be a JSON object with a type";
        }
        return "not valid JSON: "
                + e.getOriginalMessage().lines().findFirst().orElse("").replaceFirst(" \\(start marker.*", "");
    }

    private static String kind(MismatchedInputException e) {
        Class<?> target = e.getTargetType();
        return target == null
                ? "an event"
                : KINDS.getOrDefault(List.class.isAssignableFrom(target) ? List.class : target, "an event");
    }

    private static String at(String path) {
        return path.isEmpty() ? "" : " at " + path;
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }

    private static String location(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null || location.getLineNr() < 1
                ? ""
                : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }
}
