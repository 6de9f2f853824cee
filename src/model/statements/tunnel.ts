/** Statements of ghost-tunnel. */
export const TUNNEL = {
  /** `direction`: `both`, `sent` (by the element) or `received`. `cause`: `never` (set up), `others` (set up for others) or `released`. */
  "tunnel.summary": { element: "text", far: "text", direction: "word", tunnels: "number", cause: "word" },
  "name.gateway": {},
  "name.address": {},
  "premise.signalling-covered": {},
  "premise.tunnel-decoders": {},
  "explanation.earlier-signalling": {},
  "tunnel.release-seen": {},
  "tunnel.others-named": {},
  "tunnel.set-up-seen": {},
  "tunnel.neighbours-seen": {},
  "explanation.handover-forwarding": {},
  "tunnel.end-is-gateway": { name: "text" },
  "tunnel.far-end-not-enb": { far: "text" },
  "tunnel.both-ends-enb": {},
  "explanation.signalling-elsewhere": {},
  "tunnel.no-hole-seen": {},
  "undecided.tunnel-unseen": {},
} as const;
