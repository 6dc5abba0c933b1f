/** Which units take part in a step: draws from a secret stream, as the event of the step claims. */
package dev.sotto.privacy.sampling;
