import type { ReactNode } from "react";
import { scrollable } from "./scrollable.ts";

/** A column's head; `num` aligns it with its figures. */
export type ColumnHead = ReactNode | { readonly num: ReactNode };

/** A table that scrolls by itself where it is too wide, reachable by keyboard; `children` are its rows. */
export function Table({
  kind,
  columns,
  children,
}: {
  /** Class beside `table`, for what this table alone looks like. */
  readonly kind?: string;
  readonly columns: readonly ColumnHead[];
  readonly children: ReactNode;
}) {
  return (
    <div className="scroll-x" ref={scrollable}>
      <table className={kind === undefined ? "table" : `table ${kind}`}>
        <thead>
          <tr>
            {columns.map((head, i) =>
              isNumeric(head) ? (
                <th key={i} scope="col" className="num">
                  {head.num}
                </th>
              ) : (
                <th key={i} scope="col">
                  {head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

function isNumeric(head: ColumnHead): head is { readonly num: ReactNode } {
  return typeof head === "object" && head !== null && "num" in head;
}
