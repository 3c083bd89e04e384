import type { Capability, CapabilityWay, Connector, ConnectorTrial, ConnectorTried } from "./bindings";
import type { ConnectorGateway } from "./gateway-connectors";
import type { Answer, MemoryHost } from "./memory-host";
import * as rules from "./memory-rules";

const order: Capability[] = ["list", "create", "update", "disable", "revoke", "rotate", "check", "api_sets"];

function capabilities(
  ways: Partial<Record<Capability, CapabilityWay>>,
  steps: Partial<Record<Capability, string[]>> = {},
): Connector["capabilities"] {
  return order.map((capability) => ({
    capability,
    way: ways[capability] ?? "impossible",
    steps: steps[capability] ?? [],
  }));
}

const bare: Connector = {
  id: "",
  name: "",
  about: "",
  page: null,
  origin: "own",
  problem: null,
  address_label: "Address",
  address_example: "https://keys.example.com",
  addresses: [],
  options: [],
  credentials: [],
  questions: [],
  caution: null,
  template: "",
  capabilities: capabilities({ list: "native" }),
  traps: [],
};

/** One that does everything and one that is guided. */
const memoryConnectors: Connector[] = [
  {
    ...bare,
    id: "gotransverse",
    name: "goTransverse",
    about: "Keys of a user for chosen API sets.",
    origin: "shipped",
    address_label: "Host of the environment",
    address_example: "https://your-environment.gotransverse.com",
    options: [
      {
        id: "service",
        label: "Service and version for checks",
        default: "billing/2",
        help: "A service.",
        chosen: false,
      },
    ],
    capabilities: capabilities(
      { create: "guided", revoke: "guided", rotate: "guided", check: "native", api_sets: "composed" },
      { create: ["Sign in as the user whom the key is for.", "Choose Generate key."], revoke: ["Ask the vendor."] },
    ),
    traps: ["A key that the server does not know is refused with 403, not with 401."],
  },
  {
    ...bare,
    id: "docspace",
    name: "ONLYOFFICE DocSpace",
    about: "Secret keys with a label and permissions.",
    page: "https://api.onlyoffice.com/docspace",
    origin: "shipped",
    address_label: "Portal",
    address_example: "https://portal.onlyoffice.com",
    addresses: [{ name: "Europe", url: "https://eu.onlyoffice.com" }],
    credentials: [
      {
        id: "key",
        label: "API key of an administrator",
        default: null,
        help: "One with all permissions.",
        chosen: false,
      },
    ],
    capabilities: capabilities(Object.fromEntries(order.map((one) => [one, one === "rotate" ? "composed" : "native"]))),
    traps: ["A key without permissions is unrestricted."],
  },
  {
    ...bare,
    id: "documenso-session",
    name: "Documenso, signed in",
    about: "Tokens of a team of your own server.",
    origin: "shipped",
    address_label: "Server",
    address_example: "https://sign.example.com",
    options: [{ id: "team", label: "Team", default: null, help: null, chosen: true }],
    questions: [
      { id: "email", label: "E-mail address", help: null, secret: false, optional: false },
      { id: "password", label: "Password", help: null, secret: true, optional: false },
      { id: "code", label: "One-time code", help: "Six digits.", secret: true, optional: true },
    ],
    caution: "Any update of the server may break it.",
    template: "documenso",
    capabilities: capabilities({ list: "native", create: "native", revoke: "native", rotate: "composed" }),
    traps: ["A token has full access to its team."],
  },
];

/** What servers, files and the operator at the system's dialogs would do, for a test to set. */
export class MemoryConnectors {
  all: Connector[] = structuredClone(memoryConnectors);
  /** The manifest that is chosen; `null` when the dialog is closed. */
  chosen: Connector | null = {
    ...bare,
    id: "harbour",
    name: "Harbour office",
    about: "Tokens of our own office.",
    credentials: [{ id: "token", label: "Token of an administrator", default: null, help: null, chosen: false }],
  };
  answer: ConnectorTried = {
    checked: null,
    chosen: [],
    api_sets: ["All", "Files: Read"],
    keys: 2,
    skipped: 0,
    first: [
      {
        name: "Crane",
        display: "…9a9a",
        api_sets: ["Files: Read"],
        everything: false,
        owner: null,
        created_at: "2026-03-01T08:00:00Z",
        expires_at: null,
        active: true,
      },
      {
        name: "Gate",
        display: "…1b1b",
        api_sets: [],
        everything: true,
        owner: null,
        created_at: "2026-04-01T08:00:00Z",
        expires_at: "2027-04-01T08:00:00Z",
        active: false,
      },
    ],
  };
  /** Whether the server answers nothing until the operator cancels. */
  slow = false;
  waiting: number | null = null;
  #cancel: (() => void) | null = null;

  methods(answer: Answer, host: MemoryHost): ConnectorGateway {
    return {
      connectorList: answer("connectorList", () => this.all),
      connectorOpen: answer("connectorOpen", () => this.chosen),
      connectorAdd: answer("connectorAdd", () => {
        const taken = this.chosen ?? rules.fail("not_now", "No file was chosen.");
        this.all = [...this.all.filter((one) => one.id !== taken.id), taken];
        this.all.sort((a, b) => a.name.localeCompare(b.name));
        host.log("connector_added", null, { subject: taken.name });
        return taken;
      }),
      connectorRemove: answer("connectorRemove", (id: string) => {
        const gone = this.all.find((one) => one.id === id) ?? rules.fail("not_found", "No such connector.");
        this.all = this.all.filter((one) => one !== gone);
        host.log("connector_removed", null, { subject: gone.name });
      }),
      connectorOpenPage: answer("connectorOpenPage", (connector: string) => {
        if (!this.all.find((one) => one.id === connector)?.page) rules.fail("not_now", "It names no page.");
      }),
      connectorTry: answer(
        "connectorTry",
        (trial: ConnectorTrial, credentials: Record<string, string>, answers: Record<string, string>) =>
          this.#try(host, trial, { ...credentials, ...answers }),
      ),
      connectorCancel: answer("connectorCancel", () => this.#cancel?.()),
      connectorWaiting: answer("connectorWaiting", () => this.waiting),
    };
  }

  async #try(host: MemoryHost, trial: ConnectorTrial, given: Record<string, string>): Promise<ConnectorTried> {
    const connector = this.all.find((one) => one.id === trial.connector);
    if (connector?.caution && !trial.accept_caution) rules.failField("caution", { rule: "required" });
    if (!/^https?:\/\/\S+$/u.test(trial.url.trim())) rules.failField("address", { rule: "not_an_address" });
    if (connector?.questions.some((one) => one.id === "code") && !given.code) {
      rules.failField("answers", { rule: "answer_wanted", id: "code" });
    }
    if (Object.values(given).every((text) => text.trim() === "")) {
      rules.failField("credential", { rule: "required" });
    }
    if (host.world.profile.settings.offline) rules.fail("offline", "Latchkey is offline.");
    if (this.slow) await new Promise<void>((resolve) => (this.#cancel = resolve));
    if (this.slow) rules.fail("cancelled", "Cancelled.");
    return this.answer;
  }
}
