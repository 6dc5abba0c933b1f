package dev.sotto.formats;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The part of Python's pickle language that tensors in lists and dicts are written with. Pickle is a program: it names
 * functions and calls them. Here it calls nothing: the few names that tensors need are read as data, any other name ends the
 * reading, and there is no way from a name to anything that runs.
 */
final class TorchPickle {
    /** Names that may occur, besides storages; what each stands for is done here. */
    private static final String DICT = "collections.OrderedDict";

    private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";
    private static final Set<String> NAMES = Set.of(DICT, TENSOR, PARAMETER);
    private static final int LONGEST_NAME = 200;

    private final String file;
    private final ByteBuffer in;
    private final List<Object> stack = new ArrayList<>();
    private final List<Integer> marks = new ArrayList<>();
    private final Map<Integer, Object> memo = new LinkedHashMap<>();
    private int at;

    private TorchPickle(String file, byte[] pickle) {
        this.file = file;
        this.in = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Python's None. */
    enum None {
        NONE
    }

    /** A name that was asked for. */
    private record Name(String text) {}

    /** A tuple; a type of its own, as it is what tensors are described with. */
    record Tuple(List<Object> values) {}

    /**
     * Numbers in an entry of the archive.
     *
     * @param count how many
     */
    record Storage(TorchType type, String key, long count) {}

    /** A view on a storage; nothing in it has been checked against the storage. */
    record View(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

    /**
     * What the pickle holds: a {@link View}, a {@link Tuple}, a {@code List}, a {@code Map} with text or {@code Long} keys,
     * text, {@code Long}, {@code Double}, {@code Boolean} or {@link None}. Lists and maps may contain themselves.
     */
    static Object read(String file, byte[] pickle) throws FormatException {
        return new TorchPickle(file, pickle).run();
    }

    private Object run() throws FormatException {
        while (true) {
            at = in.position();
            int code = in.get(need(1)) & 0xff;
            in.position(at + 1);
            if (code == '.') {
                return pop();
            }
            step(code);
        }
    }

    private void step(int code) throws FormatException {
        switch (code) {
            case 0x80 -> protocol();
            case 0x95 -> number(8);
            case 'c' -> push(name(line(), line()));
            case 0x93 -> {
                String name = text(pop());
                push(name(text(pop()), name));
            }
            case 'q' -> memo.put((int) number(1), top());
            case 'r' -> memo.put((int) number(4), top());
            case 0x94 -> memo.put(memo.size(), top());
            case 'h' -> push(remembered((int) number(1)));
            case 'j' -> push(remembered((int) number(4)));
            case '(' -> marks.add(stack.size());
            case ')' -> push(new Tuple(List.of()));
            case 't' -> push(new Tuple(sinceMark()));
            case 0x85 -> push(new Tuple(last(1)));
            case 0x86 -> push(new Tuple(last(2)));
            case 0x87 -> push(new Tuple(last(3)));
            case '}' -> push(new LinkedHashMap<Object, Object>());
            case ']' -> push(new ArrayList<Object>());
            case 'X' -> push(text(number(4)));
            case 0x8c -> push(text(number(1)));
            case 'K' -> push(number(1));
            case 'M' -> push(number(2));
            case 'J' -> push((long) (int) number(4));
            case 0x8a -> push(wide());
            case 'G' -> push(real());
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'N' -> push(None.NONE);
            case 's' -> put(last(2));
            case 'u' -> put(sinceMark());
            case 'a' -> append(last(1));
            case 'e' -> append(sinceMark());
            case 'Q' -> push(storage(pop()));
            case 'R' -> call();
            case 'b' -> build();
            default ->
                throw fail(String.format(
                        "pickle instruction 0x%02x, which no file of tensors needs; it was not run", code));
        }
    }

    private void protocol() throws FormatException {
        long version = number(1);
        if (version < 2 || version > 5) {
            throw fail("pickle protocol " + version + "; 2 to 5 can be read");
        }
    }

    private Object name(String module, String name) throws FormatException {
        String whole = module + "." + name;
        TorchType type = module.equals("torch") ? TorchType.ofStorage(name) : null;
        if (type != null) {
            return type;
        }
        if (!NAMES.contains(whole)) {
            throw fail("it asks for " + whole + ", which is no part of a tensor; nothing was run");
        }
        return new Name(whole);
    }

    private Storage storage(Object id) throws FormatException {
        if (id instanceof Tuple tuple
                && tuple.values().size() == 5
                && tuple.values().get(0).equals("storage")
                && tuple.values().get(1) instanceof TorchType type
                && tuple.values().get(2) instanceof String key
                && tuple.values().get(4) instanceof Long count
                && count >= 0) {
            return new Storage(type, key, count);
        }
        throw fail("a reference to something that is not a storage of numbers");
    }

    private void call() throws FormatException {
        List<Object> both = last(2);
        if (!(both.get(0) instanceof Name name) || !(both.get(1) instanceof Tuple arguments)) {
            throw fail("a call of something that is not a function; it was not run");
        }
        List<Object> values = arguments.values();
        if (name.text().equals(DICT) && values.isEmpty()) {
            push(new LinkedHashMap<Object, Object>());
        } else if (name.text().equals(PARAMETER) && !values.isEmpty() && values.get(0) instanceof View view) {
            push(view);
        } else if (name.text().equals(TENSOR) && values.size() >= 4) {
            push(view(values));
        } else {
            throw fail("a call of " + name.text() + " with other arguments than a tensor has; it was not run");
        }
    }

    private View view(List<Object> values) throws FormatException {
        if (values.get(0) instanceof Storage storage && values.get(1) instanceof Long offset) {
            List<Long> shape = numbers(values.get(2));
            List<Long> strides = numbers(values.get(3));
            if (shape.size() == strides.size()) {
                return new View(storage, offset, shape, strides);
            }
        }
        throw fail("a tensor without storage, offset, shape and as many strides");
    }

    private List<Long> numbers(Object tuple) throws FormatException {
        List<Long> numbers = new ArrayList<>();
        if (tuple instanceof Tuple values) {
            for (Object value : values.values()) {
                if (!(value instanceof Long number)) {
                    throw fail("a tensor's shape or strides hold something else than whole numbers");
                }
                numbers.add(number);
            }
            return numbers;
        }
        throw fail("a tensor's shape or strides are not a tuple");
    }

    /** Attributes of a dict, as a state dict has them for its version: of no use here. */
    private void build() throws FormatException {
        pop();
        if (!(top() instanceof Map)) {
            throw fail("attributes for something that is not a dict");
        }
    }

    @SuppressWarnings("unchecked")
    private void put(List<Object> pairs) throws FormatException {
        if (!(top() instanceof Map) || pairs.size() % 2 != 0) {
            throw fail("keys and values for something that is not a dict");
        }
        Map<Object, Object> map = (Map<Object, Object>) top();
        for (int i = 0; i < pairs.size(); i += 2) {
            Object key = pairs.get(i);
            if (!(key instanceof String) && !(key instanceof Long)) {
                throw fail("a dict's key is neither text nor a whole number");
            }
            map.put(key, pairs.get(i + 1));
        }
    }

    @SuppressWarnings("unchecked")
    private void append(List<Object> values) throws FormatException {
        if (!(top() instanceof List)) {
            throw fail("elements for something that is not a list");
        }
        ((List<Object>) top()).addAll(values);
    }

    private void push(Object value) {
        stack.add(value);
    }

    private int floor() {
        return marks.isEmpty() ? 0 : marks.get(marks.size() - 1);
    }

    private Object top() throws FormatException {
        if (stack.size() <= floor()) {
            throw fail("damaged pickle: a value is missing");
        }
        return stack.get(stack.size() - 1);
    }

    private Object pop() throws FormatException {
        Object top = top();
        stack.remove(stack.size() - 1);
        return top;
    }

    private List<Object> last(int count) throws FormatException {
        if (stack.size() - floor() < count) {
            throw fail("damaged pickle: a value is missing");
        }
        return cut(stack.size() - count);
    }

    private List<Object> sinceMark() throws FormatException {
        if (marks.isEmpty()) {
            throw fail("damaged pickle: a mark is missing");
        }
        return cut(marks.remove(marks.size() - 1));
    }

    private List<Object> cut(int from) {
        List<Object> tail = stack.subList(from, stack.size());
        List<Object> values = new ArrayList<>(tail);
        tail.clear();
        return values;
    }

    private Object remembered(int key) throws FormatException {
        Object value = memo.get(key);
        if (value == null) {
            throw fail("damaged pickle: it refers to a value that was not kept");
        }
        return value;
    }

    private String text(Object value) throws FormatException {
        if (value instanceof String text) {
            return text;
        }
        throw fail("damaged pickle: a name is not text");
    }

    private String text(long length) throws FormatException {
        need(length);
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String line() throws FormatException {
        StringBuilder line = new StringBuilder();
        while (true) {
            need(1);
            char c = (char) (in.get() & 0xff);
            if (c == '\n') {
                return line.toString();
            }
            line.append(c);
            if (line.length() > LONGEST_NAME) {
                throw fail("a name of more than " + LONGEST_NAME + " characters");
            }
        }
    }

    private long number(int bytes) throws FormatException {
        need(bytes);
        long number = 0;
        for (int i = 0; i < bytes; i++) {
            number |= (in.get() & 0xffL) << (8 * i);
        }
        return number;
    }

    private long wide() throws FormatException {
        int bytes = (int) number(1);
        if (bytes > 8) {
            throw fail("a whole number of " + bytes + " bytes");
        }
        long number = number(bytes);
        return bytes == 0 ? 0 : number << (64 - 8 * bytes) >> (64 - 8 * bytes);
    }

    private double real() throws FormatException {
        return Double.longBitsToDouble(Long.reverseBytes(number(8)));
    }

    /** The position, where at least so many bytes are left. */
    private int need(long bytes) throws FormatException {
        if (bytes > in.remaining()) {
            throw fail("truncated pickle: " + bytes + " bytes are needed and " + in.remaining() + " are left");
        }
        return in.position();
    }

    private FormatException fail(String reason) {
        return new FormatException(file, "data.pkl, offset " + at, reason);
    }
}
