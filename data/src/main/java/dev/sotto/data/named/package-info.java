/** Published data sets by name: found on this machine, else downloaded, checked and kept in a cache. */
package dev.sotto.data.named;
