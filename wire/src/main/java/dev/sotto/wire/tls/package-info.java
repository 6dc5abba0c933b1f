/** TLS 1.3 between nodes and coordinators: certificates, keys, and who is trusted. */
package dev.sotto.wire.tls;
