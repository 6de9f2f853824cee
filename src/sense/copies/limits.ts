/** Bounds of the copy search; each says what it prevents. All are listed in `docs/limits.md`. */
export const limits = {
  /** Octets that all tables of prints may take together (default of the setting `copiesBudgetBytes`). */
  budgetBytes: 1024 * 1024 * 1024,
  /** Flows of subscribers known at one time; the oldest is forgotten first. */
  flows: 1 << 20,
  /** Legs (ways on which packets were seen). Packets on later ones are counted as `legsDropped`. */
  legs: 1 << 16,
  /** Pairs of a suspect leg and a subscriber's flow whose evidence is kept apart. */
  pairs: 1 << 17,
  /** Records with equal prints looked at per packet: identical packets (zeros, keep-alives) must not make a chain that is walked for ever. */
  chain: 24,
  /** Frames listed per finding and capture (`contract.md` §4). */
  frames: 1000,
  /** Frames remembered per carrier and subscriber, so that none is counted twice. */
  framesKept: 20_000,
  /** Suspect packets that lie in several frames whose frames are all remembered. */
  spread: 50_000,
  /** Matched pairs listed per leg, for challenge openings. */
  samplePairs: 64,
  /** Delays kept per pair of legs; beyond, every second one is dropped and every second kept. */
  delays: 512,
  /** Suspect TCP streams searched at one time. */
  streams: 512,
  /** Other subscribers' flows examined for the background of one plain content. */
  background: 16,
  /** Subscriber addresses seen inside tunnels, kept where no pool is declared. */
  learnedAddresses: 1 << 18,
  /** Ciphertext per direction of a flow from which all windows are kept; beyond, those of one packet in `contentEvery`. */
  contentOctets: 4096,
  /** Of the rest of a flow, one packet in so many. */
  contentEvery: 16,
  /** A carrier with so many copied packets needs no windows any more. */
  contentEnough: 256,
  /** Windows of one flow on one carrier that are credited (256 bits are the most they can give). */
  windowsCredited: 64,
  /** Flows of one carrier whose sender asked for a password; what is typed in further ones is not taken for one. */
  asked: 10_000,
  /** A carrier with so many readable copies is not judged by rhythm. */
  rhythmReadable: 8,
} as const;
