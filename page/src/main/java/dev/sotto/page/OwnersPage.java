package dev.sotto.page;

import dev.sotto.experiment.report.SpendingPlot;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.ledger.OwnerLedger;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The data owner's page: what is asked of the data, in words; what was decided; what was spent; what trains now. Served to
 * browsers on this machine, to whoever has the address that {@link #address} gives. Thread-safe.
 */
public final class OwnersPage implements AutoCloseable {
    private static final long MOST_BYTES = 1 << 16;
    private static final int THREADS = 12;
    private static final String ANSWERED = "answered";
    /** Kept, so that their levels are not collected with them. */
    private static final Logger LOG = Logger.getLogger("dev.sotto.page");

    private static final Logger SERVER = Logger.getLogger("org.eclipse.jetty");
    private static final Logger ROUTER = Logger.getLogger("io.javalin");

    private final Door door = new Door(Clock.systemUTC());
    private final Place place = new Place();
    private final Shell shell;
    private final Guard guard;
    private final RequestPages requests;
    private final OwnerLedger ledger;
    private final AddressFile file;
    private final Javalin server;
    private volatile String address = "";

    /**
     * What the page shows.
     *
     * @param name what it calls its owner
     * @param owner what was asked, decided and spent
     * @param activity what trains now
     * @param home the owner's folder, which nobody else may read: the file {@code page-address} in it always holds the address
     *     that is good now
     */
    public record Subject(String name, Owner owner, Activity activity, Path home) {}

    private OwnersPage(Subject subject, int port) {
        shell = new Shell(place, subject.name());
        String style = place.path("page.css");
        String script = place.path("page.js");
        String icon = place.path("icon.svg");
        guard = new Guard(door, place, Set.of(style, script, icon, place.path("login")));
        requests = new RequestPages(shell, subject);
        ledger = subject.owner().ledger();
        file = new AddressFile(subject.home());
        SERVER.setLevel(Level.WARNING);
        ROUTER.setLevel(Level.WARNING);
        server = Javalin.create(config -> {
            settings(config);
            asset(config.routes, style, "text/css; charset=utf-8", resource("page.css") + SpendingPlot.style());
            asset(config.routes, script, "text/javascript; charset=utf-8", resource("page.js"));
            asset(config.routes, icon, "image/svg+xml", resource("icon.svg"));
            routes(config.routes);
        });
        try {
            server.start(Place.HOST, port);
        } catch (JavalinBindException e) {
            throw new ConfigException("--ui-port " + port
                    + ": another program listens there; give another port, or 0 for" + " any that is free");
        }
        place.at(server.port());
        door.tell(token -> {
            address = place.entrance(token);
            file.write(address);
        });
    }

    /**
     * Serves the page until it is closed.
     *
     * @param port on loopback; 0 for any that is free
     * @throws ConfigException if the port is taken
     */
    public static OwnersPage open(Subject subject, int port) {
        return new OwnersPage(subject, port);
    }

    /** The address that lets its owner in, once; then there is another. */
    public String address() {
        return address;
    }

    private static void settings(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = MOST_BYTES;
        config.http.generateEtags = false;
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
        threads.setName("sotto-page");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    }

    private void routes(RoutesConfig routes) {
        routes.before(guard::check);
        routes.get(place.path("login"), guard::enter);
        routes.post(place.path("leave"), this::leave);
        routes.get(place.path("ledger"), request -> {
            Door.Visit visit = Guard.visit(request);
            String html = shell.page(visit, Shell.Tab.LEDGER, "Ledger", new LedgerView(ledger)::write);
            Place.show(request, 200, html);
        });
        requests.routes(routes);
        routes.exception(
                RefusedException.class,
                (refused, request) -> message(
                        request,
                        refused.status(),
                        refused.status() == 401 ? "Please log in" : "That is not possible",
                        refused.getMessage()));
        routes.exception(Exception.class, (failure, request) -> {
            LOG.log(Level.SEVERE, "the owner's page failed at " + request.method() + " of one of its paths", failure);
            message(request, 500, "Something went wrong", "The log of the program that shows this page says what.");
        });
        routes.error(404, request -> {
            if (request.attribute(ANSWERED) == null) {
                message(request, 404, "There is nothing here", "The address leads nowhere.");
            }
        });
    }

    private void message(Context request, int status, String title, String words) {
        request.attribute(ANSWERED, true);
        if (place.holds(request)) {
            Place.show(request, status, shell.message(title, words));
        } else {
            request.status(status).contentType("text/plain; charset=utf-8").result(words + "\n");
        }
    }

    private void leave(Context request) {
        guard.leave(request);
        message(
                request,
                200,
                "You are logged out",
                "To come back, open the address in the file " + AddressFile.NAME + " in the owner\u2019s folder.");
    }

    private static void asset(RoutesConfig routes, String path, String type, String content) {
        routes.get(path, request -> request.contentType(type).result(content));
    }

    private static String resource(String name) {
        try (InputStream in = OwnersPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.stop();
        file.close();
    }
}
