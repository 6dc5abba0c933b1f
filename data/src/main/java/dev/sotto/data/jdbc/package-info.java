/** Tables from a database, by a query whose columns are declared. */
package dev.sotto.data.jdbc;
