/** What a data owner decides and keeps: the ledger, the policy, and what was released. Knows no transport. */
package dev.sotto.owner;
