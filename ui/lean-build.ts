// What makes the built pages quicker to read: the window reads all of them before it shows anything.

import type { Plugin } from "vite";

/**
 * Makes one function of each message. The compiler writes one per language and a third one that asks for the language and
 * calls them; of about 150 messages that the first painting needs, each of these has to be compiled when it is first called.
 */
export function leanMessages(baseLocale: string): Plugin {
  return {
    name: "lean-messages",
    apply: "build",
    transform(code, id) {
      if (!/\/paraglide\/messages\/[^_]\w*\.js$/u.test(id)) return null;
      return { code: leanMessage(code, baseLocale), map: null };
    },
  };
}

/** One module of a message as the compiler writes it, as one function. Fails where the compiler writes it in another way. */
export function leanMessage(code: string, baseLocale: string): string {
  const name = /^export const (\w+) =/mu.exec(code)?.[1];
  const bodies = new Map(
    [...code.matchAll(/^const (\w+?)_(\w+) = \/\*\*[^\n]*?\*\/ \((?:i)?\) => \{\n([\s\S]*?)\n\};$/gmu)]
      .filter(([, , of]) => of === name)
      .map(([, locale = "", , body = ""]) => [locale, body.replaceAll(/\/\*\*.*?\*\/ /gu, "").trim()]),
  );
  const base = bodies.get(baseLocale);
  const known = base !== undefined && bodies.size === [...code.matchAll(/^const /gmu)].length;
  if (name === undefined || !known) throw new Error(`A message is not written as it was before:\n${code}`);
  const others = [...bodies].filter(([locale]) => locale !== baseLocale);
  const chosen = others.map(([locale, body]) => `if (locale === ${JSON.stringify(locale)}) { ${body} }`);
  return `import { locale } from "../../lib/locale";\nexport const ${name} = (i) => { ${chosen.join(" ")} ${base} };\n`;
}

/**
 * Writes every other letter as its number. Of a text in which all are ASCII, the web view keeps one byte for each instead of
 * two; it does not have to decode it either.
 */
export function onlyAscii(): Plugin {
  return {
    name: "only-ascii",
    apply: "build",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        // Unit by unit, so that a letter beyond the first plane becomes two numbers, as the language has it.
        file.code = file.code.replaceAll(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
        );
      }
    },
  };
}
