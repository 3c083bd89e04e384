// What each script of the page begins with.

import { locale } from "./lib/locale";
import { overwriteGetLocale } from "./paraglide/runtime";

// The program shows the window when it hears the title.
document.title = "Latchkey";
// Else every formatter would look it up again.
overwriteGetLocale(() => locale);
document.documentElement.lang = locale;
