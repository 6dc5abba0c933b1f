package dev.sotto.wire.proxy;

import io.grpc.netty.shaded.io.netty.util.NetUtil;
import java.util.Optional;

/** Addresses that begin with the same bits. */
record IpBlock(byte[] address, int bits) {
    /** Reads {@code address/bits}; empty if it is none. */
    static Optional<IpBlock> parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = NetUtil.createByteArrayFromIpAddressString(text.substring(0, slash));
        String bits = text.substring(slash + 1);
        if (address == null || !bits.matches("[0-9]{1,3}") || Integer.parseInt(bits) > 8 * address.length) {
            return Optional.empty();
        }
        return Optional.of(new IpBlock(address, Integer.parseInt(bits)));
    }

    /** Whether a host is an address of this block; names never are. */
    boolean holds(String host) {
        byte[] other = NetUtil.createByteArrayFromIpAddressString(host);
        if (other == null || other.length != address.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % 8;
            if (((other[bit / 8] ^ address[bit / 8]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }
}
