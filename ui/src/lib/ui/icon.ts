import type { Component } from "svelte";
import type { SvelteHTMLElements } from "svelte/elements";

/** One of Lucide's pictures, which a screen reader passes over. */
export type Icon = Component<SvelteHTMLElements["svg"]>;
