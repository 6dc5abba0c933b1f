package dev.sotto.formats;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The dict of a .npy file: a parser of the part of Python's literals that NumPy writes there, namely strings, True and
 * False, and tuples of whole numbers.
 *
 * @param width bytes per number: 4 or 8
 * @param count number of values
 */
record NpyHeader(int width, boolean fortran, List<Integer> shape, int count) {
    private static final int MOST_DIMENSIONS = 32;

    static NpyHeader parse(String text, Input in) throws FormatException {
        return new Parser(text, in).header();
    }

    private static final class Parser {
        private final String text;
        private final Input in;
        private int at;
        private int width;
        private boolean fortran;
        private List<Integer> shape = List.of();
        private int count;

        Parser(String text, Input in) {
            this.text = text;
            this.in = in;
        }

        NpyHeader header() throws FormatException {
            Set<String> keys = new HashSet<>();
            expect('{');
            while (!next('}')) {
                String key = string();
                if (!keys.add(key)) {
                    throw in.fail("the header has '" + key + "' twice");
                }
                expect(':');
                value(key);
                if (!next(',')) {
                    expect('}');
                    break;
                }
            }
            skipSpaces();
            if (at != text.length()) {
                throw in.fail("the header goes on after its dict");
            }
            if (!keys.equals(Set.of("descr", "fortran_order", "shape"))) {
                throw in.fail("the header has the keys " + keys + "; descr, fortran_order and shape are needed");
            }
            return new NpyHeader(width, fortran, shape, count);
        }

        private void value(String key) throws FormatException {
            switch (key) {
                case "descr" -> {
                    String descr = string();
                    width = switch (descr) {
                        case "<f4" -> 4;
                        case "<f8" -> 8;
                        default -> throw in.fail("numbers of type '" + descr + "'; '<f4' and '<f8' can be read");
                    };
                }
                case "fortran_order" -> fortran = bool();
                case "shape" -> shape();
                default -> throw in.fail("the header has an unknown key '" + key + "'");
            }
        }

        private void shape() throws FormatException {
            List<Integer> dims = new ArrayList<>();
            long product = 1;
            expect('(');
            while (!next(')')) {
                int dim = number();
                dims.add(dim);
                product *= dim;
                if (product > Integer.MAX_VALUE - 8 || dims.size() > MOST_DIMENSIONS) {
                    throw in.fail("shape " + dims + "... is larger than an array can be");
                }
                if (!next(',')) {
                    expect(')');
                    break;
                }
            }
            shape = List.copyOf(dims);
            count = (int) product;
        }

        private int number() throws FormatException {
            skipSpaces();
            int from = at;
            long value = 0;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
                value = 10 * value + (text.charAt(at++) - '0');
                if (value > Integer.MAX_VALUE) {
                    throw in.fail("a dimension is larger than an array can be");
                }
            }
            if (at == from) {
                throw in.fail("the header's shape should have a whole number at character " + at);
            }
            return (int) value;
        }

        private boolean bool() throws FormatException {
            skipSpaces();
            for (String word : List.of("True", "False")) {
                if (text.startsWith(word, at)) {
                    at += word.length();
                    return word.equals("True");
                }
            }
            throw in.fail("the header should have True or False at character " + at);
        }

        private String string() throws FormatException {
            skipSpaces();
            char quote = at < text.length() ? text.charAt(at) : ' ';
            int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
            if (end < 0) {
                throw in.fail("the header should have a string at character " + at);
            }
            String value = text.substring(at + 1, end);
            at = end + 1;
            return value;
        }

        private void expect(char c) throws FormatException {
            if (!next(c)) {
                throw in.fail("the header should have '" + c + "' at character " + at);
            }
        }

        private boolean next(char c) {
            skipSpaces();
            if (at < text.length() && text.charAt(at) == c) {
                at++;
                return true;
            }
            return false;
        }

        private void skipSpaces() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\n')) {
                at++;
            }
        }
    }
}
