import { getLocale } from "../paraglide/runtime";

/** The language of the window; it stays what it is while the window is open. */
export const locale = getLocale();
