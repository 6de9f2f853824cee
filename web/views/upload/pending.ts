/** Captures dropped where no case was yet: the case's own page takes them as soon as it is there. */
let pending: { readonly caseId: string; readonly files: readonly File[] } | undefined;

export function keepFor(caseId: string, files: readonly File[]): void {
  pending = { caseId, files };
}

/** What was dropped for this case, once. */
export function takeFor(caseId: string): readonly File[] {
  if (pending?.caseId !== caseId) return [];
  const { files } = pending;
  pending = undefined;
  return files;
}
