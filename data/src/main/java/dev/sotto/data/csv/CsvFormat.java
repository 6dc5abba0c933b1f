package dev.sotto.data.csv;

import java.util.List;
import java.util.Set;

/**
 * How the text of a CSV file is to be read. Fields may be quoted with double quotes (RFC 4180), lines end in LF or
 * CRLF, blank lines are passed over, spaces around fields are dropped, files may be gzipped.
 *
 * @param separator between fields
 * @param header the first line that is read names the columns
 * @param skipLines lines passed over at the beginning of each file
 * @param comment lines that begin with this are passed over; empty for none
 * @param missing cells that mean a missing value, such as "?" and the empty cell
 */
public record CsvFormat(char separator, boolean header, int skipLines, String comment, Set<String> missing) {
    public CsvFormat {
        missing = Set.copyOf(missing);
        if (skipLines < 0 || separator == '"' || separator == '\n' || separator == '\r') {
            throw new IllegalArgumentException("a CSV format needs a separator other than quote and line end, and"
                    + " skip-lines of at least 0, not " + skipLines);
        }
    }

    /** Commas, a header, and empty cells or "?" for missing. */
    public static CsvFormat standard() {
        return new CsvFormat(',', true, 0, "", Set.of("", "?"));
    }

    public CsvFormat withHeader(boolean present) {
        return new CsvFormat(separator, present, skipLines, comment, missing);
    }

    public CsvFormat withSeparator(char character) {
        return new CsvFormat(character, header, skipLines, comment, missing);
    }

    public CsvFormat withSkipLines(int lines) {
        return new CsvFormat(separator, header, lines, comment, missing);
    }

    public CsvFormat withComment(String prefix) {
        return new CsvFormat(separator, header, skipLines, prefix, missing);
    }

    public CsvFormat withMissing(String... markers) {
        return new CsvFormat(separator, header, skipLines, comment, Set.copyOf(List.of(markers)));
    }
}
