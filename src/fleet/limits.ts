/** Limits of a fleet: what a sensor keeps while Kafka is away, and what a correlator takes. */
export const FLEET_LIMITS = {
  /** Octets of facts after which a record is sent. */
  batchBytes: 65_536,
  /** Milliseconds after which a record with anything in it is sent. */
  batchMs: 200,
  /** Octets of one record; a longer one is refused, and a fact that does not fit is dropped and counted (brokers take 1 MiB by default). */
  recordBytes: 900_000,
  /** Records that a sensor keeps in memory while they wait; further ones go to its spool. */
  queuedRecords: 64,
  /** Octets of the spool by default. Past it a sensor on captures waits, and one on a live link drops, counts and says so. */
  spoolBytes: 1 << 30,
  /** Seconds that a sensor's clock may be off the broker's; records beyond are refused. */
  clockSeconds: 300,
  /** Sensors, and boots of sensors, of one network that a correlator keeps apart; records of further ones are refused. */
  streams: 4_096,
  /** Sensors by name, keys by name and reasons that refused records are counted under; further ones are counted together. */
  refusals: 1_024,
  /** Captures that one boot of a sensor may tell of. */
  captures: 100_000,
  /** Milliseconds between two stocks of a correlator, at least; a stock that takes long comes less often (it may take a tenth of the time). */
  stockMs: 1_000,
  /** Milliseconds between two words on one finding whose grade stays. */
  retellMs: 5_000,
  /** Milliseconds after which a correlator and a sensor say how they are, though nothing has changed. */
  statusMs: 5_000,
  /** Octets of a finding's or a judgement's text; past it lists are shortened, and the word says so. */
  wordBytes: 700_000,
  /** Pseudonyms of one finding, and frames of one capture, that a shortened word lists. */
  wordList: 200,
} as const;
