/** Something more in the log of a case; answers the new checkpoint. */
import { openCaseLog, type LogItem } from "#evidence/log/case-log.ts";
import { SIGNER } from "./make.ts";

export function appendTo(caseFolder: string, item: LogItem): string {
  const log = openCaseLog(caseFolder, SIGNER);
  log.append(item.type, item.record);
  const checkpoint = log.checkpoint();
  log.close();
  return checkpoint;
}
