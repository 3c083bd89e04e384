import { render, screen } from "@testing-library/svelte";
import { expect, it } from "vitest";

import { overwriteGetLocale } from "../../paraglide/runtime";
import { gatewayContext } from "../ipc";
import { MemoryGateway } from "../ipc/memory";
import GuideSteps from "./GuideSteps.svelte";

async function steps() {
  const { gateway } = new MemoryGateway();
  const at = { connector: "gotransverse", url: "https://a.example", options: {}, plain_http: false };
  const { id: tenant } = await gateway.tenantAddRemote({ ...at, name: "Billing" }, {});
  const props = { tenant, vendor: "goTransverse", capability: "create" as const };
  const view = render(GuideSteps, { props, context: gatewayContext(gateway) });
  await screen.findByText("Sign in as the user whom the key is for.");
  return view;
}

it("says in another language than that of the steps that they are quoted", async () => {
  const { unmount } = await steps();
  expect(screen.queryByText(/quoted/)).toBeNull();
  unmount();
  overwriteGetLocale(() => "de");
  await steps();
  expect(screen.getByText(/^Die Schritte stehen hier so, wie sie für die Seiten von goTransverse/)).toBeVisible();
});
