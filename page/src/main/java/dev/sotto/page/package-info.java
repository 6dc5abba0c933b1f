/** The owner's page: what is asked, what was decided and what was spent, served on loopback to the owner alone. */
package dev.sotto.page;
