package dev.sotto.data.named;

import java.net.URI;

/**
 * A file as its authors published it.
 *
 * @param name file name
 * @param base published address, without the name
 * @param size bytes
 * @param sha256 in lower-case hexadecimal
 */
record PublishedFile(String name, String base, long size, String sha256) {
    URI uri() {
        return URI.create(base + name);
    }
}
