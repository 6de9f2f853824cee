/** A sentence in which options of the command line (`--tac-list FILE`) are shown as such, and not broken across lines. */
export function OptionText({ children }: { readonly children: string }) {
  return children.split(/(--[a-z-]+(?: [A-Z]{3,})?)/).map((part, i) =>
    i % 2 === 1 ? (
      <code key={i} className="nowrap">
        {part}
      </code>
    ) : (
      part
    ),
  );
}
