// Steps that many tests take, as an operator takes them with the mouse.

import { type Window } from "./window";

/** The first start, with the keychain. */
export async function createProfile(window: Window): Promise<void> {
  await window.find("radio", { name: "This computer's keychain" });
  await window.click("button", "Create profile");
  await window.find("heading", { name: "Start with a tenant" });
}

/** Goes to a tenant in the list at the left. */
export async function openTenant(window: Window, name: string): Promise<void> {
  const places = await window.find("navigation", { name: "Tenants and views" });
  await window.click("button", new RegExp(`^${name}`), places);
  await window.find("heading", { name });
}

/** Chooses an appearance in the settings and comes back to a tenant. */
export async function showAppearance(window: Window, appearance: "Light" | "Dark", tenant: string): Promise<void> {
  await window.click("button", "Settings", await window.find("navigation", { name: "Tenants and views" }));
  await window.click("radio", appearance);
  await openTenant(window, tenant);
}

/** Opens New API Key for the tenant that is open. */
export async function openNewKey(window: Window): Promise<void> {
  // An empty list has a second button, below its explanation.
  await window.clickFirst("button", "New API key");
  await window.find("dialog", { name: "New API Key" });
}

export async function addTenant(window: Window, name: string, prefix = "lk"): Promise<void> {
  await window.clickFirst("button", "Add tenant");
  await window.fill(/^Name/, name);
  if (prefix !== "lk") await window.fill("Prefix", prefix);
  const dialog = await window.find("dialog", { name: "Add local tenant" });
  await window.click("button", "Add tenant", dialog);
  await window.gone("dialog");
  await window.find("heading", { name });
}

export interface ApiSet {
  id: string;
  name: string;
  group: string;
}

/** The goTransverse catalogue's first names, in two groups. */
export const catalogue: ApiSet[] = [
  { id: "billing", name: "Billing", group: "Money" },
  { id: "dunning", name: "Dunning", group: "Money" },
  { id: "tax", name: "Tax Essentials", group: "Money" },
  { id: "jobs", name: "Job Scheduler", group: "Running" },
  { id: "usage", name: "Usage Processing", group: "Running" },
];

/** Adds API sets through the command line, where a test is not about the editor. */
export async function addApiSets(window: Window, tenant: string, sets = catalogue): Promise<void> {
  for (const set of sets) {
    const added = await window.desktop.cli([
      "api-set",
      "add",
      "-t",
      tenant,
      set.id,
      "--name",
      set.name,
      "--group",
      set.group,
    ]);
    if (added.status !== 0) throw new Error(added.stderr);
  }
}
