/** How a datasite is set up: its {@code datasite.yaml}, and the {@code .env} that people of SyftBox have. */
package dev.sotto.folders.config;
