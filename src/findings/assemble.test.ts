import { expect, it } from "vitest";
import { scanScenario } from "../../test/lab-scan.ts";

it("a receiver that is a subscriber's device goes by a pseudonym, everywhere, unless identities are asked for", async () => {
  const clear = (await scanScenario("access-bearer-ssh", "assemble")).findings[0];
  const hidden = (await scanScenario("access-bearer-ssh", "assemble", false)).findings[0];
  const address = clear?.receiver?.address ?? "";
  expect(address).toMatch(/^100\./);
  expect(hidden?.receiver?.address).toMatch(/^s:[A-Za-z0-9_-]{16}$/);
  expect(JSON.stringify(clear)).toContain(address);
  expect(JSON.stringify(hidden)).not.toContain(address);
  expect(hidden?.id).toBe(clear?.id);
});
