/** Whether a connection goes through an HTTP proxy, and why. */
package dev.sotto.wire.proxy;
