/**
 * Which test runs when. The default lane is what a change is tested with before it lands: at most two minutes on two quiet cores. What takes
 * longer, or stands on a program from outside, has a lane of its own; `.ci/run` runs them all. A test file without a row is in the default lane.
 */
export const LANES = {
  /** Against tshark, openssl, the second verifier and the public captures in `../shared`. */
  oracle: [
    "src/decode/s1ap/tshark.test.ts",
    "test/bundle/differential.test.ts",
    "test/scan/public-captures.test.ts",
    "test/scan/services.test.ts",
    "tools/oracle/agreement.test.ts",
  ],
  /** Pages, looked at through chromium. */
  browser: [
    "test/report/browser.test.ts",
    "test/web/network-drawing.test.ts",
    "test/web/scale.test.ts",
    "test/web/time-axes.test.ts",
    "test/web/waits-and-verdicts.test.ts",
    "test/web/views.test.ts",
  ],
  /** The whole lab: under several seeds, losses and orders, evasions, and in French. */
  lab: [
    "lab/suite.test.ts",
    "src/cli/learn-intruders.test.ts",
    "test/scan/subtraction.test.ts",
    "test/report/phrases.test.ts",
    "test/scan/evasion.test.ts",
    "test/scan/lab-losses.test.ts",
    "test/scan/lab-score.test.ts",
    "test/scan/stream.test.ts",
    "test/scan/order-variants.test.ts",
  ],
  /** Captures, bundles and cases that are cut, flipped, forged or killed at each step. */
  damage: [
    "test/bundle/forgeries.test.ts",
    "test/bundle/keys.test.ts",
    "test/bundle/replay-names.test.ts",
    "test/bundle/replayed-forgeries.test.ts",
    "test/bundle/redaction.test.ts",
    "test/bundle/tamper.test.ts",
    "test/contract/disk-full.test.ts",
    "test/contract/killed-commit.test.ts",
    "test/contract/killed-scan.test.ts",
    "tools/sweep/sweep.test.ts",
  ],
  /** Sensors and correlators on real Kafka, with the faults that they must outlast. */
  fleet: ["test/fleet/faults.test.ts", "test/fleet/running.test.ts", "test/fleet/same-answer.test.ts"],
  /** The tarball, installed in an empty folder; the container's files. */
  install: ["test/install/container.test.ts", "test/install/readme.test.ts", "test/install/tarball.test.ts"],
  /** Live links: interfaces in network namespaces, pipes, folders, signals, kills. */
  live: ["test/live/watch.test.ts"],
} as const satisfies Record<string, readonly string[]>;

export type Lane = keyof typeof LANES;
