/** Who is at work: what custody and openings are recorded under where nobody is named. */
import { userInfo } from "node:os";

/** Name of the account; its number where it has no name, as in a container. */
export function account(env: Readonly<Record<string, string | undefined>>): string {
  try {
    const { username } = userInfo();
    if (username !== "") return username;
  } catch {
    // no entry for this account on this machine
  }
  const named = env["USER"] ?? env["LOGNAME"] ?? "";
  return named === "" ? `account ${process.getuid?.() ?? "without a name"}` : named;
}
