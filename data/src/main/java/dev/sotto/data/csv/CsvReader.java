package dev.sotto.data.csv;

import dev.sotto.data.DataException;
import dev.sotto.formats.Gzip;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/** Rows of fields from one file, with the line each row begins on. */
final class CsvReader implements AutoCloseable {
    private static final int LONGEST_FIELD = 1 << 16;
    private static final int MOST_FIELDS = 1 << 14;
    private static final int END = -1;

    private final String file;
    private final CsvFormat format;
    private final BufferedReader in;
    private final StringBuilder field = new StringBuilder();
    private int line = 1;
    private int rowLine = 1;

    CsvReader(Path path, CsvFormat format) throws IOException {
        this.file = path.toString();
        this.format = format;
        this.in = new BufferedReader(
                new InputStreamReader(Gzip.open(path), StandardCharsets.UTF_8.newDecoder()), 1 << 14);
        for (int i = 0; i < format.skipLines() && peek() != END; i++) {
            skipLine();
        }
    }

    DataException fail(String reason) {
        return new DataException(file + ":" + rowLine + ": " + reason);
    }

    int line() {
        return rowLine;
    }

    /** The next row's fields, trimmed; null at the end of the file. */
    List<String> row() throws IOException {
        while (true) {
            int first = peek();
            if (first == END) {
                return null;
            }
            rowLine = line;
            if (first == '\n' || first == '\r' || isComment()) {
                skipLine();
                continue;
            }
            List<String> fields = fields();
            if (fields.size() > 1 || !fields.get(0).isEmpty()) {
                return fields;
            }
        }
    }

    private List<String> fields() throws IOException {
        List<String> fields = new ArrayList<>();
        while (true) {
            int end = field();
            fields.add(field.toString().strip());
            if (end != format.separator()) {
                return fields;
            }
            if (fields.size() == MOST_FIELDS) {
                throw fail("more than " + MOST_FIELDS + " fields");
            }
        }
    }

    /** Reads a field into the buffer; returns the separator, '\n' or END, whichever ended it. */
    private int field() throws IOException {
        field.setLength(0);
        int c = read();
        while (c == ' ' && format.separator() != ' ') {
            c = read();
        }
        if (c == '"') {
            c = quoted();
            while (c == ' ' && format.separator() != ' ') {
                c = read();
            }
            if (c == '\r' && peek() == '\n') {
                c = read();
            }
            if (c != format.separator() && c != '\n' && c != END) {
                throw fail("text after a closing quote; a quote inside a quoted field is written twice");
            }
            return c;
        }
        while (c != format.separator() && c != '\n' && c != END) {
            if (c != '\r' || peek() != '\n') {
                append(c);
            }
            c = read();
        }
        return c;
    }

    /** Reads to the closing quote; returns the character after it. */
    private int quoted() throws IOException {
        while (true) {
            int c = read();
            if (c == END) {
                throw fail("a quoted field is not closed");
            }
            if (c != '"') {
                append(c);
                continue;
            }
            c = read();
            if (c != '"') {
                return c;
            }
            append('"');
        }
    }

    private void append(int c) {
        if (field.length() == LONGEST_FIELD) {
            throw fail("a field is longer than " + LONGEST_FIELD + " characters");
        }
        field.append((char) c);
    }

    private boolean isComment() throws IOException {
        String comment = format.comment();
        if (comment.isEmpty()) {
            return false;
        }
        in.mark(comment.length());
        for (int i = 0; i < comment.length(); i++) {
            if (in.read() != comment.charAt(i)) {
                in.reset();
                return false;
            }
        }
        in.reset();
        return true;
    }

    private void skipLine() throws IOException {
        int c = read();
        while (c != '\n' && c != END) {
            c = read();
        }
    }

    private int peek() throws IOException {
        in.mark(1);
        int c = decoded();
        in.reset();
        return c;
    }

    private int read() throws IOException {
        int c = decoded();
        line += c == '\n' ? 1 : 0;
        return c;
    }

    private int decoded() throws IOException {
        try {
            return in.read();
        } catch (CharacterCodingException e) {
            throw new DataException(file + ":" + line + ": not UTF-8 text near this line", e);
        } catch (EOFException | ZipException e) {
            throw new DataException(file + ":" + line + ": the gzip data are damaged or truncated after this line", e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
