/**
 * Property tests draw anew on every run at a desk, and draw the same on every run of CI: one commit has one verdict there. `TAPPROOF_TEST_SEED`
 * (an integer) chooses other draws; the fuzzer's draws are never fixed.
 */
const CI_SEED = 36_413;

const wanted = process.env["TAPPROOF_TEST_SEED"] ?? (process.env["CI"] === undefined ? undefined : String(CI_SEED));
if (wanted !== undefined) {
  if (!/^\d{1,9}$/.test(wanted)) throw new Error(`TAPPROOF_TEST_SEED=${wanted}: an integer of at most 9 digits is needed`);
  const { configureGlobal } = await import("fast-check");
  configureGlobal({ seed: Number(wanted) });
}

export {};
