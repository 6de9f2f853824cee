import { expect, it } from "vitest";
import { programName } from "./program-name.ts";

it.each([
  ["found by the shell", { PATH: "/bin:/usr/local/bin" }, "/usr/local/bin/tapproof", "/home/a", "tapproof"],
  ["npx in a clone", { PATH: "/c/node_modules/.bin:/bin", npm_command: "exec" }, "/c/node_modules/.bin/tapproof", "/c", "npx tapproof"],
  ["npm run demo", { PATH: "/bin", npm_lifecycle_event: "demo" }, "/c/tools/demo/main.ts", "/c", "npx tapproof"],
  ["the script, in its clone", { PATH: "/bin" }, "/c/bin/tapproof.cjs", "/c", "node bin/tapproof.cjs"],
  ["the script, from elsewhere", { PATH: "/bin" }, "/c/bin/tapproof.cjs", "/d", "node /c/bin/tapproof.cjs"],
  ["a name that a shell would split", { PATH: "/bin" }, "/c d/bin/tapproof.cjs", "/x", "node '/c d/bin/tapproof.cjs'"],
  ["what npm installed in this folder", { PATH: "/bin" }, "/c/node_modules/.bin/tapproof", "/c", "npx tapproof"],
  ["started again by itself", { PATH: "/usr/bin", TAPPROOF_CALLED_AS: "/usr/bin/tapproof" }, "/c/bin/tapproof.cjs", "/c", "tapproof"],
  ["called as a function", { PATH: "/bin" }, "/c/node_modules/vitest/worker.js", "/c", "tapproof"],
])("%s", (_, env, script, folder, name) => expect(programName({ env, script, folder })).toBe(name));
