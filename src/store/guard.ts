/**
 * What keeps covered interception from being reckoned (`docs/register.md`, "What adds up to nothing"). The number of frames of a capture is
 * told truly, so whoever subtracts every row that was told is left with what was not told. In a capture that held anything of interception,
 * statistical offices' remedy for such tables is taken, complementary suppression: amounts are lower bounds (powers of two), the busiest rows
 * tell none at all, and no row places itself between frames that are not told.
 */

/** Rows of a point that tell no amount: one could be worked out where another table counts the same packets. */
const SUPPRESSED = 2;

const atLeast = (column: string): string =>
  `"${column}" = CASE WHEN "${column}" > 0 THEN CAST(pow(2, floor(log2("${column}"))) AS BIGINT) ELSE "${column}" END`;

const AMOUNTS = { flows: ["packets", "bytes", "payload_to_responder", "payload_to_initiator"], tunnels: ["packets", "bytes"] } as const;

/** What tells rows of a table apart, for an order that does not depend on the machine. */
const ORDERS = {
  // what the declaration explains is no finding, whose packets are told elsewhere
  flows: "explained IS NULL, packets DESC, protocol, initiator, initiator_port, responder, responder_port",
  tunnels: "packets DESC, source, address, teid",
} as const;

/** Statements that guard the points and captures of a run, in the transaction that writes them. All are numbers of this program's own. */
export function guardStatements(run: number, points: readonly number[], captures: readonly number[]): string[] {
  const statements: string[] = [];
  if (points.length > 0) {
    const where = `run = ${run} AND point IN (${points.join(", ")})`;
    statements.push(`DELETE FROM volumes WHERE ${where}`);
    for (const table of ["flows", "tunnels"] as const) {
      const nothing = [...AMOUNTS[table], "first", "last"].map((column) => `"${column}" = NULL`);
      // the busiest are chosen before amounts are made coarse
      statements.push(
        `CREATE TEMP TABLE busiest AS SELECT rowid AS row FROM (SELECT rowid, row_number() OVER (PARTITION BY point ORDER BY ${ORDERS[table]}) AS n
         FROM ${table} WHERE ${where}) WHERE n <= ${SUPPRESSED}`,
        `UPDATE ${table} SET ${AMOUNTS[table].map(atLeast).join(", ")} WHERE ${where}`,
        `UPDATE ${table} SET ${nothing.join(", ")} WHERE ${where} AND rowid IN (SELECT row FROM busiest)`,
        "DROP TABLE busiest",
      );
    }
  }
  if (captures.length > 0)
    statements.push(
      `UPDATE messages SET frame = NULL WHERE run = ${run} AND capture IN (${captures.join(", ")}) AND NOT EXISTS (
         SELECT 1 FROM evidence e JOIN captures c ON c.run = e.run AND c.sha256 = e.capture
         WHERE e.run = ${run} AND c.capture = messages.capture AND e.frame = messages.frame)`,
    );
  return statements;
}
