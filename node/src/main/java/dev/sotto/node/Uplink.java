package dev.sotto.node;

import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.wire.ByteSource;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.SignedUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** What an agent can do towards its coordinator. Calls that move bytes block, go on after broken connections, and may fail. */
public interface Uplink {
    /** Says something if there is a connection. What is not said the coordinator asks for again. */
    void send(FromNode message);

    /**
     * Fetches bytes by their digest, which is checked.
     *
     * @param most that are accepted
     * @return a file with exactly these bytes
     */
    Path download(Blob blob, long most) throws IOException;

    /**
     * Delivers an update and waits until it has been counted or refused.
     *
     * @param wanted asked before each piece: when it is wanted no more, no more of it leaves
     * @throws IOException if it was not delivered
     */
    Receipt deliver(SignedUpdate update, ByteSource vector, BooleanSupplier wanted) throws IOException;

    /** Over the network. */
    static Uplink over(CoordinatorLink link) {
        return new Uplink() {
            @Override
            public void send(FromNode message) {
                link.send(message);
            }

            @Override
            public Path download(Blob blob, long most) throws IOException {
                return link.download(blob, most);
            }

            @Override
            public Receipt deliver(SignedUpdate update, ByteSource vector, BooleanSupplier wanted) throws IOException {
                return link.deliver(update, vector, wanted);
            }
        };
    }
}
