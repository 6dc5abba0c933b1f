/** The settings file of one client as FEDn's users write it: {@code client_settings.yaml}. */
package dev.sotto.owner.settings;
