package dev.sotto.page;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * Where the page is: on this machine's loopback, below a path that is drawn at each start. Browsers send cookies to every port
 * of a machine; a path that nobody else knows keeps them from other servers here.
 */
final class Place {
    static final String HOST = "127.0.0.1";

    private final String root;
    private volatile Set<String> hosts = Set.of();
    private volatile int port;

    Place() {
        byte[] drawn = new byte[12];
        new SecureRandom().nextBytes(drawn);
        root = "/" + Base64.getUrlEncoder().withoutPadding().encodeToString(drawn) + "/";
    }

    /** Says the port, once it is known. */
    void at(int number) {
        port = number;
        hosts = Set.of(HOST + ":" + number, "localhost:" + number);
    }

    /** Whether a request's Host header names this place. */
    boolean answersTo(String host) {
        return host != null && hosts.contains(host);
    }

    /** Whether a request is for something here. Whoever asks for anything else must not learn where here is. */
    boolean holds(Context request) {
        return request.path().startsWith(root);
    }

    /** The path that all others begin with. */
    String root() {
        return root;
    }

    /** The path of something here. */
    String path(String within) {
        return root + within;
    }

    /** The address that lets in whoever shows the token. */
    String entrance(String token) {
        return "http://" + HOST + ":" + port + path("login?token=" + token);
    }

    /** Answers with a page. */
    static void show(Context request, int status, String html) {
        request.status(status).contentType("text/html; charset=utf-8").result(html);
    }

    /** Sends a browser on. */
    void redirect(Context request, String within) {
        request.redirect(path(within), HttpStatus.SEE_OTHER);
    }
}
