import type { Settings } from "../lib/ipc";

/** Light, dark, or as the system is, where nothing else is known. */
export function wear(appearance: Settings["appearance"] = "system"): void {
  const { dataset } = document.documentElement;
  if (appearance === "system") delete dataset["theme"];
  else dataset["theme"] = appearance;
}
