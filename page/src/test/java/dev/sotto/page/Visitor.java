package dev.sotto.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Speaks HTTP over a plain socket, so that it can say what no browser would. Keeps a cookie if it was given one. */
final class Visitor {
    private static final Pattern PROOF = Pattern.compile("name=\"proof\" value=\"([^\"]+)\"");

    private final URI entrance;
    private String host;
    private String cookie = "";

    /** On the way to an address that a page gave. */
    Visitor(String address) {
        entrance = URI.create(address);
        host = entrance.getAuthority();
    }

    /**
     * What came back.
     *
     * @param headers as they were sent, a line each
     */
    record Answer(int status, List<String> headers, String body) {
        List<String> header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            return headers.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
                    .map(line -> line.substring(prefix.length()).strip())
                    .toList();
        }

        String proof() {
            Matcher found = PROOF.matcher(body);
            if (!found.find()) {
                throw new AssertionError("no form in " + body);
            }
            return found.group(1);
        }
    }

    /** The path that the page lies below. */
    String root() {
        return entrance.getPath().replaceFirst("login$", "");
    }

    /** Says another Host. */
    Visitor named(String other) {
        host = other;
        return this;
    }

    /** Shows the token. */
    Answer enter() throws IOException {
        Answer answer = send("GET", entrance.getPath() + "?" + entrance.getQuery(), List.of(), "");
        answer.header("Set-Cookie").forEach(set -> cookie = set.replaceFirst(";.*", ""));
        return answer;
    }

    Answer get(String within) throws IOException {
        return send("GET", root() + within, List.of(), "");
    }

    /** Sends a form as a browser of the page's own would. */
    Answer post(String within, Map<String, String> fields) throws IOException {
        return post(
                within, fields, List.of("Origin: http://" + entrance.getAuthority(), "Sec-Fetch-Site: same-origin"));
    }

    Answer post(String within, Map<String, String> fields, List<String> headers) throws IOException {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        List<String> all = new ArrayList<>(headers);
        all.add("Content-Type: application/x-www-form-urlencoded");
        return send("POST", root() + within, all, body);
    }

    Answer send(String method, String path, List<String> headers, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), entrance.getPort())) {
            StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n");
            request.append("Host: ").append(host).append("\r\n");
            if (!cookie.isEmpty()) {
                request.append("Cookie: ").append(cookie).append("\r\n");
            }
            headers.forEach(header -> request.append(header).append("\r\n"));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            request.append("Content-Length: ").append(bytes.length).append("\r\n\r\n");
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(all);
            return parse(all.toString(StandardCharsets.UTF_8));
        }
    }

    private static Answer parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        List<String> head = text.substring(0, end).lines().toList();
        return new Answer(
                Integer.parseInt(head.get(0).substring(9, 12)), head.subList(1, head.size()), text.substring(end + 4));
    }
}
