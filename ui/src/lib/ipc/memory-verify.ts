/** Whether a local tenant accepts a key, for the program without a program. */
import type { Decision, Refusal } from "./bindings";
import type { VerifyGateway } from "./gateway-verify";
import type { MemoryGuided } from "./memory-guided";
import type { Answer, MemoryHost } from "./memory-host";
import * as rules from "./memory-rules";

const refusals: Partial<Record<string, Refusal>> = { disabled: "disabled", expired: "expired", revoked: "revoked" };

export function verifyMethods(answer: Answer, host: MemoryHost, given: MemoryGuided): VerifyGateway {
  return {
    verifyCopied: answer("verifyCopied", (tenant: string) =>
      decide(host, tenant, given.clipboard ?? rules.failField("secret", { rule: "required" })),
    ),
    verifyFile: answer("verifyFile", (tenant: string) =>
      given.file === null ? null : decide(host, tenant, given.file),
    ),
  };
}

/** A key is known by its handle here: there are no secrets in a world of fixtures. */
function decide(host: MemoryHost, tenant: string, text: string): Decision {
  const { sequence } = host.tenant(tenant);
  const handle = /^[0-9a-z]{1,16}_([0-9A-Za-z]{8})_/.exec(text)?.[1] ?? null;
  const refused = (reason: Refusal): Decision => ({ decision: "refused", reason, handle, sequence });
  if (handle === null) return refused("malformed");
  const stored = host.keysOf(tenant).find((one) => one.handle === handle);
  if (!stored) return refused("unknown");
  const key = host.view(stored);
  const reason = refusals[key.status];
  if (reason) return refused(reason);
  const { api_sets, organization, groups } = key;
  return { decision: "valid", key, api_sets, everything: false, organization, groups, permissions: [], sequence };
}
