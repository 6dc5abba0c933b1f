/**
 * Settings as people write them: a tree of keys from YAML or JSON, read strictly. Each key is asked for by name with its
 * type and range; what nobody asked for is an error that offers the nearest valid key.
 */
package dev.sotto.formats.config;
