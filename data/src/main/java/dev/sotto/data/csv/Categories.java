package dev.sotto.data.csv;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Matching of cells against declared categories; numbers are compared by value. */
final class Categories {
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,30}(\\.\\d{0,30})?");

    private Categories() {}

    static void check(String column, List<String> categories) {
        if (categories.isEmpty()) {
            throw new IllegalArgumentException("column " + column + ": no categories are declared");
        }
        index(column, categories);
    }

    /** Position of each category under its normal form. */
    static Map<String, Integer> index(String column, List<String> categories) {
        Map<String, Integer> index = new HashMap<>();
        for (String category : categories) {
            if (index.put(normal(category), index.size()) != null) {
                throw new IllegalArgumentException("column " + column + ": category '" + category + "' twice");
            }
        }
        return index;
    }

    static String normal(String cell) {
        if (!NUMBER.matcher(cell).matches()) {
            return cell;
        }
        BigDecimal number = new BigDecimal(cell);
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
