/**
 * What an operator sends to data owners: a session's terms, what it asks of their data, and the model it starts from, hashed
 * and signed. A package contains nothing that runs.
 */
package dev.sotto.experiment.packaging;
