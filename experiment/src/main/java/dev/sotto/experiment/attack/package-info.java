/** Malicious clients for simulations: what they do to the model that honest training would have sent. */
package dev.sotto.experiment.attack;
