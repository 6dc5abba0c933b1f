package dev.sotto.page;

import io.javalin.http.Context;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What stands before every request. Only this machine reaches the port, but its browsers do what any web page tells them: so the
 * page answers to its own name alone (a foreign name that was made to point here is refused), wants a visit's cookie, and, before
 * anything is changed, a proof that the form was its own.
 */
final class Guard {
    static final String PROOF = "proof";
    private static final String COOKIE = "sotto-page";
    private static final String VISIT = "visit";
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final String ENTER =
            "Open the address that the command printed when it started the page. It is good for"
                    + " once; the one that is good now is always in the file " + AddressFile.NAME
                    + " in the owner's folder.";

    /** Nothing comes from elsewhere, nothing goes elsewhere, nothing is kept, and no other page may hold this one in a frame. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action"
                    + " 'self'; base-uri 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            // Not "no-referrer": a browser would then hide the origin of forms from us too.
            "Referrer-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=()",
            "Cache-Control",
            "no-store");

    private final Door door;
    private final Place place;
    private final Set<String> open;

    /**
     * Before a place.
     *
     * @param open paths that need no visit
     */
    Guard(Door door, Place place, Set<String> open) {
        this.door = door;
        this.place = place;
        this.open = open;
    }

    /** Lets a request pass, or throws. */
    void check(Context request) {
        HEADERS.forEach(request::header);
        String host = request.req().getHeader("Host");
        if (!place.answersTo(host)) {
            throw new RefusedException(421, "This page answers at its own address on this machine only.");
        }
        if (!place.holds(request)) {
            throw new RefusedException(404, "Nothing is here. The page's address is longer.");
        }
        if (open.contains(request.path())) {
            return;
        }
        Door.Visit visit = door.visit(request.cookie(COOKIE)).orElseThrow(() -> new RefusedException(401, ENTER));
        request.attribute(VISIT, visit);
        if (!READING.contains(request.req().getMethod())) {
            requireOwnForm(request, visit, "http://" + host);
        }
    }

    private static void requireOwnForm(Context request, Door.Visit visit, String own) {
        String origin = request.req().getHeader("Origin");
        String site = request.req().getHeader("Sec-Fetch-Site");
        if ((origin != null && !origin.equals(own)) || (site != null && !site.equals("same-origin"))) {
            throw new RefusedException(403, "Another site tried to send a form to this page. Nothing was changed.");
        }
        if (!visit.proves(request.formParam(PROOF))) {
            throw new RefusedException(
                    403, "The form did not come from this visit. Nothing was changed; open the page again.");
        }
    }

    /** Lets in who shows the token. A browser that only fetches ahead of a click does not use it up. */
    void enter(Context request) {
        String purpose =
                Optional.ofNullable(request.req().getHeader("Sec-Purpose")).orElse("");
        if (!request.req().getMethod().equals("GET") || purpose.startsWith("prefetch")) {
            throw new RefusedException(401, ENTER);
        }
        Door.Visit visit = door.enter(request.queryParam("token"))
                .orElseThrow(
                        () -> new RefusedException(401, "This address was used before, or is not whole. " + ENTER));
        // No "Secure": it is plain HTTP on loopback. The path keeps it from other servers on this machine: cookies know
        // no ports.
        request.header(
                "Set-Cookie", COOKIE + "=" + visit.secret() + "; Path=" + place.root() + "; HttpOnly; SameSite=Strict");
        place.redirect(request, "");
    }

    /** Ends a visit. */
    void leave(Context request) {
        door.leave(visit(request));
        request.header("Set-Cookie", COOKIE + "=; Path=" + place.root() + "; Max-Age=0; HttpOnly; SameSite=Strict");
    }

    /** The visit that a request is part of. */
    static Door.Visit visit(Context request) {
        Door.Visit visit = request.attribute(VISIT);
        if (visit == null) {
            throw new RefusedException(401, ENTER);
        }
        return visit;
    }
}
