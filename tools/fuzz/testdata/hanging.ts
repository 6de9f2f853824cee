/** Never ends, once an input is longer than two octets. */
import type { Target } from "../targets.ts";

export const target: Target = {
  name: "hanging",
  run: (input) => {
    for (let n = 0; input.length > 2; n++) if (n < 0) return;
  },
  seeds: [],
};
