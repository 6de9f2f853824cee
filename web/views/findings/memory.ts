/** Where the reader left the queue, so that coming back from a finding lands there. */
export const left: { search: string; id: string | null } = { search: "", id: null };
